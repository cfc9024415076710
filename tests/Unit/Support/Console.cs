// What the product prints belongs to the test that made it print.
[assembly: CaptureConsole]

using System.Diagnostics;
using System.Globalization;
using Microsoft.Data.Sqlite;
using Spoo.Tests.Commands;
using Spoo.Tests.Support;
using Xunit;

namespace Spoo.Tests.Transfer;

/// <summary>A person at a terminal presses Ctrl+C, or the system ends what runs.</summary>
public sealed class StoppedImportTests : IDisposable
{
    private readonly string _folder = MadeDatabase.InNewFolder("spoo-stopped-");

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("INT")]
    [InlineData("TERM")]
    public async Task An_import_that_is_told_to_stop_says_how_far_it_got_and_writes_it_down(string signal)
    {
        Assert.SkipWhen(signal == "INT" && IsInterruptIgnored(), "What started the tests has them ignore Ctrl+C, as a shell does with what it runs in the background, and so do the programs that they start.");
        using (var add = Start("users", "add", "ann@example.com"))
        {
            await add.StandardInput.WriteLineAsync("correct horse");
            await add.WaitForExitAsync(Cancelled).WaitAsync(Eventually.Patience, Cancelled);
        }

        using var import = Start("import", "clicks", "-", "--owner", "ann@example.com", "--format", "ndjson");
        var error = import.StandardError.ReadToEndAsync(Cancelled);
        var writing = WriteWithoutEndAsync(import.StandardInput);
        await Eventually.TrueAsync(() => import.HasExited || Ask("SELECT count(*) FROM Imports WHERE State = 'Running' AND Clicks > 0") == 1);
        using (var kill = Process.Start("kill", ["-s", signal, import.Id.ToString(CultureInfo.InvariantCulture)]))
        {
            await kill.WaitForExitAsync(Cancelled);
        }

        try
        {
            await import.WaitForExitAsync(Cancelled).WaitAsync(Eventually.Patience, Cancelled);
        }
        finally
        {
            import.Kill();
        }

        await writing;

        var clicks = Ask("SELECT count(*) FROM Clicks");
        Assert.Equal(130, import.ExitCode);
        Assert.Contains("importing the file again goes on from there", await error, StringComparison.Ordinal);
        Assert.Equal(clicks, Ask("SELECT Clicks FROM Imports WHERE State = 'Stopped'"));
        Assert.Equal(clicks, Ask("SELECT TotalClicks FROM Links WHERE ShortCode = 'one'"));
    }

    private static bool IsInterruptIgnored()
    {
        const int Interrupt = 2;
        const string Ignored = "SigIgn:";
        return File.Exists("/proc/self/status") && File.ReadLines("/proc/self/status").FirstOrDefault(line => line.StartsWith(Ignored, StringComparison.Ordinal)) is { } line
            && (Convert.ToUInt64(line[Ignored.Length..].Trim(), 16) >> (Interrupt - 1) & 1) != 0;
    }

    // Until it is read no more.
    private static async Task WriteWithoutEndAsync(StreamWriter to)
    {
        try
        {
            for (var visitor = 0; ; visitor++)
            {
                await to.WriteLineAsync($$"""{"time":1700000000,"short_code":"one","visitor":"{{visitor}}"}""");
            }
        }
        catch (IOException)
        {
        }
    }

    private Process Start(params string[] command)
    {
        var start = CommandProcess.Start();
        Array.ForEach(command, start.ArgumentList.Add);
        start.Environment["Data__Folder"] = _folder;
        return Process.Start(start)!;
    }

    private long Ask(string sql)
    {
        using var connection = new SqliteConnection($"Data Source={Path.Combine(_folder, "spoo.db")};Pooling=False");
        connection.Open();
        using var command = new SqliteCommand(sql, connection);
        return command.ExecuteScalar() is long count ? count : -1;
    }
}

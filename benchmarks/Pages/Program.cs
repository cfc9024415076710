using System.Globalization;
using Spoo.Pages;

// benchmarks/pages weight|open|many [--clicks N] [--data FOLDER] [--public N] [--circuits N] [--visitors N] [--seconds N] [--rate N] [--md FILE]
var options = args.Skip(1).Chunk(2).Where(pair => pair.Length == 2).ToDictionary(pair => pair[0], pair => pair[1], StringComparer.Ordinal);
var clicks = Number("--clicks", 1_000_000);
Func<House, Task<string>>? measure = args.FirstOrDefault() switch
{
    "weight" => Weight.MeasureAsync,
    "open" => house => OpenPages.MeasureAsync(house, Number("--public", 180), Number("--circuits", 20)),
    "many" => house => ManyPages.MeasureAsync(house, Number("--public", 500), Number("--visitors", 16), Number("--seconds", 30), Number("--rate", 0)),
    _ => null,
};
if (measure is null)
{
    Console.Error.WriteLine("benchmarks/pages weight|open|many [--clicks N] [--data FOLDER] [--public N] [--circuits N] [--visitors N] [--seconds N] [--rate N] [--md FILE]");
    return 1;
}

await using var house = await House.BuildAsync(clicks, options.GetValueOrDefault("--data"));
var report = await measure(house);
Console.WriteLine(report);
if (options.TryGetValue("--md", out var file))
{
    await File.WriteAllTextAsync(file, report);
}

return 0;

int Number(string name, int otherwise) =>
    options.TryGetValue(name, out var text) ? int.Parse(text, NumberStyles.AllowThousands, CultureInfo.InvariantCulture) : otherwise;

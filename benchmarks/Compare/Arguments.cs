using System.Globalization;

namespace Spoo.Compare;

internal sealed record Arguments
{
    private const string Usage =
        """
        benchmarks/compare [--clicks N] [--seed N] [--data FILE] [--engines spoo,clickhouse,duckdb,postgres,sqlite] [--json FILE]

          --clicks N      how many clicks to generate; 1,000,000 unless said otherwise
          --seed N        of the generator; the same clicks for the same seed
          --data FILE     clicks in NDJSON, as docs/import.md describes it, in place of generated ones
          --engines LIST  which to ask, in this order; the first is what the others are compared with
          --json FILE     also writes the results there
        """;

    private static readonly string[] Known = ["spoo", "clickhouse", "duckdb", "postgres", "sqlite"];

    public int Clicks { get; private init; } = 1_000_000;

    public int Seed { get; private init; } = 1;

    public string? Data { get; private init; }

    public string? Json { get; private init; }

    public IReadOnlyList<string> Engines { get; private init; } = Known;

    /// <summary>Where big files may lie.</summary>
    public string Cache { get; } = Environment.GetEnvironmentVariable("SPOO_COMPARE_CACHE") ?? Path.GetTempPath();

    /// <summary>Where the engines of Node have been installed.</summary>
    public string EnginesFolder => Path.Combine(Cache, "engines");

    /// <summary>Null, after saying why: the arguments make no sense.</summary>
    public static Arguments? Parse(string[] args)
    {
        var options = new Arguments();
        for (var i = 0; i < args.Length; i += 2)
        {
            var value = i + 1 < args.Length ? args[i + 1] : null;
            var next = (args[i], value) switch
            {
                ("--clicks", not null) when Number(value) is > 0 and var number => options with { Clicks = number },
                ("--seed", not null) when Number(value) is >= 0 and var number => options with { Seed = number },
                ("--data", not null) => options with { Data = value },
                ("--json", not null) => options with { Json = value },
                ("--engines", not null) when value.Split(',').All(Known.Contains) => options with { Engines = value.Split(',') },
                _ => null,
            };
            if (next is null)
            {
                Console.Error.WriteLine(args[i] is "--help" or "-h" ? Usage : $"compare: '{args[i]} {value}' is not understood\n\n{Usage}");
                return null;
            }

            options = next;
        }

        return options;
    }

    private static int Number(string text) => int.TryParse(text.Replace("_", "", StringComparison.Ordinal), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : -1;
}

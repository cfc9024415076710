using System.Diagnostics;
using System.Globalization;
using System.Runtime.CompilerServices;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Spoo.Data;
using Spoo.Data.Clicks.Moved;
using Spoo.Data.Stats.ClickHouse;
using Spoo.Tests.ClickHouse;
using Spoo.Tests.Support;
using Xunit.v3;

[assembly: AssemblyFixture(typeof(ClickHouseDoor))]

namespace Spoo.Tests.ClickHouse;

/// <summary>
/// The tests of this class ask what is counted. So they run once with clicks counted in memory with all others, and again in ClickHouse where there is
/// one: ./test starts them with SPOO_SUITE_ENGINE=ClickHouse.
/// </summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class OnEveryEngineAttribute : Attribute, ITraitAttribute
{
    public IReadOnlyCollection<KeyValuePair<string, string>> GetTraits() => [new("Engine", "every")];
}

/// <summary>
/// A ClickHouse of the tests' own: its engine in a Node process behind a small HTTP door, from the packages that ./test has fetched. Where SPOO_CLICKHOUSE
/// holds the connection string of a server, that one is used instead. It starts with the first test that needs it.
/// </summary>
public sealed class ClickHouseDoor : IAsyncDisposable
{
    private static readonly string? Given = Environment.GetEnvironmentVariable("SPOO_CLICKHOUSE") is { Length: > 0 } given ? given : null;
    private static readonly string Door = Path.Combine(Here(), "door", "door.cjs");
    private static readonly string Modules = Path.Combine(Here(), "..", "..", "..", "artifacts", "clickhouse", "node_modules");

    private static readonly Lock Starting = new();
    private static readonly TemporaryFolder Folder = new();
    private static Process? _process;
    private static int _port;

    /// <summary>Why there is no engine. Null: there is one.</summary>
    public static string? WhyNot => Given is not null || Directory.Exists(Path.Combine(Modules, "chdb"))
        ? null
        : "ClickHouse's engine is not in artifacts/clickhouse, where ./test puts it if it can, and SPOO_CLICKHOUSE holds no connection string.";

    /// <summary>
    /// What this run of the suite counts with; nothing where it counts in memory, as it does unless SPOO_SUITE_ENGINE says otherwise. Two shards, unless SPOO_SUITE_SHARDS says otherwise.
    /// </summary>
    public static Dictionary<string, string> OfSuite() => Environment.GetEnvironmentVariable("SPOO_SUITE_ENGINE") == "ClickHouse"
        ? NewSettings(int.Parse(Environment.GetEnvironmentVariable("SPOO_SUITE_SHARDS") ?? "2", CultureInfo.InvariantCulture))
        : [];

    /// <summary>
    /// Settings with which clicks are counted in databases that no other test has; skips the test where there is no engine. For Spoo each database is a server of its own, although one engine has them.
    /// </summary>
    public static Dictionary<string, string> NewSettings(int shards = 1)
    {
        Assert.SkipWhen(WhyNot is not null, WhyNot ?? "");
        var database = $"spoo_test_{Guid.NewGuid():N}";
        var settings = new Dictionary<string, string>
        {
            ["Stats:Engine"] = "ClickHouse",
            ["Stats:ClickHouse:ConnectionString"] = $"{Server()};Database={database}",

            // A busy machine is no reason to be told that clicks are still being copied.
            ["Stats:ClickHouse:WaitSeconds"] = "300",
        };
        for (var shard = 1; shards > 1 && shard <= shards; shard++)
        {
            settings[Shard(shard)] = $"Database={database}_{shard}";
        }

        return settings;
    }

    /// <summary>The setting that names a shard; from 1.</summary>
    public static string Shard(int number) => string.Create(CultureInfo.InvariantCulture, $"Stats:ClickHouse:Shards:{number - 1}");

    /// <summary>Another process over the same database and the same ClickHouse.</summary>
    public static IHost OtherProcess(SpooApp app, Dictionary<string, string> settings)
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Configuration.AddInMemoryCollection([.. app.SameData, .. settings.Select(setting => KeyValuePair.Create(setting.Key, (string?)setting.Value))]);
        builder.AddSpooData();
        return builder.Build();
    }

    /// <summary>The test says itself when something is copied or moved.</summary>
    public static void WithoutRounds(IServiceCollection services)
    {
        foreach (var rounds in services.Where(service => service.ImplementationType == typeof(ClickHouseRounds) || service.ImplementationType == typeof(ClickMoveRounds)).ToList())
        {
            services.Remove(rounds);
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is { } process)
        {
            // The end of its input is the end of the program.
            process.StandardInput.Close();
            await process.WaitForExitAsync();
            process.Dispose();
        }

        await Folder.DisposeAsync();
    }

    private static string Here([CallerFilePath] string path = "") => Path.GetDirectoryName(path)!;

    private static string Server()
    {
        lock (Starting)
        {
            if (Given is null && _process is null)
            {
                _process = Process.Start(new ProcessStartInfo("node", [Door, Modules, Folder.Path]) { RedirectStandardInput = true, RedirectStandardOutput = true })!;
                _port = int.Parse(
                    _process.StandardOutput.ReadLine() ?? throw new InvalidOperationException("the door to ClickHouse's engine did not open"), CultureInfo.InvariantCulture);
            }
        }

        return Given ?? string.Create(CultureInfo.InvariantCulture, $"Host=127.0.0.1;Port={_port}");
    }
}

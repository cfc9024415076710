using System.Globalization;
using Spoo.Tests.Commands;
using Spoo.Tests.Support;

namespace Spoo.Tests.ClickHouse;

/// <summary>The copy in ClickHouse, as a person at a terminal meets it.</summary>
public sealed class ClickHouseCommandsTests(CommandProcess program) : IClassFixture<CommandProcess>, IDisposable
{
    private readonly Dictionary<string, string> _environment = [];
    private readonly string _folder = MadeDatabase.InNewFolder("spoo-clickhouse-");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task The_copy_is_checked_and_made_anew()
    {
        foreach (var (name, value) in ClickHouseDoor.NewSettings())
        {
            _environment[name.Replace(":", "__", StringComparison.Ordinal)] = value;
        }

        await RunAsync("correct horse\n", "users", "add", "ann@example.com");
        var file = Path.Combine(_folder, "clicks.ndjson");
        await File.WriteAllLinesAsync(
            file,
            Enumerable.Range(0, 3).Select(i => string.Create(CultureInfo.InvariantCulture, $$"""{"time":{{1700000000 + i}},"short_code":"one","visitor":"{{i}}"}""")),
            TestContext.Current.CancellationToken);
        await RunAsync("", "import", "clicks", file, "--owner", "ann@example.com");

        var check = await RunAsync("", "check");
        var rebuild = await RunAsync("", "clickhouse", "rebuild");
        var audit = await RunAsync("", "audit");

        Assert.Matches(@"ok   statistics: ClickHouse \d\S* at \S+ counts, and its copy has what the database has: 3 clicks\n", check.Output);
        Assert.Equal((0, ""), (rebuild.Exit, rebuild.Error));
        Assert.Matches(@"^3 clicks copied to spoo_test_\w+ in ClickHouse at \S+ in \d+\.\d seconds\.\n$", rebuild.Output);
        Assert.Equal((0, "3 clicks of 1 link counted; 0 differences.\n"), (audit.Exit, audit.Output));

        var moved = await RunAsync("", "move", "clicks", "--to", "clickhouse");
        var backup = await RunAsync("", "backup", Path.Combine(_folder, "spoo.zip"));
        check = await RunAsync("", "check");
        audit = await RunAsync("", "audit");
        var again = await RunAsync("", "import", "clicks", file, "--owner", "ann@example.com");
        var back = await RunAsync("", "move", "clicks", "--to", "database");

        Assert.Matches(@"^3 clicks moved to ClickHouse in \d+\.\d seconds, each piece compared before it counted\.\n$", moved.Output);
        Assert.Contains("Clicks that live in ClickHouse are not in it", backup.Output, StringComparison.Ordinal);
        Assert.Contains("ok   clicks: 3 clicks live in ClickHouse, and not in the database; a backup needs both", check.Output, StringComparison.Ordinal);
        Assert.Matches(@"ok   statistics: .* what the database has: 3 clicks\n", check.Output);
        Assert.Equal((0, "3 clicks of 1 link counted; 0 differences.\n"), (audit.Exit, audit.Output));
        Assert.StartsWith("0 clicks added", again.Output, StringComparison.Ordinal);
        Assert.Matches(@"^3 clicks moved back to the database in", back.Output);
        Assert.Equal("3 clicks of 1 link counted; 0 differences.\n", (await RunAsync("", "audit")).Output);
    }

    [Fact]
    public async Task A_server_that_is_away_is_told_of_in_one_line()
    {
        _environment["Stats__Engine"] = "ClickHouse";
        _environment["Stats__ClickHouse__ConnectionString"] = "Host=127.0.0.1;Port=1;Database=spoo";

        var check = await RunAsync("", "check");
        var rebuild = await RunAsync("", "clickhouse", "rebuild");

        Assert.Contains(
            "LOOK statistics: ClickHouse at 127.0.0.1:1 does not answer: it takes no connection; there are none until it answers again", check.Output, StringComparison.Ordinal);
        Assert.Equal((1, "", "spoo: ClickHouse at 127.0.0.1:1 does not answer: it takes no connection\n"), rebuild);
    }

    [Fact]
    public async Task Where_clicks_are_counted_in_memory_there_is_nothing_to_rebuild()
    {
        var rebuild = await RunAsync("", "clickhouse", "rebuild");
        var check = await RunAsync("", "check");

        Assert.Equal((1, ""), (rebuild.Exit, rebuild.Output));
        Assert.StartsWith("spoo: Stats:Engine is Columns, so there is no copy in ClickHouse", rebuild.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("statistics:", check.Output, StringComparison.Ordinal);

        var move = await RunAsync("", "move", "clicks", "--to", "clickhouse");
        Assert.Equal((1, ""), (move.Exit, move.Output));
        Assert.StartsWith("spoo: Stats:Engine is Columns, and clicks live where they are counted", move.Error, StringComparison.Ordinal);
        Assert.Equal(
            (1, "", "spoo: --to is clickhouse or database, and not 'nowhere'; ./run move clicks --help says what is right\n"), await RunAsync("", "move", "clicks", "--to", "nowhere"));
    }

    private Task<(int Exit, string Output, string Error)> RunAsync(string input, params string[] args) =>
        program.RunAsync(args, input, new(_environment) { ["Data__Folder"] = _folder });
}

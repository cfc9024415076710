using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Spoo.Data;
using Spoo.Data.Clicks.Facts;
using Spoo.Data.Clicks.Storing;
using Spoo.Data.Links.Domains;
using Spoo.Data.Transfer.ClickFiles;
using Spoo.Data.Transfer.ClickFiles.Formats;
using Spoo.Tests.Support;

namespace Spoo.Tests.Transfer;

/// <summary>Clicks that a version before neighbourhoods of keys has imported are recognised, exactly as it would have recognised them.</summary>
[OnEveryDatabase]
public sealed class FormerClicksTests : IAsyncLifetime
{
    private const string Own = "go.example";

    private ImportHouse _house = null!;

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _house = await ImportHouse.NewAsync();

    public ValueTask DisposeAsync() => _house.DisposeAsync();

    [Fact]
    public async Task A_file_that_the_version_before_imported_adds_only_what_is_new()
    {
        const string File = """
            {"time":"2025-11-20T10:00:00Z","short_code":"abc","ip":"192.0.2.7"}
            {"time":"2025-11-20T10:00:00Z","short_code":"abc","ip":"192.0.2.7"}
            {"time":"1763632801","short_code":"abc"}
            {"time":"2025-11-21T10:00:00Z","short_code":"abc","id":"7"}

            """;
        await ImportAsBeforeAsync(File);
        var (again, later) = (await _house.ImportAsync(File), await _house.ImportAsync(File + """{"time":"2025-11-22T10:00:00Z","short_code":"abc"}"""));
        var anotherTime = await _house.ImportAsync("""{"time":"2025-11-23T10:00:00Z","short_code":"abc","id":"7"}""");
        var thirdTime = await _house.ImportAsync(string.Concat(Enumerable.Repeat("""{"time":"2025-11-20T10:00:00Z","short_code":"abc","ip":"192.0.2.7"}""" + "\n", 3)));

        Assert.Equal((0L, 4L), (again.Stored, again.AlreadyThere));
        Assert.Equal((1L, 4L), (later.Stored, later.AlreadyThere));
        Assert.Equal((0L, 1L), (anotherTime.Stored, anotherTime.AlreadyThere));
        Assert.Equal((1L, 2L), (thirdTime.Stored, thirdTime.AlreadyThere));
        Assert.Equal(6, (await _house.LinkAsync("abc")).TotalClicks);
        Assert.Equal(6, await _house.CountClicksAsync());
    }

    [Fact]
    public async Task A_link_that_was_renamed_since_is_found_by_the_clicks_that_the_version_before_imported()
    {
        const string Line = """{"time":"2025-11-20T10:00:00Z","short_code":"before"}""";
        await ImportAsBeforeAsync(Line);
        await using (var context = _house.Context())
        {
            await context.Links.ExecuteUpdateAsync(set => set.SetProperty(link => link.ShortCode, "after"), Cancelled);
        }

        var report = await _house.ImportAsync(Line + "\n" + """{"time":"2025-11-20T10:00:01Z","short_code":"before"}""");

        Assert.Equal((1L, 1L, 0L), (report.Stored, report.AlreadyThere, report.LinksCreated));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_link_on_a_domain_has_the_clicks_that_the_version_before_imported(bool wasThereBefore)
    {
        const string File = "time,link\n2025-11-20T10:00:00Z,go.example/abc\n2025-11-20T10:00:00Z,go.example/abc\n";
        var domain = new Domain { PublicId = PublicId.New(Some.Noon), Host = Own, OwnerId = _house.OwnerId, State = DomainState.Active, CreatedAt = Some.Noon };
        await using var context = _house.Context();
        context.Domains.Add(domain);
        if (wasThereBefore)
        {
            await context.SaveChangesAsync(Cancelled);
        }

        await ImportAsBeforeAsync(File, ClickFileFormat.Csv, wasThereBefore ? Own : null);
        await context.SaveChangesAsync(Cancelled);
        await context.Links.ExecuteUpdateAsync(set => set.SetProperty(link => link.DomainId, domain.Id).SetProperty(link => link.DomainHost, Own), Cancelled);
        var again = await _house.ImportAsync(File + "2025-11-21T10:00:00Z,go.example/abc\n", ClickFileFormat.Csv);

        Assert.Equal((1L, 2L, 0L), (again.Stored, again.AlreadyThere, again.LinksCreated));
    }

    // As the version before would have left it: its keys are hashes and nothing else, and its writers say nothing of neighbourhoods.
    private async Task ImportAsBeforeAsync(string file, ClickFileFormat? format = null, string? domain = null)
    {
        var report = await _house.ImportAsync(file, format);
        Assert.Equal((0L, 0L), (report.AlreadyThere, report.Bad));
        await using var context = _house.Context();
        await context.ClickWriters.ExecuteUpdateAsync(set => set.SetProperty(writer => writer.HasNearKeys, false), Cancelled);
        var clicks = await context.Clicks.OrderBy(click => click.Id).Select(click => click.Id).ToListAsync(Cancelled);
        foreach (var (id, key) in clicks.Zip(KeysOfBefore(file, format is not null, domain)))
        {
            await context.Clicks.Where(click => click.Id == id).ExecuteUpdateAsync(set => set.SetProperty(click => click.ImportKey, key), Cancelled);
        }
    }

    private IEnumerable<long> KeysOfBefore(string file, bool isCsv, string? domain)
    {
        var times = new Dictionary<long, int>();
        foreach (var text in file.Split('\n', StringSplitOptions.RemoveEmptyEntries).Skip(isCsv ? 1 : 0))
        {
            // Whose line it is, and the values from the time to when the link was made.
            var values = new string?[23];
            values[0] = _house.OwnerId;
            if (isCsv)
            {
                (values[1], values[2]) = (text.Split(',')[0], "abc");
            }
            else
            {
                var line = System.Text.Json.JsonDocument.Parse(text).RootElement;
                string? Value(string name) => line.TryGetProperty(name, out var value) ? value.GetString() : null;
                (values[1], values[2], values[4], values[21]) = (Value("time"), Value("short_code"), Value("ip"), Value("id"));
            }

            var key = values[21] is { } id ? ContentKey.Of(_house.OwnerId, "id", id) : ContentKey.Of(values);
            times[key] = times.GetValueOrDefault(key) + 1;
            key = times[key] == 1 ? key : ContentKey.Of(_house.OwnerId, "again", Text(key), Text(times[key]));
            yield return domain is null ? key : ContentKey.Of(_house.OwnerId, "at", domain, Text(key));
        }

        static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
    }
}

using System.Globalization;
using Spoo.Data.Database;
using Spoo.Data.Links;
using Spoo.Data.Stats.ClickHouse;
using Spoo.Tests.Support;

namespace Spoo.Tests.ClickHouse;

/// <summary>What those who run a server see of the copy, and do about it.</summary>
public sealed class ClickHouseWatchTests : IAsyncDisposable
{
    private readonly SpooApp _app = new() { Settings = ClickHouseDoor.NewSettings(), Register = ClickHouseDoor.WithoutRounds };

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    private ClickHouseWatch Watch => _app.Get<ClickHouseWatch>();

    public async ValueTask DisposeAsync() => await _app.DisposeAsync();

    [Fact]
    public async Task The_system_page_says_which_server_counts_and_how_far_its_copy_is()
    {
        await LinkWithClicksAsync(40);
        var before = Assert.Single(await Watch.LookAsync(Cancelled));
        await Watch.CompareAsync(Cancelled);
        await LinkWithClicksAsync(7);

        var after = Assert.Single(await Watch.LookAsync(Cancelled));

        Assert.Equal((null, null, 0L, 40L, null), (before.Failure, before.Table, before.Clicks, before.Waiting, before.AsOf));
        Assert.Equal((null, 40L, 7L), (after.Failure, after.Clicks, after.Waiting));
        Assert.NotNull(after.AsOf);
        Assert.True(after.Bytes > 0);
        var page = await (await _app.SignedInAsync(await _app.AddAdministratorAsync())).GetStringAsync("/admin/system", Cancelled);
        Assert.Contains(after.Version!, page, StringComparison.Ordinal);
        Assert.Contains(after.Table!, page, StringComparison.Ordinal);
        Assert.DoesNotContain("Memory of the index", page, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("ALTER TABLE {0} DELETE WHERE LinkId = {1} AND Visitor = 3 SETTINGS mutations_sync = 2", 29)]
    [InlineData("INSERT INTO {0} SELECT * FROM {0} WHERE LinkId = {1} AND Visitor = 3", 31)]
    [InlineData("INSERT INTO {0} SELECT * REPLACE (Time - 1000000 AS Time) FROM {0} WHERE LinkId = {1} AND Visitor = 3", 31)]
    public async Task A_copy_that_is_not_as_the_rows_are_is_found_and_made_anew(string damage, int clicks)
    {
        await LinkWithClicksAsync(12);
        var link = await LinkWithClicksAsync(30);
        var good = await Watch.CompareAsync(Cancelled);
        var there = new ClickHouseInspection(_app);
        var table = Assert.Single(await there.CurrentAsync()).Name;
        await there.RunOnEachAsync(damage.Replace("{1}", link.Id.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal));

        var damaged = await Watch.CompareAsync(Cancelled);
        await _app.Get<ClickHouseClicks>().RebuildAsync(Cancelled);
        var rebuilt = await Watch.CompareAsync(Cancelled);

        Assert.Equal((42L, 0), (good.Clicks, good.Differences.Count));
        Assert.Equal([new ClickHouseDifference(link.ShortCode, 30, clicks)], damaged.Differences);
        Assert.Equal((42L, 0), (rebuilt.Clicks, rebuilt.Differences.Count));
        Assert.NotEqual(table, Assert.Single(await there.CurrentAsync()).Name);
    }

    [Fact]
    public async Task A_removal_that_the_copy_has_not_followed_yet_is_no_copy_that_begins_at_nothing()
    {
        var link = await LinkWithClicksAsync(9);
        await LinkWithClicksAsync(6);
        await Watch.CompareAsync(Cancelled);
        await using (var database = _app.OpenDatabase())
        {
            database.Clicks.RemoveRange(database.Clicks.Where(click => click.LinkId == link.Id));
            await database.SaveChangesAsync(Cancelled);
            await ClickEpoch.NoteRemovalAsync(database, (await _app.AddUserAsync()).Id, Cancelled);
        }

        var state = Assert.Single(await Watch.LookAsync(Cancelled));

        Assert.Equal((15L, 0L), (state.Clicks, state.Waiting));
    }

    /// <summary>Of clicks that are deleted the copy has some for a while, which are in no answer.</summary>
    [Fact]
    public async Task A_deleted_link_is_no_difference()
    {
        var link = await LinkWithClicksAsync(5);
        await LinkWithClicksAsync(6);
        await Watch.CompareAsync(Cancelled);
        await using (var database = _app.OpenDatabase())
        {
            database.Clicks.RemoveRange(database.Clicks.Where(click => click.LinkId == link.Id));
            database.Links.Remove(database.Links.Single(row => row.Id == link.Id));
            await database.SaveChangesAsync(Cancelled);
        }

        var comparison = await Watch.CompareAsync(Cancelled);

        Assert.Equal((6L, 0), (comparison.Clicks, comparison.Differences.Count));
    }

    private async Task<Link> LinkWithClicksAsync(int clicks)
    {
        var link = await _app.AddAsync(Some.Link());
        await _app.AddAsync(Enumerable.Range(0, clicks).Select(i => Some.Click(link, Some.Noon.AddSeconds(i), visitor: i)));
        return link;
    }
}

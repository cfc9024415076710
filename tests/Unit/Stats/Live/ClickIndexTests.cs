using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Spoo.Data;
using Spoo.Data.Accounts;
using Spoo.Data.Database;
using Spoo.Data.Links;
using Spoo.Data.Stats;
using Spoo.Data.Stats.Live;
using Spoo.Data.Stats.Question;
using Spoo.Data.Stats.Report;
using Spoo.Tests.Support;

namespace Spoo.Tests.Stats.Live;

/// <summary>
/// Whether the index was used is told apart by changing what never changes: the rows get another browser behind the index's back.
/// </summary>
[OnEveryDatabase]
public sealed class ClickIndexTests : IAsyncDisposable
{
    private readonly SpooApp _app = new();

    public async ValueTask DisposeAsync() => await _app.DisposeAsync();

    [Fact]
    public async Task After_a_restart_the_index_is_used_and_later_clicks_are_added_to_it()
    {
        var link = await LinkWithClicksAsync();
        await SaveAsync(link);
        await RewriteHistoryAsync();
        await _app.AddAsync(Some.Click(link, visitor: 1) with { Browser = "Opera" }, Some.Click(link, visitor: 900) with { Browser = "Opera" });

        var answer = await AskAfterRestartAsync(link);

        Assert.Equal("302 clicks of 101 visitors; Firefox 300 of 100, Opera 2 of 2", answer);
    }

    [Fact]
    public async Task A_missing_index_is_made_again_from_the_rows()
    {
        var link = await LinkWithClicksAsync();
        await SaveAsync(link);
        await RewriteHistoryAsync();
        File.Delete(IndexOf(link));

        Assert.Equal("300 clicks of 100 visitors; Lynx 300 of 100", await AskAfterRestartAsync(link));
        Assert.True(File.Exists(IndexOf(link)));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(6)]
    public async Task A_damaged_index_is_made_again_from_the_rows(int seed)
    {
        var random = new Random(seed);
        var link = await LinkWithClicksAsync();
        await SaveAsync(link);
        await RewriteHistoryAsync();
        var file = await File.ReadAllBytesAsync(IndexOf(link), TestContext.Current.CancellationToken);
        file[random.Next(file.Length)] ^= (byte)(1 << random.Next(8));
        await File.WriteAllBytesAsync(
            IndexOf(link), seed % 2 == 0 ? file : file[..random.Next(file.Length)], TestContext.Current.CancellationToken);

        Assert.Equal("300 clicks of 100 visitors; Lynx 300 of 100", await AskAfterRestartAsync(link));
    }

    [Fact]
    public async Task An_index_of_another_database_is_not_used()
    {
        var link = await LinkWithClicksAsync();
        await using var other = new SpooApp();
        var otherLink = await other.AddAsync(Some.Link());
        await other.AddAsync(Some.Click(otherLink));
        await AskAsync(other.Services, otherLink);
        other.Get<LiveClicks>().Dispose();
        Directory.CreateDirectory(Path.GetDirectoryName(IndexOf(link))!);
        File.Copy(other.Get<ClickIndex>().PathOf(null), IndexOf(link));

        Assert.Equal("300 clicks of 100 visitors; Firefox 300 of 100", await AskAfterRestartAsync(link));
    }

    [Fact]
    public async Task An_index_of_somebody_else_is_not_used()
    {
        var link = await LinkWithClicksAsync();
        await SaveAsync(link);
        var others = await _app.AddAsync(Some.Link(owner: await _app.AddUserAsync()));
        await _app.AddAsync(Some.Click(others) with { Browser = "Opera" });
        File.Copy(IndexOf(link), IndexOf(others));

        Assert.Equal("1 clicks of 1 visitors; Opera 1 of 1", await AskAfterRestartAsync(others));
    }

    [Fact]
    public async Task An_index_that_is_ahead_of_a_restored_database_is_not_used()
    {
        var link = await LinkWithClicksAsync();
        await SaveAsync(link);
        await using (var database = _app.OpenDatabase())
        {
            await database.Clicks.OrderByDescending(click => click.Id).Take(30).ExecuteDeleteAsync(TestContext.Current.CancellationToken);
            await database.ClickWriters.OrderByDescending(writer => writer.Id).Take(1).ExecuteUpdateAsync(
                set => set.SetProperty(writer => writer.LastSequence, writer => writer.LastSequence - 30), TestContext.Current.CancellationToken);
        }

        Assert.Equal("270 clicks of 90 visitors; Firefox 270 of 90", await AskAfterRestartAsync(link));
    }

    [Fact]
    public async Task A_link_that_was_deleted_between_two_runs_is_gone()
    {
        var owner = await _app.AddUserAsync();
        var link = await LinkWithClicksAsync(owner);
        var deleted = await LinkWithClicksAsync(owner);
        await LinkWithClicksAsync(owner); // whose clicks are the latest
        await SaveAsync(link);
        await RewriteHistoryAsync();
        await using (var database = _app.OpenDatabase())
        {
            await database.Links.Where(row => row.Id == deleted.Id).ExecuteDeleteAsync(TestContext.Current.CancellationToken);
        }

        using var next = NextRun();

        Assert.Equal("300 clicks of 100 visitors; Firefox 300 of 100", await AskAsync(next.Services, link));
        Assert.Equal(600, (await CountAsync(next.Services.GetRequiredService<LiveClicks>(), link)).ClicksLookedAt);
    }

    [Fact]
    public async Task A_new_epoch_makes_what_is_in_memory_and_in_the_file_worthless()
    {
        var link = await LinkWithClicksAsync();
        await SaveAsync(link);
        await RewriteHistoryAsync();
        using var next = NextRun();
        var before = await AskAsync(next.Services, link);
        await using (var database = _app.OpenDatabase())
        {
            await ClickEpoch.RenewAsync(database, TestContext.Current.CancellationToken);
        }

        Assert.Equal("300 clicks of 100 visitors; Firefox 300 of 100", before);
        Assert.Equal("300 clicks of 100 visitors; Lynx 300 of 100", await AskAsync(next.Services, link));
        Assert.Equal("300 clicks of 100 visitors; Lynx 300 of 100", await AskAfterRestartAsync(link));
    }

    [Fact]
    public async Task An_index_that_cannot_be_saved_harms_nobody()
    {
        var link = await LinkWithClicksAsync();
        await File.WriteAllTextAsync(Path.Combine(_app.Folder, "index"), "a file where the folder should be", TestContext.Current.CancellationToken);

        await SaveAsync(link);

        Assert.Equal("300 clicks of 100 visitors; Firefox 300 of 100", await AskAfterRestartAsync(link));
    }

    [Fact]
    public async Task Clicks_that_do_not_fit_into_memory_are_read_from_the_index_for_each_question()
    {
        var link = await LinkWithClicksAsync();
        await SaveAsync(link);
        await RewriteHistoryAsync();
        using var next = NextRun();
        using var live = WithoutMemory(next.Services);

        Assert.Equal("300 clicks of 100 visitors; Firefox 300 of 100", await AskAsync(live, link));
        Assert.InRange(live.Bytes, 0, 1_000);
        await _app.AddAsync(Some.Click(link, visitor: 1) with { Browser = "Opera" });
        Assert.Equal("301 clicks of 100 visitors; Firefox 300 of 100, Opera 1 of 1", await AskAsync(live, link));
    }

    [Fact]
    public async Task An_index_that_is_damaged_while_clicks_are_read_from_it_is_made_again_from_the_rows()
    {
        var link = await LinkWithClicksAsync();
        await SaveAsync(link);
        using var next = NextRun();
        using var live = WithoutMemory(next.Services);
        Assert.Equal("300 clicks of 100 visitors; Firefox 300 of 100", await AskAsync(live, link));
        await RewriteHistoryAsync();
        await using (var file = new FileStream(IndexOf(link), FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete))
        {
            // In the middle of the visitors' hashes, which are most of so small a file.
            file.Position = file.Length / 2;
            var before = file.ReadByte();
            file.Position = file.Length / 2;
            file.WriteByte((byte)(before ^ 1));
        }

        Assert.Equal("300 clicks of 100 visitors; Lynx 300 of 100", await AskAsync(live, link));
    }

    private string IndexOf(Link link) => _app.Get<ClickIndex>().PathOf(link.OwnerId);

    private async Task<Link> LinkWithClicksAsync(SpooUser? owner = null)
    {
        var link = await _app.AddAsync(Some.Link(owner: owner));
        await _app.AddAsync(Enumerable.Range(0, 300).Select(i => Some.Click(link, Some.Noon.AddSeconds(i), visitor: i / 3) with { Browser = "Firefox" }));
        return link;
    }

    /// <summary>Asks once and ends the run, which saves the index.</summary>
    private async Task SaveAsync(Link link)
    {
        await AskAsync(_app.Services, link);
        _app.Get<LiveClicks>().Dispose();
    }

    private async Task RewriteHistoryAsync()
    {
        await using var database = _app.OpenDatabase();
        await database.ClickAgents.ExecuteUpdateAsync(
            set => set.SetProperty(agent => agent.Browser, "Lynx"), TestContext.Current.CancellationToken);
    }

    private async Task<string> AskAfterRestartAsync(Link link)
    {
        using var next = NextRun();
        return await AskAsync(next.Services, link);
    }

    /// <summary>
    /// What comes after a restart: other objects on the same folder. Without the server, because only one at a time may have the folder,
    /// and the one before is still needed for looking at what it left.
    /// </summary>
    private IHost NextRun()
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Configuration.AddInMemoryCollection(_app.SameData);
        builder.AddSpooData();
        return builder.Build();
    }

    private static LiveClicks WithoutMemory(IServiceProvider services) => new(
        services.GetRequiredService<IDbContextFactory<SpooDbContext>>(),
        services.GetRequiredService<StoreGate>(),
        services.GetRequiredService<ClickIndex>(),
        new StatsOptions { MemoryMegabytes = 0 },
        TimeProvider.System);

    private static Task<string> AskAsync(IServiceProvider services, Link link) => AskAsync(services.GetRequiredService<LiveClicks>(), link);

    private static async Task<string> AskAsync(LiveClicks live, Link link)
    {
        var answer = await CountAsync(live, link);
        var browsers = answer.By(Dimension.Browser).Rows
            .OrderBy(row => row.Value, StringComparer.Ordinal)
            .Select(row => $"{row.Value} {row.Count.Clicks} of {row.Count.UniqueClicks}");
        return $"{answer.Summary.TotalClicks} clicks of {answer.Summary.UniqueClicks} visitors; {string.Join(", ", browsers)}";
    }

    private static Task<StatsReport> CountAsync(LiveClicks live, Link link) => live.ReportAsync(
        new StatsQuery { GroupBy = [Dimension.Browser] }, Some.ClicksOf(link, Some.Noon.AddDays(-30), Some.Noon.AddDays(30)));
}

using System.Data.Common;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using Spoo.Data.Accounts;
using Spoo.Data.Care;
using Spoo.Data.Clicks.News;
using Spoo.Data.Database;
using Spoo.Data.Links;
using Spoo.Data.Links.Codes;
using Spoo.Tests.Support;

namespace Spoo.Tests.Care;

public sealed class ClicksWithoutLinkTests : IAsyncDisposable
{
    private readonly Deletes _deletes = new();
    private readonly SpooApp _app;

    public ClicksWithoutLinkTests() => _app = new SpooApp { Register = services => services.AddSingleton<IInterceptor>(_deletes) };

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    [Fact]
    public async Task Clicks_without_a_link_are_counted_by_the_audit_and_deleted_by_a_repair()
    {
        var links = new List<Link>();
        for (var i = 0; i < 6; i++)
        {
            links.Add(await _app.AddAsync(Some.Link()));
            await _app.AddAsync(Some.Click(links[i]), Some.Click(links[i], visitor: 2));
        }

        // As an older version did it: the first, two in the middle, and the last.
        await using var database = _app.OpenDatabase();
        var gone = new[] { links[0].Id, links[2].Id, links[3].Id, links[5].Id };
        await database.Links.Where(link => gone.Contains(link.Id)).ExecuteDeleteAsync(Cancelled);

        var audit = await _app.Get<ClickAudit>().RunAsync(Cancelled);

        Assert.Equal((8L, 2, 4L, 0, false), (audit.ClicksWithoutLink, audit.Links, audit.Clicks, audit.Differences.Count, audit.IsGood));
        Assert.Equal(8, await _app.Get<ClicksWithoutLink>().RemoveAsync(Cancelled));
        Assert.Equal([links[1].Id, links[4].Id], await database.Clicks.Select(click => click.LinkId).Distinct().OrderBy(id => id).ToListAsync(Cancelled));
        Assert.True((await _app.Get<ClickAudit>().RunAsync(Cancelled)).IsGood);
        Assert.Equal(0, await _app.Get<ClicksWithoutLink>().RemoveAsync(Cancelled));
    }

    [Fact]
    public async Task A_link_with_many_clicks_is_gone_at_once_and_they_follow_in_pieces()
    {
        var owner = await _app.AddUserAsync();
        var link = await _app.AddAsync(Some.Link(owner: owner));
        await _app.AddAsync(Enumerable.Range(0, 25_000).Select(i => Some.Click(link, visitor: i)));
        _deletes.OnFirst = async () =>
        {
            await using var meanwhile = _app.OpenDatabase();
            return (await meanwhile.Links.CountAsync(Cancelled), await meanwhile.DeletedLinks.CountAsync(Cancelled));
        };

        await _app.Get<LinkService>().DeleteAsync(link.PublicId, Viewer.User(owner.Id), Cancelled);

        Assert.Equal([10_000, 10_000, 5_000], _deletes.Clicks);
        Assert.Equal((0, 1), _deletes.SeenBetween);
        await using var database = _app.OpenDatabase();
        Assert.Equal((0, 0), (await database.Clicks.CountAsync(Cancelled), await database.DeletedLinks.CountAsync(Cancelled)));
    }

    [Fact]
    public async Task What_a_broken_off_deletion_left_is_nobodys_fault_and_is_finished_by_the_next_round()
    {
        var link = await _app.AddAsync(Some.Link());
        await _app.AddAsync(Enumerable.Range(0, 12_000).Select(i => Some.Click(link, visitor: i)));
        await using var database = _app.OpenDatabase();
        await database.Links.ExecuteDeleteAsync(Cancelled);
        database.DeletedLinks.Add(new DeletedLink { Id = link.Id });
        await database.SaveChangesAsync(Cancelled);

        Assert.True((await _app.Get<ClickAudit>().RunAsync(Cancelled)).IsGood);
        Assert.Equal(12_000, await _app.Get<ClicksWithoutLink>().FinishDeletionsAsync(Cancelled));

        Assert.Equal((0, 0), (await database.Clicks.CountAsync(Cancelled), await database.DeletedLinks.CountAsync(Cancelled)));
    }

    [Fact]
    public async Task Clearing_takes_pieces_and_leaves_counters_that_agree_whenever_it_ends()
    {
        var owner = await _app.AddUserAsync();
        var (large, small) = (await _app.AddAsync(Some.Link(owner: owner)), await _app.AddAsync(Some.Link(owner: owner)));
        await _app.AddAsync(Enumerable.Range(0, 23_000).Select(i => Some.Click(large, visitor: i)).Append(Some.Click(small)));
        _deletes.OnFirst = async () =>
        {
            await using var meanwhile = _app.OpenDatabase();
            return ((int)await meanwhile.Links.Where(link => link.Id == large.Id).Select(link => link.TotalClicks).SingleAsync(Cancelled),
                await meanwhile.Clicks.CountAsync(click => click.LinkId == large.Id, Cancelled));
        };

        await _app.Get<ClickHistory>().ClearAsync(owner.Id, null, Cancelled);

        Assert.Equal([10_000, 10_000, 3_000, 1], _deletes.Clicks);
        Assert.Equal((13_000, 13_000), _deletes.SeenBetween);
        await using var database = _app.OpenDatabase();
        Assert.Equal((0, 2), (await database.Clicks.CountAsync(Cancelled), await database.Links.CountAsync(link => link.TotalClicks == 0 && link.LastClick == null, Cancelled)));
    }

    [Fact]
    public async Task An_audit_reads_a_link_with_many_clicks_in_pieces_and_counts_its_visitors_once()
    {
        var (large, small) = (await _app.AddAsync(Some.Link()), await _app.AddAsync(Some.Link()));
        await _app.AddAsync(Enumerable.Range(0, 110_000).Select(i => Some.Click(large, Some.Noon.AddSeconds(i), visitor: i % 70_000)).Append(Some.Click(small)));

        var audit = await _app.Get<ClickAudit>().RunAsync(Cancelled);

        Assert.Equal((2, 110_001L), (audit.Links, audit.Clicks));
        Assert.True(audit.IsGood, string.Join("; ", audit.Differences));
        await using var database = _app.OpenDatabase();
        await database.Links.Where(link => link.Id == large.Id).ExecuteUpdateAsync(set => set.SetProperty(link => link.TotalClicks, 3), Cancelled);
        Assert.Equal(new AuditDifference(large.ShortCode, "clicks by the link's counter", "110000", "3"), Assert.Single((await _app.Get<ClickAudit>().RunAsync(Cancelled)).Differences));
    }

    [Fact]
    public void Links_are_put_together_until_one_piece_is_full()
    {
        (long, long)[] links = [(5, 40), (1, 30), (2, 30), (3, 500), (4, 0)];

        Assert.Equal([[1L, 2], [3], [4, 5]], ClickPieces.GroupLinks(links, 60));
        Assert.Equal([ClickPieces.Links, 1], ClickPieces.GroupLinks(Enumerable.Range(1, ClickPieces.Links + 1).Select(i => ((long)i, 0L)), 60).Select(group => group.Count));
    }

    /// <summary>How many clicks each statement deleted, and what others saw after the first one had been committed.</summary>
    private sealed class Deletes : DbCommandInterceptor
    {
        public List<int> Clicks { get; } = [];

        public Func<Task<(int, int)>>? OnFirst { get; set; }

        public (int, int) SeenBetween { get; private set; }

        public override async ValueTask<InterceptionResult<int>> NonQueryExecutingAsync(
            DbCommand command, CommandEventData eventData, InterceptionResult<int> result, CancellationToken cancellationToken = default)
        {
            if (Clicks.Count == 1 && OnFirst is { } look && command.CommandText.StartsWith("DELETE FROM \"Clicks\"", StringComparison.Ordinal))
            {
                OnFirst = null;
                SeenBetween = await look();
            }

            return result;
        }

        public override ValueTask<int> NonQueryExecutedAsync(
            DbCommand command, CommandExecutedEventData eventData, int result, CancellationToken cancellationToken = default)
        {
            if (command.CommandText.StartsWith("DELETE FROM \"Clicks\"", StringComparison.Ordinal))
            {
                Clicks.Add(result);
            }

            return new(result);
        }
    }
}

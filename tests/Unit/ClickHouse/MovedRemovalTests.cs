using System.Data.Common;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using Spoo.Data.Accounts;
using Spoo.Data.Care;
using Spoo.Data.Clicks.Moved;
using Spoo.Data.Clicks.News;
using Spoo.Data.Database;
using Spoo.Data.Links;
using Spoo.Tests.Support;

namespace Spoo.Tests.ClickHouse;

/// <summary>Moved clicks that were removed are in no answer at once, and nobody waits until they have left ClickHouse.</summary>
[OnEveryDatabase]
public sealed class MovedRemovalTests : IAsyncDisposable
{
    private readonly BeforeTransactions _before = new();
    private readonly SpooApp _app;

    public MovedRemovalTests() => _app = new SpooApp
    {
        Settings = ClickHouseDoor.NewSettings(),
        Register = services =>
        {
            ClickHouseDoor.WithoutRounds(services);
            services.Remove(services.Single(service => service.ImplementationType == typeof(ClearingUpRounds)));
            services.AddSingleton<IInterceptor>(_before);
        },
    };

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    [Fact]
    public async Task Bringing_back_comes_to_its_end_however_often_links_are_cleared_meanwhile()
    {
        var (owner, kept, cleared) = await MovedAsync();
        _before.Do = () => _app.Get<ClickHistory>().ClearAsync(owner.Id, null, Cancelled);

        var back = await _app.Get<ClickMover>().BringBackAsync(null, Cancelled).WaitAsync(TimeSpan.FromMinutes(1), Cancelled);

        _before.Do = null;
        Assert.True(_before.Times > 0);
        Assert.Equal(20, back);
        await AssertAsync(kept, 20);
        await AssertAsync(cleared, 0);
        Assert.True((await _app.Get<ClickAudit>().RunAsync(Cancelled)).IsGood);
    }

    [Fact]
    public async Task Clicks_that_were_taken_out_while_others_were_brought_back_do_not_come_back()
    {
        var (owner, kept, cleared) = await MovedAsync();
        _before.Do = async () =>
        {
            await _app.Get<ClickHistory>().ClearAsync(owner.Id, null, Cancelled);
            await using var database = _app.OpenDatabase();
            await _app.Get<MovedClicks>().SettleAsync(database, Cancelled);
        };

        await _app.Get<ClickMover>().BringBackAsync(null, Cancelled).WaitAsync(TimeSpan.FromMinutes(1), Cancelled);

        _before.Do = null;
        await AssertAsync(kept, 20);
        await AssertAsync(cleared, 0);
        await using var there = _app.OpenDatabase();
        Assert.Equal(0, await there.MovedRemovals.CountAsync(Cancelled));
        Assert.True((await _app.Get<ClickAudit>().RunAsync(Cancelled)).IsGood);
    }

    [Fact]
    public async Task Who_reads_leaves_out_what_is_still_there()
    {
        var (owner, _, _) = await MovedAsync();

        await _app.Get<ClickHistory>().ClearAsync(owner.Id, null, Cancelled);

        Assert.Equal(0, await _app.Get<ClickRetention>().CountOlderAsync(owner.Id, 1, Cancelled));
        await using var database = _app.OpenDatabase();
        Assert.Equal((1, 30), (await database.MovedRemovals.CountAsync(Cancelled), await InClickHouseAsync()));
        Assert.True((await _app.Get<ClickAudit>().RunAsync(Cancelled)).IsGood);
        Assert.Equal((1, 30), (await database.MovedRemovals.CountAsync(Cancelled), await InClickHouseAsync()));
        await _app.Get<ClearingUp>().RunAsync(Cancelled);
        Assert.Equal((0, 20), (await database.MovedRemovals.CountAsync(Cancelled), await InClickHouseAsync()));
    }

    // Twenty clicks that stay and ten of an owner who clears them, all in ClickHouse.
    private async Task<(SpooUser Owner, Link Kept, Link Cleared)> MovedAsync()
    {
        var owner = await _app.AddUserAsync();
        var (kept, cleared) = (await _app.AddAsync(Some.Link()), await _app.AddAsync(Some.Link(owner: owner)));
        await _app.AddAsync(Enumerable.Range(0, 30).Select(i => Some.Click(i % 3 == 0 ? cleared : kept, Some.Noon.AddMinutes(i), i)));
        Assert.Equal(30, await _app.Get<ClickMover>().MoveAsync(null, null, Cancelled));
        return (owner, kept, cleared);
    }

    private async Task AssertAsync(Link link, long clicks)
    {
        await using var database = _app.OpenDatabase();
        Assert.Equal(clicks, await RowsAsync(database, link));
        Assert.Equal(clicks, await database.Links.Where(row => row.Id == link.Id).Select(row => row.TotalClicks).SingleAsync(Cancelled));
    }

    private static Task<long> RowsAsync(SpooDbContext database, Link link) => database.Clicks.LongCountAsync(click => click.LinkId == link.Id, Cancelled);

    private async Task<int> InClickHouseAsync()
    {
        await using var database = _app.OpenDatabase();
        var (server, count) = (Assert.Single(_app.Get<ClickHouseServers>().All), 0L);
        var path = MovedTable.Path(server.Database, await MovedClicks.RequireIdentityAsync(database, Cancelled));
        await server.ReadAsync($"SELECT toInt64(count()) FROM {path}", row => count = row.GetInt64(0), Cancelled);
        return (int)count;
    }

    /// <summary>Does something before each transaction, as another process may.</summary>
    private sealed class BeforeTransactions : DbTransactionInterceptor
    {
        private int _isAtIt;

        public Func<Task>? Do { get; set; }

        public int Times { get; private set; }

        public override async ValueTask<InterceptionResult<DbTransaction>> TransactionStartingAsync(
            DbConnection connection, TransactionStartingEventData eventData, InterceptionResult<DbTransaction> result, CancellationToken cancellationToken = default)
        {
            if (Do is { } work && Interlocked.Exchange(ref _isAtIt, 1) == 0)
            {
                await work();
                Times++;
                _isAtIt = 0;
            }

            return result;
        }
    }
}

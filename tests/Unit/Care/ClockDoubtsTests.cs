using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Time.Testing;
using Spoo.Data.Care;
using Spoo.Data.Clicks.Moved;
using Spoo.Data.Database;
using Spoo.Data.Links;
using Spoo.Tests.Support;

namespace Spoo.Tests.Care;

/// <summary>A clock that is wrong for a while takes no click with it.</summary>
public sealed class ClockDoubtsTests : IAsyncDisposable
{
    private readonly SetClock _clock = new();
    private readonly SpooApp _app;

    public ClockDoubtsTests() => _app = new SpooApp { Clock = _clock };

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    [Fact]
    public async Task A_clock_that_was_set_ahead_is_doubted_for_half_a_day_or_until_it_is_set_back()
    {
        var doubts = new ClockDoubts(_app.Get<SpooDatabase>(), _clock);
        Assert.Equal([false, false, false], await DoubtedAsync(hours: 3));

        _clock.Ahead = TimeSpan.FromDays(5 * 365);
        Assert.DoesNotContain(false, await DoubtedAsync(hours: 10));
        _clock.Ahead = TimeSpan.Zero;
        Assert.DoesNotContain(true, await DoubtedAsync(hours: 30));

        _clock.Ahead = TimeSpan.FromDays(40);
        Assert.DoesNotContain(false, await DoubtedAsync(hours: 12));
        Assert.DoesNotContain(true, await DoubtedAsync(hours: 30));

        async Task<List<bool>> DoubtedAsync(int hours)
        {
            var doubted = new List<bool>();
            for (var hour = 0; hour < hours; hour++)
            {
                _clock.Advance(TimeSpan.FromHours(1));
                doubted.Add(await doubts.WhyAsync(Cancelled) is not null);
            }

            return doubted;
        }
    }

    [Fact]
    public async Task Clicks_outlive_a_clock_that_is_years_ahead_for_some_hours_and_are_deleted_by_one_that_stays_so()
    {
        var link = await LinkAsync(retentionDays: 30);
        await RoundsAsync(2);

        _clock.Ahead = TimeSpan.FromDays(5 * 365);
        await RoundsAsync(2);
        _clock.Ahead = TimeSpan.Zero;
        await RoundsAsync(2);
        Assert.Equal(2, await ClicksAsync(link));

        _clock.Ahead = TimeSpan.FromDays(40);
        await Eventually.TrueAsync(async () => await ClicksAsync(link) == 0, () => _clock.Advance(TimeSpan.FromMinutes(20)), "no click");
    }

    [Fact]
    public async Task A_row_that_a_process_with_a_clock_ahead_took_for_years_is_free()
    {
        await using var database = _app.OpenDatabase();
        database.ClickMoves.Add(new ClickMove { Piece = 1, Servers = 1, HeldBy = "ahead", HeldUntil = _clock.GetUtcNow().AddYears(5) });
        await database.SaveChangesAsync(Cancelled);

        Assert.Equal(1, await Lease.Free(database.ClickMoves, _clock.GetUtcNow()).CountAsync(Cancelled));
        Assert.Equal(1, await new Lease(_clock).KeepAsync(database.ClickMoves, TimeSpan.FromMinutes(1), Cancelled));
        Assert.Equal(0, await new Lease(_clock).TakeAsync(database.ClickMoves, TimeSpan.FromMinutes(1), Cancelled));
    }

    private async Task<Link> LinkAsync(int retentionDays)
    {
        var owner = await _app.AddUserAsync();
        await using (var database = _app.OpenDatabase())
        {
            await database.Users.Where(user => user.Id == owner.Id).ExecuteUpdateAsync(set => set.SetProperty(user => user.RetentionDays, retentionDays), Cancelled);
        }

        var link = await _app.AddAsync(Some.Link(owner: owner, createdAt: _clock.GetUtcNow().AddDays(-1)));
        await _app.AddAsync(Some.Click(link, _clock.GetUtcNow().AddHours(-2)), Some.Click(link, _clock.GetUtcNow().AddHours(-1)));
        return link;
    }

    private async Task<long> ClicksAsync(Link link)
    {
        await using var database = _app.OpenDatabase();
        return await database.Clicks.LongCountAsync(click => click.LinkId == link.Id, Cancelled);
    }

    // However long a round takes here, far less than half a day goes by meanwhile.
    private async Task RoundsAsync(int count)
    {
        var rounds = _app.Services.GetServices<IHostedService>().OfType<RetentionRounds>().Single();
        for (var round = 0; round < count; round++)
        {
            var before = rounds.LastAt;
            await Eventually.TrueAsync(() => rounds.LastAt != before, () => _clock.Advance(TimeSpan.FromMinutes(3)), "a round");
        }
    }

    /// <summary>Goes on as time does, and shows what it was set to.</summary>
    private sealed class SetClock() : FakeTimeProvider(Some.Noon)
    {
        public TimeSpan Ahead { get; set; }

        public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + Ahead;

        public override long GetTimestamp() => base.GetUtcNow().Ticks;
    }
}

using System.Net;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Time.Testing;
using Spoo.Data.Accounts;
using Spoo.Data.Database;
using Spoo.Tests.Support;
using Spoo.Web.Limits;

namespace Spoo.Tests.Limits;

/// <summary>What is counted on one node counts on the others, a moment later.</summary>
[OnEveryDatabase]
public sealed class CallCountsTests : IAsyncDisposable
{
    private static readonly RateWindow[] ThreeAMinute = [new(3, TimeSpan.FromMinutes(1)), new(100, TimeSpan.FromDays(1))];

    private readonly FakeTimeProvider _clock = new(Some.Noon);
    private readonly SpooApp _app;

    public CallCountsTests() => _app = new SpooApp { Clock = _clock };

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    [Fact]
    public async Task Two_nodes_together_allow_what_one_allows()
    {
        var (here, there) = (NewNode(), NewNode());
        var (limit, same) = (here.Counts.Limit("calls", ThreeAMinute), there.Counts.Limit("calls", ThreeAMinute));
        Assert.Null(limit.Count("ann").RetryAfter);
        Assert.Null(limit.Count("ann").RetryAfter);
        Assert.Null(same.Count("ann").RetryAfter);

        await ExchangeAsync(here, there);

        Assert.Equal(TimeSpan.FromMinutes(1), limit.Count("ann").RetryAfter);
        Assert.Equal(TimeSpan.FromMinutes(1), same.Count("ann").RetryAfter);
        Assert.Equal(2, same.Count("bob").Remaining);
        _clock.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(2, limit.Count("ann").Remaining);
    }

    [Fact]
    public async Task Before_they_have_told_each_other_each_allows_as_much_as_one_and_afterwards_nothing_until_the_window_ends()
    {
        var nodes = new[] { NewNode(), NewNode(), NewNode() };
        var limits = Array.ConvertAll(nodes, node => node.Counts.Limit("calls", ThreeAMinute));

        Assert.Equal(9, limits.Sum(limit => Enumerable.Range(0, 5).Count(_ => limit.Count("ann").RetryAfter is null)));
        await ExchangeAsync(nodes);
        Assert.Equal(0, limits.Sum(limit => Enumerable.Range(0, 5).Count(_ => limit.Count("ann").RetryAfter is null)));
    }

    [Fact]
    public async Task What_was_told_is_heard_once_by_each_and_by_nobody_for_itself()
    {
        var nodes = new[] { NewNode(), NewNode(), NewNode() };
        var limits = Array.ConvertAll(nodes, node => node.Counts.Limit("calls", [new(100, TimeSpan.FromDays(1))]));
        for (var round = 0; round < 5; round++)
        {
            limits[round % 3].Count("ann");
            await ExchangeAsync(nodes);
        }

        await ExchangeAsync(nodes);
        Assert.All(limits, limit => Assert.Equal(100 - 5, limit.Count("ann", calls: 0).Remaining));
    }

    [Fact]
    public async Task A_call_that_is_taken_back_is_taken_back_everywhere()
    {
        var (here, there) = (NewNode(), NewNode());
        var (limit, same) = (here.Counts.Limit("calls", ThreeAMinute), there.Counts.Limit("calls", ThreeAMinute));
        var standing = limit.Count("ann");
        await ExchangeAsync(here, there);
        Assert.Equal(2, same.Count("ann", calls: 0).Remaining);

        standing.GiveBack!();
        await ExchangeAsync(here, there);

        Assert.Equal(3, limit.Count("ann", calls: 0).Remaining);
        Assert.Equal(3, same.Count("ann", calls: 0).Remaining);
    }

    [Fact]
    public async Task Wrong_passwords_and_calls_a_day_count_on_all_nodes()
    {
        var (here, there) = (NewNode(), NewNode());
        var (attempts, same) = (new SignInAttempts(here.Counts), new SignInAttempts(there.Counts));
        var (guesses, more) = (new LinkPasswordAttempts(here.Counts), new LinkPasswordAttempts(there.Counts));
        var (days, day) = (new CallQuotas(_app.Get<Quotas>(), here.Counts), new CallQuotas(_app.Get<Quotas>(), there.Counts));
        var owner = await _app.AddUserAsync();
        await _app.Get<Quotas>().GiveAsync(owner.Id, QuotaKind.ApiCallsADay, "2", null, Cancelled);
        for (var wrong = 0; wrong < 5; wrong++)
        {
            attempts.CountWrong("ann@example.com", IPAddress.Loopback);
        }

        for (var guess = 0; guess < 10; guess++)
        {
            guesses.Try(7, "no hash", "guess", IPAddress.Loopback);
        }

        days.Count(owner.Id);
        days.Count(owner.Id);
        await ExchangeAsync(here, there);

        Assert.False(same.IsLeft("Ann@example.com ", IPAddress.Loopback));
        Assert.True(same.IsLeft("ann@example.com", IPAddress.Parse("192.0.2.1")));
        Assert.NotNull(more.Try(7, "no hash", "guess", IPAddress.Loopback).RetryAfter);
        Assert.Null(more.Try(8, "no hash", "guess", IPAddress.Loopback).RetryAfter);
        Assert.Equal(2, day.CallsToday(owner.Id));
        Assert.Equal(TimeSpan.FromHours(12), day.Count(owner.Id));
    }

    [Fact]
    public async Task A_node_that_starts_knows_of_the_last_minute_and_what_is_old_is_deleted()
    {
        var (here, late) = (NewNode(), NewNode());
        var limit = here.Counts.Limit("calls", [new(10, TimeSpan.FromDays(1))]);
        limit.Count("ann");
        await ExchangeAsync(here);
        _clock.Advance(TimeSpan.FromMinutes(2));
        limit.Count("ann");
        await ExchangeAsync(here);

        var same = late.Counts.Limit("calls", [new(10, TimeSpan.FromDays(1))]);
        await ExchangeAsync(late);
        Assert.Equal(9, same.Count("ann", calls: 0).Remaining);

        _clock.Advance(TimeSpan.FromMinutes(10));
        await ExchangeAsync(here, late);
        await using var context = _app.OpenDatabase();
        Assert.Empty(await context.Set<NodeCalls>().ToListAsync(Cancelled));

        // And it goes on from there.
        limit.Count("ann");
        await ExchangeAsync(here, late);
        Assert.Equal(8, same.Count("ann", calls: 0).Remaining);
    }

    [Fact]
    public async Task No_address_and_no_name_comes_into_the_database()
    {
        var node = NewNode();
        new SignInAttempts(node.Counts).CountWrong("ann@example.com", IPAddress.Parse("192.0.2.77"));
        await ExchangeAsync(node);

        await using var context = _app.OpenDatabase();
        var told = System.Text.Encoding.UTF8.GetString((await context.Set<NodeCalls>().SingleAsync(Cancelled)).Counts);
        Assert.Contains("wrong passwords of accounts", told, StringComparison.Ordinal);
        Assert.DoesNotContain("ann", told, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("192.0.2.77", told, StringComparison.Ordinal);
        Assert.NotEqual(node.Counts.KeyOf("ann"), new CallCounts(_clock, () => [9], isShared: true).KeyOf("ann"));
    }

    [Fact]
    public async Task Limits_that_only_the_other_version_knows_and_messages_of_it_are_left_out()
    {
        var (here, there) = (NewNode(), NewNode());
        here.Counts.Limit("new", ThreeAMinute).Count("ann");
        var same = there.Counts.Limit("calls", ThreeAMinute);
        here.Counts.Limit("calls", ThreeAMinute).Count("ann");

        await ExchangeAsync(here, there);

        Assert.Equal(2, same.Count("ann", calls: 0).Remaining);
        Assert.Empty(CallMessage.Read([99, 1, 2, 3]));
        Assert.Throws<InvalidDataException>(() => CallMessage.Read([1, 5]));
    }

    [Fact]
    public void Callers_who_are_gone_are_forgotten_and_a_server_alone_keeps_nothing_to_tell()
    {
        var alone = new CallCounts(_clock, () => [1], isShared: false);
        var limit = alone.Limit("calls", ThreeAMinute);
        limit.Count("ann");

        Assert.Empty(alone.Take(10));
        alone.Forget();
        Assert.Equal(2, limit.Count("ann", calls: 0).Remaining);
        Assert.Equal(1, limit.Callers);
        _clock.Advance(TimeSpan.FromDays(1));
        alone.Forget();
        Assert.Equal(0, limit.Callers);
        Assert.Equal(3, limit.Count("ann", calls: 0).Remaining);
    }

    [Fact]
    public void What_does_not_fit_into_one_message_follows_in_the_next()
    {
        var node = NewNode().Counts;
        var limit = node.Limit("calls", ThreeAMinute);
        for (var caller = 0; caller < 25; caller++)
        {
            limit.Count($"caller {caller}");
        }

        Assert.Equal([10, 10, 5, 0], Enumerable.Range(0, 4).Select(_ => node.Take(10).Count));
    }

    // A node without its rounds, so that a test says when they tell each other.
    private (CallCounts Counts, CallExchange Exchange) NewNode() =>
        (new CallCounts(_clock, () => [1, 2, 3], isShared: true), new CallExchange(_app.Get<IDbContextFactory<SpooDbContext>>(), _clock));

    // Everybody has told before anybody hears for good: the second time round nothing new is told.
    private static async Task ExchangeAsync(params (CallCounts Counts, CallExchange Exchange)[] nodes)
    {
        for (var round = 0; round < 2; round++)
        {
            foreach (var (counts, exchange) in nodes)
            {
                var counted = counts.Take(1000);
                foreach (var calls in (await exchange.ExchangeAsync(counted.Count > 0 ? CallMessage.Write(counted) : null, Cancelled)).SelectMany(CallMessage.Read))
                {
                    counts.Hear(calls);
                }
            }
        }
    }
}

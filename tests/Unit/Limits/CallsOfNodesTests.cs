using System.Globalization;
using Spoo.Tests.Support;

namespace Spoo.Tests.Limits;

/// <summary>Two servers over one PostgreSQL, as they run: what one has let through the other knows within moments, and each goes on by itself while there is no database.</summary>
public sealed class CallsOfNodesTests(PostgreSqlServer server) : IClassFixture<PostgreSqlServer>, IDisposable
{
    private const int Most = 1000;

    private readonly HttpClient _stranger = new();

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public void Dispose() => _stranger.Dispose();

    [Fact]
    public async Task A_stranger_has_one_count_on_both_and_one_on_each_while_the_database_is_away()
    {
        Assert.SkipUnless(server.WhyNot is null, server.WhyNot ?? "");
        await using var nodes = new ServerNodes(server, 2) { MoreSettings = ["--RateLimits:Others:emoji-set", string.Create(CultureInfo.InvariantCulture, $"{Most}/day")] };
        var here = await nodes.StartAsync(0);
        var there = await nodes.StartAsync(1);
        var calls = 0;
        for (; calls < 20; calls++)
        {
            Assert.Equal(Most - calls - 1, await LeftAsync(here));
        }

        // Every look is a call, too.
        await Eventually.TrueAsync(async () => await LeftAsync(there) == Most - ++calls);
        await Eventually.TrueAsync(async () => await LeftAsync(here) == Most - ++calls);

        Assert.SkipUnless(server.IsOurs, "The server is not this test's to stop.");
        server.Stop();
        var left = await LeftAsync(here);
        Assert.Equal(left - 1, await LeftAsync(here));
        Assert.Equal(left - 2, await LeftAsync(here));
        server.Start();

        // Back again, what the other lets through counts here as before.
        var own = 2;
        await Eventually.TrueAsync(async () =>
        {
            await LeftAsync(there);
            own++;
            return left - await LeftAsync(here) > own;
        });
    }

    /// <summary>Calls a node, and reads how many calls are left after this one.</summary>
    private async Task<int> LeftAsync(ServerProcess node)
    {
        using var answer = await _stranger.GetAsync(new Uri(node.Address, "/api/v1/emoji-set"), Cancelled);
        answer.EnsureSuccessStatusCode();
        return int.Parse(answer.Headers.GetValues("X-RateLimit-Remaining").Single(), CultureInfo.InvariantCulture);
    }
}

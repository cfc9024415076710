using System.Globalization;
using Spoo.Tests.Support;

namespace Spoo.Tests.Database;

/// <summary>
/// Three servers of Spoo over one PostgreSQL, as a team runs them behind a balancer that asks the next one where one does not answer. <c>SPOO_NODE_ENDS</c> says how
/// often one of them is killed or stopped.
/// </summary>
public sealed class NodesTests(PostgreSqlServer server) : IClassFixture<PostgreSqlServer>
{
    private const int Nodes = 3;
    private const int Visitors = 6;

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task While_one_of_three_ends_again_and_again_no_visitor_is_refused_and_all_say_the_same()
    {
        Assert.SkipUnless(server.WhyNot is null, server.WhyNot ?? "");
        var random = new Random(20261128);
        await using var nodes = new ServerNodes(server, Nodes) { MoreSettings = ["--RateLimits:Enabled", "false"] };
        await nodes.StartAsync(0);
        await nodes.MakeAccountAsync();
        var link = await nodes.MakeLinkAsync();
        await Task.WhenAll(Enumerable.Range(1, Nodes - 1).Select(node => nodes.StartAsync(node)));

        nodes.BeginVisits(Visitors);
        var ends = Environment.GetEnvironmentVariable("SPOO_NODE_ENDS") is { Length: > 0 } text ? int.Parse(text, CultureInfo.InvariantCulture) : 3;
        for (var end = 0; end < ends; end++)
        {
            var node = random.Next(Nodes);
            await Task.Delay(random.Next(100, 600), Cancelled);
            await nodes.EndAsync(node, kill: end % 2 == 0);

            // What is changed while a node is away counts on all of them, and on that one when it is back.
            var destination = $"https://example.com/{end}";
            await nodes.AskAsync(nodes.Running.First().Address, HttpMethod.Patch, $"/api/v1/urls/{link}", $$"""{"long_url":"{{destination}}"}""");
            await nodes.StartAsync(node);
            foreach (var other in nodes.Running)
            {
                await Eventually.TrueAsync(async () => await ServerNodes.LocationAsync(other) == destination);
            }
        }

        await nodes.EndVisitsAsync();
        Assert.Equal(0, nodes.Refused);
        Assert.True(nodes.Answered.Count > ends * 20, $"{nodes.Answered.Count} redirects are no load.");

        // What a killed node had journalled is stored by the node that came after it.
        var (counted, _) = await nodes.AssertAllAreCountedAsync(Visitors);
        TestContext.Current.SendDiagnosticMessage($"{ends} ends of a node, {nodes.Answered.Count} redirects received, {counted} clicks counted by each of {Nodes}, {nodes.Refused} visitors refused");
    }
}

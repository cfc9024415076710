using System.Diagnostics;
using System.Globalization;
using System.Runtime.CompilerServices;
using Spoo.Tests.Support;

namespace Spoo.Tests.Database;

/// <summary>
/// Three servers of Spoo over one PostgreSQL behind nginx, with the configuration of <c>docs/scale.md</c>, killed and stopped at random under load while a link is edited; without nginx,
/// visitors ask the next server themselves where one does not answer. <c>SPOO_NODE_ENDS</c> says how often one ends.
/// </summary>
public sealed class NodesTests(PostgreSqlServer server) : IClassFixture<PostgreSqlServer>
{
    private const int Nodes = 3;
    private const int Visitors = 8;

    /// <summary>From the answer to an edit until every node sends visitors there.</summary>
    private static readonly TimeSpan Promised = TimeSpan.FromSeconds(2);

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task While_one_of_three_ends_again_and_again_no_visitor_is_refused_and_all_say_the_same()
    {
        Assert.SkipUnless(server.WhyNot is null, server.WhyNot ?? "");
        var ends = Environment.GetEnvironmentVariable("SPOO_NODE_ENDS") is { Length: > 0 } text ? int.Parse(text, CultureInfo.InvariantCulture) : 2;
        var random = new Random(20261128);
        int[] ports = [Ports.Free(), Ports.Free(), Ports.Free()];
        await using var nodes = new ServerNodes(server, Nodes) { Ports = ports, MoreSettings = ["--RateLimits:Enabled", "false", "--Proxies:Known:0", "127.0.0.1"] };
        await nodes.StartAsync(0);
        await nodes.MakeAccountAsync();
        var link = await nodes.MakeLinkAsync();
        await Task.WhenAll(nodes.StartAsync(1), nodes.StartAsync(2));
        await using var nginx = NginxProcess.WhyNot is null ? await NginxBeforeAsync(ports) : null;
        var balancer = nginx is null ? null : new Uri($"http://127.0.0.1:{nginx.Port}");

        nodes.BeginVisits(Visitors, balancer);
        var delays = new List<TimeSpan>();
        for (var end = 0; end < ends; end++)
        {
            var node = random.Next(Nodes);
            await Task.Delay(random.Next(100, 600), Cancelled);
            await nodes.EndAsync(node, kill: end % 2 == 0);

            // What is changed while a node is away counts on those that run, and on that one when it is back.
            var destination = $"https://example.com/{end}";
            await nodes.AskAsync(balancer ?? nodes.Running.First().Address, HttpMethod.Patch, $"/api/v1/urls/{link}", $$"""{"long_url":"{{destination}}"}""");
            delays.Add(await DelayUntilAsync(nodes, destination));
            await nodes.StartAsync(node);
            await DelayUntilAsync(nodes, destination);
        }

        await nodes.EndVisitsAsync();
        Assert.True(nodes.Refused == 0, $"{nodes.Refused} visitors refused. {nginx?.Said}");
        Assert.True(nodes.Answered.Count > ends * 20, $"{nodes.Answered.Count} redirects are no load.");

        // What a killed node had journalled is stored by the node that came after it.
        var (counted, doubles) = await nodes.AssertAllAreCountedAsync(Visitors, nginx is null ? null : await AskedTwiceAsync(nginx));
        TestContext.Current.SendDiagnosticMessage(string.Create(
            CultureInfo.InvariantCulture,
            $"{(nginx is null ? "without nginx" : "behind nginx")}: {ends} ends of a node, {nodes.Answered.Count} redirects received, {counted} clicks counted by each of {Nodes}, {doubles} of them a visit that a killed node had written down and not answered, {nodes.Refused} visitors refused; edits were on all nodes after {delays.Max().TotalSeconds:0.0} s at most ({delays.Count(delay => delay <= Promised)} of {delays.Count} within {Promised.TotalSeconds:0} s)"));
    }

    private static async Task<TimeSpan> DelayUntilAsync(ServerNodes nodes, string destination)
    {
        var began = Stopwatch.GetTimestamp();
        foreach (var node in nodes.Running)
        {
            await Eventually.TrueAsync(async () => await ServerNodes.LocationAsync(node) == destination);
        }

        return Stopwatch.GetElapsedTime(began);
    }

    // A node that is killed between writing a click down and answering leaves nginx no choice: another node is asked, and the one visit is two clicks. A node that could not even be
    // connected to, which took "-", has written nothing down.
    private static async Task<HashSet<int>> AskedTwiceAsync(NginxProcess nginx) =>
        [.. (await File.ReadAllLinesAsync(nginx.InFolder("asked.log"), Cancelled)).Select(line => line.Split(' ', 2))
            .Where(line => line[1].Split(", ")[..^1].Any(time => time != "-")).Select(line => int.Parse(line[0], CultureInfo.InvariantCulture))];

    // What the documentation says, without its certificate, and with a line for each visit that says how long it took to connect to each node that was asked.
    private static async Task<NginxProcess> NginxBeforeAsync(int[] nodes)
    {
        var (folder, port) = (new TemporaryFolder(), Ports.Free());
        var documented = (await File.ReadAllTextAsync(Documentation(), Cancelled)).Split("```nginx")[1].Split("```")[0];
        for (var node = 0; node < nodes.Length; node++)
        {
            documented = documented.Replace($"10.0.0.{node + 1}:5080", $"127.0.0.1:{nodes[node]}", StringComparison.Ordinal);
        }

        documented = string.Join('\n', documented.Split('\n').Where(line => !line.Contains("ssl_certificate", StringComparison.Ordinal)))
            .Replace("listen 443 ssl http2;", $"listen 127.0.0.1:{port};\naccess_log {folder.Path}/asked.log asked if=$arg_utm_campaign;", StringComparison.Ordinal);
        Assert.DoesNotContain("10.0.0.", documented, StringComparison.Ordinal);
        var nginx = new NginxProcess(folder, port, $"log_format asked '$arg_utm_campaign $upstream_connect_time';\n{documented}");
        await nginx.AnswersAsync();
        return nginx;
    }

    private static string Documentation([CallerFilePath] string here = "") => Path.GetFullPath(Path.Combine(Path.GetDirectoryName(here)!, "..", "..", "..", "docs", "scale.md"));
}

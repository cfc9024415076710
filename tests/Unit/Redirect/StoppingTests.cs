using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using Spoo.Tests.Support;
using Spoo.Web;

namespace Spoo.Tests.Redirect;

/// <summary>The end of a server that people are looking at. <c>SPOO_DASHBOARDS</c> says how many.</summary>
public sealed class StoppingTests
{
    private static readonly int Dashboards =
        Environment.GetEnvironmentVariable("SPOO_DASHBOARDS") is { Length: > 0 } text ? int.Parse(text, CultureInfo.InvariantCulture) : 12;

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Stopping_takes_seconds_with_dashboards_open_and_visitors_are_sent_on_until_the_port_is_free()
    {
        using var log = new KeptLog();
        await using var app = new SpooApp { Register = services => services.AddSingleton<ILoggerProvider>(log) };
        app.UseKestrel(0);
        app.StartServer();
        var owner = await app.AddUserAsync();
        var link = await app.AddAsync(Some.Link(owner: owner));
        using var signedIn = await app.SignedInAsync(owner);
        using var handler = new SocketsHttpHandler { AllowAutoRedirect = false };
        var address = app.ClientOptions.BaseAddress;
        using var visitor = new HttpClient(handler) { BaseAddress = address };
        using var dashboard = new HttpClient { BaseAddress = address };
        dashboard.DefaultRequestHeaders.Add("Cookie", signedIn.DefaultRequestHeaders.GetValues("Cookie"));
        Assert.Equal(HttpStatusCode.Redirect, (await visitor.GetAsync($"/{link.ShortCode}", Cancelled)).StatusCode);
        var circuits = new List<Circuit>();
        for (var i = 0; i < Dashboards; i++)
        {
            circuits.Add(await Circuit.OpenAsync(dashboard, "/dashboard", Cancelled));
        }

        var stopped = Stopwatch.StartNew();
        var stopping = app.Get<IHost>().StopAsync(Cancelled);
        var (sentOn, refused, free) = (0, 0, default(TimeSpan?));
        while (free is null)
        {
            try
            {
                // Each on a connection of its own, as visitors come.
                using var fresh = new SocketsHttpHandler { AllowAutoRedirect = false };
                using var one = new HttpClient(fresh);
                using var answer = await one.GetAsync(new Uri(address, $"/{link.ShortCode}"), Cancelled);
                Assert.Equal(HttpStatusCode.Redirect, answer.StatusCode);
                sentOn++;
            }
            catch (HttpRequestException)
            {
                refused++;
                free = CanBeTakenOver(address.Port) ? stopped.Elapsed : null;
            }
        }

        await Task.WhenAll(circuits.Select(circuit => circuit.EndedAsync(Cancelled)));
        var ended = stopped.Elapsed;
        await stopping;
        var all = stopped.Elapsed;
        TestContext.Current.SendDiagnosticMessage(string.Create(
            CultureInfo.InvariantCulture,
            $"{Dashboards} dashboards: the port was free after {free.Value.TotalSeconds:0.00} s ({sentOn} sent on until then, {refused} refused), circuits were closed after {ended.TotalSeconds:0.00} s, all had ended after {all.TotalSeconds:0.00} s"));
        circuits.ForEach(circuit => circuit.Dispose());
        Assert.InRange(all, TimeSpan.Zero, TimeSpan.FromSeconds(10));
        Assert.InRange(refused, 0, 3);
        Assert.Empty(log.Worries);
    }

    [Fact]
    public async Task Told_to_stop_a_server_goes_on_for_as_long_as_its_balancer_needs_to_notice()
    {
        var clock = new FakeTimeProvider(DateTimeOffset.UtcNow);
        await using var app = new SpooApp { Clock = clock, Settings = { ["Server:DrainFor"] = "00:00:30" } };
        app.UseKestrel(0);
        app.StartServer();
        var link = await app.AddAsync(Some.Link(owner: await app.AddUserAsync()));
        using var handler = new SocketsHttpHandler { AllowAutoRedirect = false };
        using var client = new HttpClient(handler) { BaseAddress = app.ClientOptions.BaseAddress };
        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync("/health/ready", Cancelled)).StatusCode);

        var stopping = app.Get<IHost>().StopAsync(Cancelled);
        await Eventually.TrueAsync(async () => (await client.GetAsync("/health/ready", Cancelled)).StatusCode == HttpStatusCode.ServiceUnavailable);
        Assert.Equal(HttpStatusCode.Redirect, (await client.GetAsync($"/{link.ShortCode}", Cancelled)).StatusCode);
        Assert.False(stopping.IsCompleted);

        clock.Advance(TimeSpan.FromSeconds(30));
        await stopping.WaitAsync(Eventually.Patience, Cancelled);
        await Assert.ThrowsAsync<HttpRequestException>(() => client.GetAsync($"/{link.ShortCode}", Cancelled));
    }

    /// <summary>What ends a request may end another one with it; that one's context is somebody else's from then on.</summary>
    [Fact]
    public async Task A_connection_that_has_just_ended_is_not_broken_off()
    {
        using var lifetime = new Lifetime();
        var stopping = new Stopping(lifetime);
        var ends = new[] { new TaskCompletionSource(), new TaskCompletionSource() };
        var requests = new Task[2];
        var broken = 0;
        for (var i = 0; i < 2; i++)
        {
            var (own, other) = (i, 1 - i);
            var context = new DefaultHttpContext { Request = { Path = "/_blazor" } };
            context.Features.Set<IHttpRequestLifetimeFeature>(new Breakable(() =>
            {
                Assert.False(requests[own].IsCompleted);
                broken++;
                ends[other].SetResult();
                Assert.True(requests[other].IsCompleted);
            }));
            requests[i] = stopping.InvokeAsync(context, _ => ends[own].Task);
        }

        lifetime.StopApplication();

        Assert.Equal(1, broken);
    }

    private sealed class Breakable(Action abort) : IHttpRequestLifetimeFeature
    {
        public CancellationToken RequestAborted { get; set; }

        public void Abort() => abort();
    }

    private sealed class Lifetime : IHostApplicationLifetime, IDisposable
    {
        private readonly CancellationTokenSource _stopping = new();

        public CancellationToken ApplicationStarted => CancellationToken.None;

        public CancellationToken ApplicationStopping => _stopping.Token;

        public CancellationToken ApplicationStopped => CancellationToken.None;

        public void StopApplication() => _stopping.Cancel();

        public void Dispose() => _stopping.Dispose();
    }

    private static bool CanBeTakenOver(int port)
    {
        try
        {
            using var listener = new TcpListener(IPAddress.Loopback, port);
            listener.Start();
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}

using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Microsoft.EntityFrameworkCore;
using Spoo.Data.Care;
using Spoo.Data.Clicks.Moved;
using Spoo.Data.Clicks.News;
using Spoo.Data.Clicks.Storing;
using Spoo.Data.Database;
using Spoo.Data.Links;
using Spoo.Tests.Support;

namespace Spoo.Tests.ClickHouse;

/// <summary>Older clicks live in a ClickHouse that is away: it takes no connection, or takes them and says nothing. What needs it says so soon, and nothing else notices.</summary>
[OnEveryDatabase]
public sealed class MovedClicksAwayTests : IAsyncDisposable
{
    /// <summary>For all of it together, most of which a busy machine takes; a statement that is waited for at length is waited for by the hour.</summary>
    private static readonly TimeSpan Hanging = TimeSpan.FromSeconds(90);

    private readonly TcpListener _silent = new(IPAddress.Loopback, 0);
    private SpooApp? _app;

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public async ValueTask DisposeAsync()
    {
        if (_app is not null)
        {
            await _app.DisposeAsync();
        }

        _silent.Dispose();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Links_redirects_and_whatever_is_deleted_do_not_notice(bool isSilent)
    {
        var app = await AppAsync(isSilent);
        var owner = await app.AddUserAsync();
        var (link, other) = (await app.AddAsync(Some.Link(owner: owner)), await app.AddAsync(Some.Link(owner: owner)));
        await app.AddAsync(Some.Click(link), Some.Click(other));
        var client = await app.WithKeyAsync(owner);
        var started = Stopwatch.GetTimestamp();

        Assert.Equal(HttpStatusCode.Redirect, (await app.Anonymous().GetAsync("/" + link.ShortCode, Cancelled)).StatusCode);
        await app.StoredAsync();
        Assert.Equal(2, await ClicksAsync(app, link));
        Assert.Equal(HttpStatusCode.OK, (await (await app.SignedInAsync(owner)).GetAsync("/settings", Cancelled)).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await client.DeleteAsync($"/api/v1/urls/{other.PublicId}", Cancelled)).StatusCode);
        await app.Get<ClickHistory>().ClearAsync(owner.Id, null, Cancelled);
        Assert.Equal(0, await ClicksAsync(app, link));
        Assert.IsType<RemovalOutcome.Done>(await app.Get<AccountRemoval>().RemoveAsync(owner.Id, Cancelled));

        Assert.InRange(Stopwatch.GetElapsedTime(started), TimeSpan.Zero, Hanging);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task What_needs_those_clicks_says_that_ClickHouse_does_not_answer(bool isSilent)
    {
        var app = await AppAsync(isSilent);
        var owner = await app.AddUserAsync();
        var link = await app.AddAsync(Some.Link(owner: owner));
        await app.AddAsync(Some.Click(link));
        var client = await app.WithKeyAsync(owner);
        var visitor = new Visitor(app);
        await visitor.SignInAsync(new(owner.Email!, "correct horse"));
        await visitor.OpenAsync("/settings");
        var started = Stopwatch.GetTimestamp();

        var refused = await client.ProblemAsync("/api/v1/export/clicks?format=ndjson", 503, "counting_unavailable");
        await visitor.SendAsync("keeping", ("Input.Days", "30"));
        var page = await visitor.Client.GetAsync("/settings/download", Cancelled);
        var round = await Assert.ThrowsAsync<ClickHouseException>(() => app.Get<ClickRetention>().CountOlderAsync(owner.Id, 30, Cancelled));

        Assert.InRange(Stopwatch.GetElapsedTime(started), TimeSpan.Zero, Hanging);
        Assert.Contains("ClickHouse server number 1, where older ones live, does not answer", refused.Text("error"), StringComparison.Ordinal);
        Assert.Contains("The server that keeps older clicks does not answer. How many clicks are older", visitor.Text, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, page.StatusCode);
        Assert.Contains("The server that keeps older clicks does not answer", await page.Content.ReadAsStringAsync(Cancelled), StringComparison.Ordinal);
        Assert.StartsWith("ClickHouse at 127.0.0.1", StoreFailure.InWords(round), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_cleared_up_beside_those_clicks_does_not_wait_for_them()
    {
        var app = await AppAsync(isSilent: false);
        var link = await app.AddAsync(Some.Link());
        await app.AddAsync(Some.Click(link));
        app.Get<RefusedClicks>().Keep(new RefusedClick
        {
            Writer = 1,
            Sequence = 1,
            RefusedAt = Some.Noon,
            Reason = "a test",
            IsBlocked = false,
            Click = new() { LinkId = link.Id, Time = Some.Noon, Visitor = 1 },
        });
        await using (var database = app.OpenDatabase())
        {
            await database.DeleteLinksAsync([(link.Id, 1)], Some.Noon, Cancelled);
        }

        await Assert.ThrowsAsync<ClickHouseException>(() => app.Get<ClearingUp>().RunAsync(Cancelled));

        Assert.Empty(app.Get<RefusedClicks>().Files());
    }

    // Whether there ever was one does not matter: the database says that clicks live there.
    private async Task<SpooApp> AppAsync(bool isSilent)
    {
        _silent.Start();
        var port = isSilent ? ((IPEndPoint)_silent.LocalEndpoint).Port : 1;
        _app = new SpooApp
        {
            Settings = { ["Stats:Engine"] = "ClickHouse", ["Stats:ClickHouse:ConnectionString"] = $"Host=127.0.0.1;Port={port};Database=spoo;Timeout=2", ["Quotas:ClicksAMonth"] = "1000" },
            Register = ClickHouseDoor.WithoutRounds,
        };
        await using var database = _app.OpenDatabase();
        database.ClickMoves.Add(new ClickMove { Piece = 1, Servers = 1 });
        await database.SaveChangesAsync(Cancelled);
        return _app;
    }

    private static async Task<long> ClicksAsync(SpooApp app, Link link)
    {
        await using var database = app.OpenDatabase();
        return await database.Links.Where(row => row.Id == link.Id).Select(row => row.TotalClicks).SingleAsync(Cancelled);
    }
}

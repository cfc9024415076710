using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Time.Testing;
using Spoo.Data.Care;
using Spoo.Data.Links;
using Spoo.Data.Links.Domains;
using Spoo.Data.Links.Missed;
using Spoo.Tests.Support;

namespace Spoo.Tests.Links;

/// <summary>Codes that are not there: who asked in vain is counted, and nobody can fill the house with made-up names.</summary>
[OnEveryDatabase]
public sealed class MissedCodesTests : IAsyncDisposable
{
    private const string Firefox = "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0";
    private const string Google = "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)";

    private readonly FakeTimeProvider _clock = new(Some.Noon);
    private readonly SpooApp _app;

    public MissedCodesTests() => _app = new SpooApp { Clock = _clock };

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    [Fact]
    public async Task What_people_ask_for_in_vain_is_listed_by_count_until_there_is_such_a_link()
    {
        var admin = await _app.AddAdministratorAsync();
        var client = await _app.WithKeyAsync(admin);
        var link = await _app.AddAsync(Some.Link("here", admin));
        foreach (var path in (string[])["/Lauch", "/lost", "/Lauch", "/here", "/Lauch.", "/lost/wp-login", "/api", "/a", "/Lauch", "/xmlrpc.php"])
        {
            await AskAsync(path);
        }

        await AskAsync("/lost", userAgent: Google);
        await AskAsync("/lost", method: HttpMethod.Head);

        Assert.Equal([("Lauch", 4), ("lost", 1)], await MissedAsync(client));
        _clock.Advance(TimeSpan.FromMinutes(10));
        await AskAsync("/lost");
        Assert.Equal([("Lauch", 4), ("lost", 2)], await MissedAsync(client));
        var lost = (await client.JsonAsync("/api/v1/missed?pageSize=1&page=2")).GetProperty("items")[0];
        Assert.Equal(("localhost", "2026-02-18T12:00:00Z", "2026-02-18T12:10:00Z"), (lost.Text("domain"), lost.Text("first_at"), lost.Text("last_at")));

        await client.SendAsync(HttpMethod.Post, "/api/v1/shorten", """{"long_url":"https://example.com/launch","alias":"Lauch"}""").JsonAsync(201);
        Assert.Equal([("lost", 2)], await MissedAsync(client));
        Assert.Equal("https://example.com/page", (await AskAsync("/here")).Headers.Location?.ToString());
        Assert.NotEqual(0, link.Id);
    }

    [Fact]
    public async Task A_domain_shows_its_own_to_its_owner_and_goes_with_them()
    {
        var (owner, admin) = (await _app.AddUserAsync(), await _app.AddAdministratorAsync());
        await AddDomainAsync("links.example.com", owner.Id);
        await AskAsync("/Promo", "links.example.com");
        await AskAsync("/Promo");
        var (theirs, all) = (await _app.WithKeyAsync(owner), await _app.WithKeyAsync(admin));

        Assert.Equal([("Promo", 1)], await MissedAsync(theirs));
        Assert.Equal("links.example.com", (await theirs.JsonAsync("/api/v1/missed?domain=links.example.com")).GetProperty("items")[0].Text("domain"));
        Assert.Equal("localhost", (await all.JsonAsync("/api/v1/missed")).GetProperty("items")[0].Text("domain"));
        await theirs.SendAsync(HttpMethod.Get, "/api/v1/missed?domain=localhost").ProblemAsync(404, "not_found");
        await all.SendAsync(HttpMethod.Get, "/api/v1/missed?domain=links.example.com").ProblemAsync(404, "not_found");

        // A key that may read links is not an administrator's key.
        Assert.Empty(await MissedAsync(await _app.WithKeyAsync(admin, "urls:read")));

        await _app.Get<AccountRemoval>().RemoveAsync(owner.Id, Cancelled);
        await using var database = _app.OpenDatabase();
        Assert.Equal([Domain.Default], await database.MissedCodes.Select(missed => missed.DomainId).ToListAsync(Cancelled));
    }

    [Fact]
    public async Task Made_up_names_push_out_each_other_and_never_what_is_wanted()
    {
        var missed = _app.Get<MissedCodes>();
        await CountAsync(missed, "wanted", 3);
        for (var round = 0; round < 3; round++)
        {
            for (var number = 0; number < MissedCodes.MostOfDomain * 2; number++)
            {
                missed.Count(Domain.Default, $"r{round}n{number}", _clock.GetUtcNow());
            }

            await missed.WriteAsync(Cancelled);
        }

        await using var database = _app.OpenDatabase();
        Assert.Equal(MissedCodes.MostOfDomain, await database.MissedCodes.CountAsync(Cancelled));
        Assert.Equal(3, (await database.MissedCodes.SingleAsync(row => row.Code == "wanted", Cancelled)).Times);
    }

    [Fact]
    public async Task What_nobody_asks_for_any_more_is_forgotten()
    {
        var missed = _app.Get<MissedCodes>();
        await CountAsync(missed, "once", 1);
        _clock.Advance(TimeSpan.FromDays(60));
        await CountAsync(missed, "later", 1);
        _clock.Advance(TimeSpan.FromDays(40));

        await missed.ClearUpAsync(Cancelled);

        await using var database = _app.OpenDatabase();
        Assert.Equal(["later"], await database.MissedCodes.Select(row => row.Code).ToListAsync(Cancelled));
    }

    [Fact]
    public async Task What_could_not_be_written_is_written_the_next_time()
    {
        var contexts = new BreakableContexts(_app.OpenDatabase);
        var missed = new MissedCodes(contexts, _app.Get<Data.Accounts.Administrators>(), new ShorteningOptions(), _clock);
        missed.Count(Domain.Default, "lost", _clock.GetUtcNow());
        contexts.IsBroken = true;
        await Assert.ThrowsAnyAsync<Exception>(() => missed.WriteAsync(Cancelled));
        missed.Count(Domain.Default, "lost", _clock.GetUtcNow());
        contexts.IsBroken = false;

        await missed.WriteAsync(Cancelled);

        await using var database = _app.OpenDatabase();
        Assert.Equal(2, (await database.MissedCodes.SingleAsync(Cancelled)).Times);
    }

    private async Task CountAsync(MissedCodes missed, string code, int times)
    {
        for (var time = 0; time < times; time++)
        {
            missed.Count(Domain.Default, code, _clock.GetUtcNow());
        }

        await missed.WriteAsync(Cancelled);
    }

    private async Task<HttpResponseMessage> AskAsync(string path, string? host = null, string userAgent = Firefox, HttpMethod? method = null)
    {
        using var request = new HttpRequestMessage(method ?? HttpMethod.Get, path);
        request.Headers.UserAgent.ParseAdd(userAgent);
        request.Headers.Host = host;
        return await _app.Anonymous().SendAsync(request, Cancelled);
    }

    private static async Task<IEnumerable<(string, int)>> MissedAsync(HttpClient client) =>
        (await client.JsonAsync("/api/v1/missed")).GetProperty("items").EnumerateArray().Select(item => (item.Text("alias"), item.GetProperty("times").GetInt32())).ToList();

    private async Task AddDomainAsync(string host, string ownerId)
    {
        await using (var database = _app.OpenDatabase())
        {
            database.Domains.Add(new Domain { PublicId = Data.PublicId.New(Some.Noon), Host = host, OwnerId = ownerId, State = DomainState.Active, CreatedAt = Some.Noon });
            await database.SaveChangesAsync(Cancelled);
        }

        await _app.Get<KnownDomains>().ReloadAsync(Cancelled);
    }
}

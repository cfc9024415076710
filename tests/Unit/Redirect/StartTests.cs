using Microsoft.Extensions.Time.Testing;
using Spoo.Data.Links;
using Spoo.Data.Links.Domains;
using Spoo.Tests.Support;

namespace Spoo.Tests.Redirect;

/// <summary>Links that begin later, and where links lead whose end says nothing.</summary>
public sealed class StartTests : IAsyncDisposable
{
    private readonly FakeTimeProvider _clock = new(Some.Noon);
    private readonly SpooApp _app;

    public StartTests() => _app = new SpooApp { Clock = _clock };

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    [Fact]
    public async Task A_link_leads_nowhere_before_it_begins_and_says_when_that_is()
    {
        var client = await OwnerAsync();
        var made = await MakeAsync(client, """{"long_url":"https://example.com/launch","alias":"launch","starts_at":"2026-02-18T13:00:00Z","expire_after":"2026-02-18T14:00:00Z"}""");
        Assert.Equal("2026-02-18T13:00:00Z", made.Text("starts_at"));

        foreach (var path in (string[])["/launch", "/launch", "/launch+"])
        {
            using var early = await _app.Anonymous().GetAsync(path, Cancelled);
            var page = await early.Content.ReadAsStringAsync(Cancelled);
            Assert.Equal(404, (int)early.StatusCode);
            Assert.Contains("NOT YET LIVE", page, StringComparison.Ordinal);
            Assert.Matches("It begins on [^<]*18[^<]*2026, [^<]*1[^<]*, UTC", page);
            Assert.DoesNotContain("example.com/launch", page, StringComparison.Ordinal);
            Assert.True(early.Headers.CacheControl?.NoStore);
        }

        _clock.SetUtcNow(Some.Noon.AddHours(1));
        Assert.Equal((302, "https://example.com/launch"), await GoAsync("/launch"));
        await _app.StoredAsync();
        Assert.Equal(1, (await client.JsonAsync($"/api/v1/urls/{made.Text("id")}")).GetProperty("total_clicks").GetInt32());
        _clock.SetUtcNow(Some.Noon.AddHours(2));
        Assert.Equal((410, null), await GoAsync("/launch"));
    }

    [Fact]
    public async Task Who_comes_too_early_is_led_elsewhere_unless_a_password_keeps_them_out()
    {
        var client = await OwnerAsync();
        var made = await MakeAsync(client, """{"long_url":"https://example.com/a","alias":"soon","starts_at":"2026-02-19","pre_start_url":"https://example.com/teaser"}""");

        Assert.Equal((302, "https://example.com/teaser"), await GoAsync("/soon"));
        Assert.Equal((302, "https://example.com/teaser"), await GoAsync("/soon"));
        await PatchAsync(client, made.Text("id"), """{"password":"secure@123"}""");
        Assert.Equal((404, null), await GoAsync("/soon"));
        await PatchAsync(client, made.Text("id"), """{"password":null,"starts_at":null}""");
        Assert.Equal((302, "https://example.com/a"), await GoAsync("/soon"));
        await _app.StoredAsync();
        Assert.Equal(1, (await client.JsonAsync($"/api/v1/urls/{made.Text("id")}")).GetProperty("total_clicks").GetInt32());

        await using var database = _app.OpenDatabase();
        Assert.Equal(
            [(LinkField.Password, null, "set"), (LinkField.Password, "set", null), (LinkField.StartsAt, "2026-02-19T00:00:00Z", null)],
            database.LinkChanges.OrderBy(change => change.Id).AsEnumerable().Select(change => (change.Field, change.Before, change.After)));
    }

    [Theory]
    [InlineData("""{"starts_at":"2026-03-02","expire_after":"2026-03-01"}""", "starts_at")]
    [InlineData("""{"starts_at":"tomorrow"}""", "starts_at")]
    [InlineData("""{"pre_start_url":"javascript:alert(1)"}""", "pre_start_url")]
    public async Task A_start_that_cannot_be_is_refused_by_name(string fields, string field)
    {
        var client = await OwnerAsync();
        var made = await MakeAsync(client, """{"long_url":"https://example.com/a"}""");

        using var edited = await client.SendAsync(HttpMethod.Patch, $"/api/v1/urls/{made.Text("id")}", fields);
        using var shortened = await client.SendAsync(HttpMethod.Post, "/api/v1/shorten", fields[..^1] + ",\"long_url\":\"https://example.com/a\"}");

        Assert.InRange((int)edited.StatusCode, 400, 422);
        Assert.InRange((int)shortened.StatusCode, 400, 422);
        Assert.Contains($"\"field\":\"{field}\"", await edited.Content.ReadAsStringAsync(Cancelled), StringComparison.Ordinal);
        Assert.Contains($"\"field\":\"{field}\"", await shortened.Content.ReadAsStringAsync(Cancelled), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_ended_link_leads_where_it_says_or_else_its_domain()
    {
        var owner = await _app.AddUserAsync();
        var client = await _app.WithKeyAsync(owner);
        string id;
        await using (var database = _app.OpenDatabase())
        {
            var domain = new Domain { PublicId = Data.PublicId.New(Some.Noon), Host = "links.example.com", OwnerId = owner.Id, State = DomainState.Active, CreatedAt = Some.Noon };
            database.Domains.Add(domain);
            await database.SaveChangesAsync(Cancelled);
            id = domain.PublicId;
        }

        await _app.Get<KnownDomains>().ReloadAsync(Cancelled);
        var edited = await client.SendAsync(HttpMethod.Patch, $"/api/v1/custom-domains/{id}", """{"expired_redirect":"https://example.com/over"}""").JsonAsync();
        Assert.Equal("https://example.com/over", edited.Text("expired_redirect"));
        await MakeAsync(client, """{"long_url":"https://example.com/a","alias":"silent","domain":"links.example.com","max_clicks":1}""");
        await MakeAsync(client, """{"long_url":"https://example.com/a","alias":"own","domain":"links.example.com","max_clicks":1,"expired_redirect_url":"https://example.com/own"}""");
        await MakeAsync(client, """{"long_url":"https://example.com/a","alias":"silent","max_clicks":1}""");
        foreach (var (path, host) in (IEnumerable<(string, string?)>)[("/silent", "links.example.com"), ("/own", "links.example.com"), ("/silent", null)])
        {
            await GoAsync(path, host);
        }

        Assert.Equal((302, "https://example.com/over"), await GoAsync("/silent", "links.example.com"));
        Assert.Equal((302, "https://example.com/own"), await GoAsync("/own", "links.example.com"));
        Assert.Equal((410, null), await GoAsync("/silent"));
        _app.Get<ShorteningOptions>().EndedUrl = "https://example.com/house";
        Assert.Equal((302, "https://example.com/house"), await GoAsync("/silent"));
    }

    private async Task<HttpClient> OwnerAsync() => await _app.WithKeyAsync(await _app.AddUserAsync());

    private static Task<System.Text.Json.JsonElement> MakeAsync(HttpClient client, string json) => client.SendAsync(HttpMethod.Post, "/api/v1/shorten", json).JsonAsync(201);

    private static Task<System.Text.Json.JsonElement> PatchAsync(HttpClient client, string id, string json) => client.SendAsync(HttpMethod.Patch, $"/api/v1/urls/{id}", json).JsonAsync();

    private async Task<(int, string?)> GoAsync(string path, string? host = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Host = host;
        request.Headers.AcceptLanguage.ParseAdd("en-US");
        using var answer = await _app.Anonymous().SendAsync(request, Cancelled);
        return ((int)answer.StatusCode, answer.Headers.Location?.ToString());
    }
}

using System.Globalization;
using System.Text.Json;
using Spoo.Data.Accounts;
using Spoo.Data.Links;
using Spoo.Data.Links.Codes;
using Spoo.Tests.Support;

namespace Spoo.Tests.Api.ShortIo;

/// <summary>Short.io's links, as its official client (3.x) and common scripts call them: with the key alone in the header.</summary>
public sealed class ShortIoLinksTests(SpooApp app) : IClassFixture<SpooApp>
{
    [Fact]
    public async Task A_link_is_made_looked_up_changed_counted_and_deleted()
    {
        var (client, owner) = await OwnerAsync();
        var path = Some.Unique("sio");

        var made = await client.SendAsync(HttpMethod.Post, "/links", $$"""
            {"domain":"localhost","originalURL":"https://example.com/a?x=1","path":"{{path}}","title":"Spring","tags":["news"],"clicksLimit":5,
             "password":"correct horse","expiresAt":4070908800000,"skipQS":true,"utmSource":"mail","cloaking":false,"archived":false,"allowDuplicates":false}
            """).JsonAsync();
        var id = made.Text("idString");

        Assert.Matches("^lnk_[0-9a-f]{24}$", id);
        Assert.Equal((id, $"http://localhost/{path}", path, "https://example.com/a?x=1&utm_source=mail"), (made.Text("id"), made.Text("shortURL"), made.Text("path"), made.Text("originalURL")));
        Assert.Equal((true, false, true, 5L), (made.GetProperty("success").GetBoolean(), made.GetProperty("duplicate").GetBoolean(), made.GetProperty("hasPassword").GetBoolean(), made.GetProperty("clicksLimit").GetInt64()));
        Assert.Equal(("2099-01-01T00:00:00.000Z", "302", "mail", owner.Id), (made.Text("expiresAt"), made.Text("redirectType"), made.Text("utmSource"), made.Text("OwnerId")));

        var expanded = await client.JsonAsync($"/links/expand?domain=localhost&path={path}");
        var found = await client.JsonAsync($"/links/{id}");
        Assert.Equal(expanded.GetRawText(), found.GetRawText());
        Assert.Equal(0, (await client.JsonAsync($"/statistics/link/{id}?period=total&tzOffset=0")).GetProperty("totalClicks").GetInt32());
        Assert.Equal("""{"ID":0}""".Replace("ID", id, StringComparison.Ordinal), (await client.JsonAsync($"/statistics/domain/1/link_clicks?ids={id}")).GetRawText());

        var changed = await client.SendAsync(HttpMethod.Post, $"/links/{id}", """{"originalURL":"https://example.com/b","title":"Summer","password":"","clicksLimit":null}""").JsonAsync();
        Assert.Equal(("https://example.com/b", "Summer", false, JsonValueKind.Null), (changed.Text("originalURL"), changed.Text("title"), changed.GetProperty("hasPassword").GetBoolean(), changed.GetProperty("clicksLimit").ValueKind));
        Assert.Equal(302, (int)(await app.Anonymous().GetAsync($"/{path}", TestContext.Current.CancellationToken)).StatusCode);

        var deleted = await client.SendAsync(HttpMethod.Delete, $"/links/{id}").JsonAsync();
        Assert.Equal($$"""{"success":true,"idString":"{{id}}"}""", deleted.GetRawText());
        Assert.Equal("Link not found", (await client.SendAsync(HttpMethod.Get, $"/links/{id}").JsonAsync(404)).Text("error"));
    }

    [Fact]
    public async Task The_same_link_is_not_made_twice_and_another_destination_is_a_conflict()
    {
        var (client, _) = await OwnerAsync();
        var path = Some.Unique("sio");
        var body = $$"""{"domain":"spoo.me","originalURL":"https://example.com/a","path":"{{path}}"}""";
        var first = await client.SendAsync(HttpMethod.Post, "/links", body).JsonAsync();

        var second = await client.SendAsync(HttpMethod.Post, "/links", body).JsonAsync();
        var other = await client.SendAsync(HttpMethod.Post, "/links", body.Replace("/a", "/b", StringComparison.Ordinal)).JsonAsync(409);

        Assert.Equal((first.Text("idString"), true), (second.Text("idString"), second.GetProperty("duplicate").GetBoolean()));
        Assert.Equal((409, false), (other.GetProperty("statusCode").GetInt32(), other.GetProperty("success").GetBoolean()));
        Assert.Equal(other.Text("error"), other.Text("message"));
    }

    [Fact]
    public async Task Links_come_page_by_page_each_once_also_when_one_is_made_meanwhile()
    {
        var (client, owner) = await OwnerAsync();
        var made = new List<Link>();
        for (var number = 0; number < 5; number++)
        {
            made.Add(await app.AddAsync(Some.Link(owner: owner, createdAt: Some.Noon.AddHours(-number / 2))));
        }

        foreach (var (order, expected) in new[] { ("desc", made.OrderByDescending(link => (link.CreatedAt, link.Id))), ("asc", made.OrderBy(link => (link.CreatedAt, link.Id))) })
        {
            var paths = new List<string>();
            string? token = null;
            do
            {
                var page = await client.JsonAsync($"/api/links?domain_id=1&limit=2&dateSortOrder={order}&pageToken={token}");
                Assert.Equal(made.Count, page.GetProperty("count").GetInt32());
                paths.AddRange(page.GetProperty("links").Column("path"));
                token = page.Has("nextPageToken") ? Uri.EscapeDataString(page.Text("nextPageToken")) : null;
            }
            while (token is not null);

            Assert.Equal(expected.Select(link => link.ShortCode), paths);
        }

        var first = await client.JsonAsync("/api/links?domain_id=1&limit=2");
        await app.AddAsync(Some.Link(owner: owner, createdAt: Some.Noon.AddHours(1)));
        var next = await client.JsonAsync($"/api/links?domain_id=1&limit=2&pageToken={Uri.EscapeDataString(first.Text("nextPageToken"))}");
        Assert.Empty(first.GetProperty("links").Column("path").Intersect(next.GetProperty("links").Column("path")));
    }

    [Theory]
    [InlineData("/api/links", "domain_id")]
    [InlineData("/api/links?domain_id=1&limit=151", "limit")]
    [InlineData("/api/links?domain_id=1&dateSortOrder=up", "dateSortOrder")]
    [InlineData("/api/links?domain_id=1&pageToken=made-up", "pageToken")]
    [InlineData("/links/expand?domain=localhost", "path")]
    public async Task What_is_wrong_is_named(string address, string name)
    {
        var (client, _) = await OwnerAsync();

        Assert.StartsWith(name, (await client.SendAsync(HttpMethod.Get, address).JsonAsync(400)).Text("error"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("cloaking", "true")]
    [InlineData("integrationGA", "\"G-1\"")]
    [InlineData("folderId", "\"f\"")]
    public async Task What_links_here_cannot_do_is_refused_by_name_and_no_link_is_made(string field, string value)
    {
        var (client, _) = await OwnerAsync();

        var refused = await client.SendAsync(HttpMethod.Post, "/links", $$"""{"domain":"localhost","originalURL":"https://example.com/a","{{field}}":{{value}}}""").JsonAsync(403);

        Assert.StartsWith(field, refused.Text("error"), StringComparison.Ordinal);
        Assert.Equal(("feature_disabled", 0), (refused.Text("code"), (await client.JsonAsync("/api/links?domain_id=1")).GetProperty("count").GetInt32()));
    }

    [Theory]
    [InlineData("/links", "clickslimit", "5")]
    [InlineData("/links", "Title", "\"x\"")]
    [InlineData("/links/{0}", "expires_at", "\"2090-01-01\"")]
    [InlineData("/links/{0}", "domain", "\"go.example.com\"")]
    public async Task A_field_in_another_spelling_or_of_another_call_is_refused_by_name(string address, string field, string value)
    {
        var (client, owner) = await OwnerAsync();
        var link = await app.AddAsync(Some.Link(owner: owner));
        var required = address == "/links" ? "\"domain\":\"localhost\",\"originalURL\":\"https://example.com/a\"," : "";

        var refused = await client.SendAsync(HttpMethod.Post, string.Format(CultureInfo.InvariantCulture, address, link.PublicId), $$"""{{{required}}"{{field}}":{{value}}}""").JsonAsync(400);

        Assert.StartsWith(field, refused.Text("error"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Apps_a_split_test_and_what_comes_after_the_end_are_set_read_back_and_taken_away()
    {
        var (client, _) = await OwnerAsync();

        var made = await client.SendAsync(HttpMethod.Post, "/links", """
            {"domain":"localhost","originalURL":"https://example.com/a","iphoneURL":"https://example.com/ios","androidURL":"https://example.com/play",
             "splitURL":"https://example.com/b","splitPercent":30,"expiredURL":"https://example.com/over","redirectType":307}
            """).JsonAsync();

        Assert.Equal(
            ("https://example.com/ios", "https://example.com/play", "https://example.com/b", 30, "https://example.com/over", "307"),
            (made.Text("iphoneURL"), made.Text("androidURL"), made.Text("splitURL"), made.GetProperty("splitPercent").GetInt32(), made.Text("expiredURL"), made.Text("redirectType")));
        using var visit = new HttpRequestMessage(HttpMethod.Get, "/" + made.Text("path"));
        visit.Headers.TryAddWithoutValidation("User-Agent", "Mozilla/5.0 (iPhone; CPU iPhone OS 17_4 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.4 Mobile/15E148 Safari/604.1");
        var answer = await app.Anonymous().SendAsync(visit, TestContext.Current.CancellationToken);
        Assert.Equal((307, "https://example.com/ios"), ((int)answer.StatusCode, answer.Headers.Location?.OriginalString));
        var changed = await client.SendAsync(HttpMethod.Post, $"/links/{made.Text("idString")}", """{"iphoneURL":"","splitURL":null,"expiredURL":null,"redirectType":302}""").JsonAsync();
        Assert.All(["iphoneURL", "splitURL", "expiredURL"], (string name) => Assert.Equal(JsonValueKind.Null, changed.GetProperty(name).ValueKind));
        Assert.Equal("https://example.com/play", changed.Text("androidURL"));
    }

    [Fact]
    public async Task Keys_are_asked_for_and_each_account_sees_its_own()
    {
        var (client, owner) = await OwnerAsync();
        var link = await app.AddAsync(Some.Link(owner: owner));
        var (stranger, _) = await OwnerAsync();

        foreach (var address in new[] { "/api/domains", "/api/links?domain_id=1", $"/links/{link.PublicId}", $"/links/expand?domain=localhost&path={link.ShortCode}" })
        {
            Assert.Equal("Unauthorized", (await app.Anonymous().SendAsync(HttpMethod.Get, address).JsonAsync(401)).Text("error"));
            Assert.Equal("Unauthorized", (await ShortIoHouse.Presenting(app, "made-up").SendAsync(HttpMethod.Get, address).JsonAsync(401)).Text("error"));
        }

        await stranger.SendAsync(HttpMethod.Get, $"/links/lnk_{link.PublicId}").JsonAsync(404);
        await stranger.SendAsync(HttpMethod.Get, $"/links/expand?domain=localhost&path={link.ShortCode}").JsonAsync(404);
        await client.SendAsync(HttpMethod.Get, $"/links/expand?domain=other.example&path={link.ShortCode}").JsonAsync(404);
        await stranger.SendAsync(HttpMethod.Delete, $"/links/lnk_{link.PublicId}").JsonAsync(404);
        await stranger.SendAsync(HttpMethod.Post, $"/links/lnk_{link.PublicId}", """{"title":"mine"}""").JsonAsync(404);
        Assert.Equal(("localhost", 1), ((await client.JsonAsync("/api/domains"))[0].Text("hostname"), (await client.JsonAsync("/api/domains"))[0].GetProperty("id").GetInt32()));
    }

    [Fact]
    public async Task The_page_at_the_same_address_is_left_alone()
    {
        var page = await (await app.SignedInAsync(await app.AddUserAsync())).GetAsync("/links", TestContext.Current.CancellationToken);

        Assert.Equal("text/html", page.Content.Headers.ContentType?.MediaType);
    }

    private async Task<(HttpClient Client, SpooUser Owner)> OwnerAsync()
    {
        var owner = await app.AddUserAsync();
        return (ShortIoHouse.Presenting(app, await app.AddKeyAsync(owner)), owner);
    }
}

using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Spoo.Data.Accounts;
using Spoo.Data.Links;
using Spoo.Data.Links.Codes;
using Spoo.Tests.Support;

namespace Spoo.Tests.Api;

[OnEveryDatabase]
public sealed class ShortenApiTests(SpooApp app) : IClassFixture<SpooApp>
{
    private const string Shorten = "/api/v1/shorten";

    [Fact]
    public async Task Anybody_may_shorten_and_then_nobody_owns_the_link()
    {
        var body = await PostAsync(app.Anonymous(), """{"long_url":"https://example.com/a"}""").JsonAsync(201);

        Assert.Equal(["id", "alias", "domain", "short_url", "long_url", "owner_id", "created_at", "status", "private_stats", "pass_query", "tags", "claim_token"], body.Names());
        Assert.Equal($"http://localhost/{body.Text("alias")}", body.Text("short_url"));
        Assert.Equal("ACTIVE", body.Text("status"));
        Assert.Equal(JsonValueKind.Null, body.GetProperty("owner_id").ValueKind);
        Assert.Equal(JsonValueKind.Number, body.GetProperty("created_at").ValueKind);
        Assert.Equal(7, body.Text("alias").Length);
        Assert.Matches("^[0-9a-f]{24}$", body.Text("id"));
    }

    [Fact]
    public async Task Whoever_made_a_link_without_an_account_takes_it_into_one_once_and_with_its_clicks()
    {
        var made = await PostAsync(app.Anonymous(), """{"long_url":"https://example.com/a"}""").JsonAsync(201);
        var owner = await app.AddUserAsync();
        var client = await app.WithKeyAsync(owner, ApiKeyScope.UrlsManage, ApiKeyScope.StatsRead);
        Assert.Equal(0, (await client.JsonAsync("/api/v1/stats?scope=all")).GetProperty("summary").GetProperty("total_clicks").GetInt32());
        await app.AddAsync(Some.Click(await LinkAsync(made.Text("alias")), DateTimeOffset.UtcNow.AddSeconds(-1)));
        var claim = $$"""{"claims":[{"url_id":"{{made.Text("id")}}","token":"{{made.Text("claim_token")}}"}]}""";

        var first = await client.SendAsync(HttpMethod.Post, "/api/v1/urls/claim", claim).JsonAsync();
        var second = await (await app.WithKeyAsync(await app.AddUserAsync())).SendAsync(HttpMethod.Post, "/api/v1/urls/claim", claim).JsonAsync();

        Assert.Equal((1, 0), (first.GetProperty("summary").GetProperty("succeeded").GetInt32(), second.GetProperty("summary").GetProperty("succeeded").GetInt32()));
        Assert.Equal((1, 0), (first.GetProperty("claimed").GetInt32(), second.GetProperty("claimed").GetInt32()));
        Assert.Equal(("claimed", "invalid"), (first.GetProperty("results")[0].Text("status"), second.GetProperty("results")[0].Text("status")));
        var again = await client.SendAsync(HttpMethod.Post, "/api/v1/urls/claim", claim.Replace("\"token\"", "\"claim_token\"", StringComparison.Ordinal)).JsonAsync();
        Assert.Equal((0, "already_yours"), (again.GetProperty("claimed").GetInt32(), again.GetProperty("results")[0].Text("status")));
        Assert.InRange(made.Text("claim_token").Length, 43, 256);
        Assert.Equal(made.Text("alias"), first.GetProperty("results")[0].Text("alias"));
        Assert.Equal("not_found", second.GetProperty("results")[0].Text("error_code"));
        Assert.Equal(owner.Id, (await LinkAsync(made.Text("alias"))).OwnerId);
        Assert.Equal(1, (await client.JsonAsync("/api/v1/stats?scope=all")).GetProperty("summary").GetProperty("total_clicks").GetInt32());
    }

    [Fact]
    public async Task A_link_of_an_account_has_no_claim_token()
    {
        var body = await PostAsync(await app.WithKeyAsync(await app.AddUserAsync()), """{"long_url":"https://example.com/a","tags":["Mail","mail ","b"],"pass_query":true}""").JsonAsync(201);

        Assert.False(body.Has("claim_token"));
        Assert.True(body.GetProperty("pass_query").GetBoolean());
        Assert.Equal("""["b","mail"]""", body.GetProperty("tags").GetRawText());
    }

    [Fact]
    public async Task A_link_has_a_title_and_a_note_by_which_it_is_found_until_they_are_taken_away()
    {
        var client = await app.WithKeyAsync(await app.AddUserAsync(), ApiKeyScope.AdminAll);
        var made = await PostAsync(client, """{"long_url":"https://example.com/a","title":" Spring sale ","note":"Ask Ann"}""").JsonAsync(201);
        await PostAsync(client, """{"long_url":"https://example.com/b"}""").JsonAsync(201);
        Assert.Equal(("Spring sale", "Ask Ann"), (made.Text("title"), made.Text("note")));

        foreach (var word in new[] { "SPRING", "ask ann" })
        {
            var found = await client.JsonAsync($"/api/v1/urls?filter={Uri.EscapeDataString($$"""{"search":"{{word}}"}""")}");
            Assert.Equal("Spring sale", Assert.Single(found.GetProperty("items").EnumerateArray()).Text("title"));
        }

        var changed = await client.PatchAsJsonAsync($"/api/v1/urls/{made.Text("id")}", new { title = "", note = (string?)null }, TestContext.Current.CancellationToken).JsonAsync();
        Assert.False(changed.Has("title"));
        Assert.False(changed.Has("note"));
        Assert.Equal(422, (int)(await PostAsync(client, $$"""{"long_url":"https://example.com/c","title":"{{new string('x', 201)}}"}""")).StatusCode);
    }

    [Theory]
    [InlineData("""{"long_url":"https://example.com/a","tags":["a,b"]}""")]
    [InlineData("""{"long_url":"https://example.com/a","tags":"a"}""")]
    [InlineData("""{"long_url":"https://example.com/a","tags":["1","2","3","4","5","6","7","8","9","10","11"]}""")]
    public async Task Tags_that_are_none_are_refused(string json)
    {
        var problem = await PostAsync(await app.WithKeyAsync(await app.AddUserAsync()), json).ProblemAsync(422, "validation_error");

        Assert.Contains("tags", problem.GetRawText(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_link_belongs_to_whoever_made_it_and_its_statistics_are_theirs()
    {
        var owner = await app.AddUserAsync();
        var client = await app.WithKeyAsync(owner, ApiKeyScope.ShortenCreate);

        var body = await PostAsync(client, """{"url":"https://example.com/a","alias":"Mine-1"}""").JsonAsync(201);

        Assert.Equal((owner.Id, "Mine-1"), (body.Text("owner_id"), body.Text("alias")));
        Assert.True(body.GetProperty("private_stats").GetBoolean());
    }

    [Fact]
    public async Task All_that_was_asked_for_is_kept()
    {
        var client = await app.WithKeyAsync(await app.AddUserAsync());

        var made = await PostAsync(client, """
            {"long_url":"https://example.com/all","password":"correct horse","block_bots":true,"max_clicks":"5",
             "expire_after":"2099-01-01T00:00:00Z","private_stats":false}
            """).JsonAsync(201);

        var link = await client.JsonAsync($"/api/v1/urls/{made.Text("id")}");
        Assert.True(link.GetProperty("password_set").GetBoolean());
        Assert.True(link.GetProperty("block_bots").GetBoolean());
        Assert.Equal(5, link.GetProperty("max_clicks").GetInt64());
        Assert.Equal(4070908800, link.GetProperty("expire_after").GetInt64());
        Assert.False(link.GetProperty("private_stats").GetBoolean());
        await using var database = app.OpenDatabase();
        var stored = await database.Links.SingleAsync(row => row.PublicId == made.Text("id"), TestContext.Current.CancellationToken);
        Assert.True(LinkPassword.Matches(stored.PasswordHash!, "correct horse"));
    }

    [Theory]
    [InlineData("{}", "long_url")]
    [InlineData("""{"long_url":null}""", "long_url")]
    [InlineData("""{"long_url":""}""", "long_url")]
    [InlineData("""{"long_url":["https://example.com"]}""", "long_url")]
    [InlineData("""{"long_url":"https://example.com","max_clicks":0}""", "max_clicks")]
    [InlineData("""{"long_url":"https://example.com","max_clicks":-5}""", "max_clicks")]
    [InlineData("""{"long_url":"https://example.com","max_clicks":1.5}""", "max_clicks")]
    [InlineData("""{"long_url":"https://example.com","max_clicks":1e99}""", "max_clicks")]
    [InlineData("""{"long_url":"https://example.com","alias":"ab"}""", "alias")]
    [InlineData("""{"long_url":"https://example.com","alias":"a.b.c"}""", "alias")]
    [InlineData("""{"long_url":"https://example.com","alias":"abcdefghijklmnopq"}""", "alias")]
    [InlineData("""{"long_url":"https://example.com","password":"short"}""", "password")]
    [InlineData("""{"long_url":"https://example.com","block_bots":"perhaps"}""", "block_bots")]
    [InlineData("""{"long_url":"https://example.com","expire_after":true}""", "expire_after")]
    [InlineData("""{"long_url":"\ud800"}""", "long_url")]
    [InlineData("[]", "body")]
    [InlineData("{", "body")]
    [InlineData("", "body")]
    public async Task A_field_of_the_wrong_shape_is_named(string json, string field) =>
        Assert.Equal(field, (await PostAsync(app.Anonymous(), json).ProblemAsync(422, "validation_error")).Text("field"));

    [Fact]
    public async Task Several_fields_of_the_wrong_shape_are_all_named()
    {
        var problem = await PostAsync(app.Anonymous(), """{"max_clicks":0,"password":"short"}""").ProblemAsync(422, "validation_error");

        Assert.Equal(["long_url", "password", "max_clicks"], problem.GetProperty("details").Column("field"));
        Assert.False(problem.Has("field"));
    }

    [Theory]
    [InlineData("example.com")]
    [InlineData("ftp://example.com/file")]
    [InlineData("javascript:alert(1)")]
    [InlineData("https://")]
    [InlineData("https://example.com/a b")]
    [InlineData("http://127.0.0.1/admin")]
    [InlineData("http://[::1]/admin")]
    [InlineData("http://2130706433/admin")]
    [InlineData("http://localhost/other")]
    [InlineData("http://LOCALHOST:443/other")]
    public async Task A_destination_that_links_may_not_have_is_refused(string url)
    {
        var problem = await PostAsync(app.Anonymous(), JsonSerializer.Serialize(new { long_url = url })).ProblemAsync(400, "validation_error");

        Assert.Equal("long_url", problem.Text("field"));
    }

    [Theory]
    [InlineData("2020-01-01")]
    [InlineData("someday")]
    public async Task A_link_ends_in_the_future_or_not_at_all(string end)
    {
        var problem = await PostAsync(app.Anonymous(), $$"""{"long_url":"https://example.com","expire_after":"{{end}}"}""")
            .ProblemAsync(400, "validation_error");

        Assert.Equal("expire_after", problem.Text("field"));
    }

    [Fact]
    public async Task An_alias_that_is_taken_is_a_conflict_in_its_own_case_only()
    {
        await app.AddAsync(Some.Link("TakenOne"));

        await PostAsync(app.Anonymous(), """{"long_url":"https://example.com","alias":"TakenOne"}""").ProblemAsync(409, "conflict");
        await PostAsync(app.Anonymous(), """{"long_url":"https://example.com","alias":"takenone"}""").JsonAsync(201);
    }

    [Fact]
    public async Task An_address_of_the_house_is_no_alias()
    {
        var problem = await PostAsync(app.Anonymous(), """{"long_url":"https://example.com","alias":"Dashboard"}""")
            .ProblemAsync(400, "validation_error");

        Assert.Equal("alias", problem.Text("field"));
    }

    [Fact]
    public async Task A_key_needs_the_scope_to_shorten()
    {
        var owner = await app.AddUserAsync();

        await PostAsync(await app.WithKeyAsync(owner, ApiKeyScope.StatsRead), """{"long_url":"https://example.com"}""").ProblemAsync(403, "forbidden");
        await PostAsync(await app.WithKeyAsync(owner, ApiKeyScope.AdminAll), """{"long_url":"https://example.com"}""").JsonAsync(201);
    }

    [Fact]
    public async Task A_revoked_key_makes_no_anonymous_link() =>
        await PostAsync(app.WithToken("spoo_0000000000000000000000000000000000000000000"), """{"long_url":"https://example.com"}""")
            .ProblemAsync(401, "authentication_error");

    [Fact]
    public async Task Where_addresses_must_be_verified_those_who_have_not_make_nothing()
    {
        await using var strict = new SpooApp { Settings = { ["Accounts:RequireVerifiedEmail"] = "true" } };
        var client = await strict.WithKeyAsync(await strict.AddUserAsync());

        await PostAsync(client, """{"long_url":"https://example.com"}""").ProblemAsync(403, "EMAIL_NOT_VERIFIED");
        await using var database = strict.OpenDatabase();
        await database.Users.ExecuteUpdateAsync(
            set => set.SetProperty(user => user.EmailConfirmed, true), TestContext.Current.CancellationToken);
        await PostAsync(client, """{"long_url":"https://example.com"}""").JsonAsync(201);
    }

    [Fact]
    public async Task What_is_not_json_is_not_read()
    {
        var form = new FormUrlEncodedContent([new("long_url", "https://example.com")]);

        await (await app.Anonymous().PostAsync(Shorten, form, TestContext.Current.CancellationToken)).ProblemAsync(415, "unsupported_media_type");
    }

    [Fact]
    public async Task A_visit_of_another_site_cannot_make_a_link_with_somebodys_cookie()
    {
        var client = await app.SignedInAsync(await app.AddUserAsync());

        await PostAsync(client, """{"long_url":"https://example.com"}""").ProblemAsync(403, "forbidden");
    }

    [Theory]
    [InlineData("free-one", true, null)]
    [InlineData("ab", false, "length")]
    [InlineData("abcdefghijklmnopq", false, "length")]
    [InlineData("a.b.c", false, "format")]
    [InlineData("dashboard", false, "reserved")]
    [InlineData("TakenToo", false, "taken")]
    public async Task An_alias_can_be_asked_for_beforehand(string alias, bool available, string? reason)
    {
        if (reason == "taken")
        {
            await app.AddAsync(Some.Link(alias));
        }

        var body = await app.Anonymous().JsonAsync($"{Shorten}/check-alias?alias={alias}");

        Assert.Equal(available, body.GetProperty("available").GetBoolean());
        Assert.Equal(reason, body.GetProperty("reason").GetString());
    }

    [Fact]
    public async Task To_ask_for_no_alias_is_a_mistake()
    {
        await app.Anonymous().ProblemAsync($"{Shorten}/check-alias", 422, "validation_error");
        await app.Anonymous().ProblemAsync($"{Shorten}/check-alias?alias={new string('a', 65)}", 422, "validation_error");
    }

    private async Task<Link> LinkAsync(string code)
    {
        await using var database = app.OpenDatabase();
        return await database.Links.AsNoTracking().SingleAsync(link => link.ShortCode == code, TestContext.Current.CancellationToken);
    }

    private static Task<HttpResponseMessage> PostAsync(HttpClient client, string json) => client.SendAsync(HttpMethod.Post, Shorten, json);
}

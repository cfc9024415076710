using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Time.Testing;
using Spoo.Data.Links;
using Spoo.Data.Links.Codes;
using Spoo.Data.Stats;
using Spoo.Tests.Support;

namespace Spoo.Tests.Api;

/// <summary>
/// What a request asks for is done or refused. A filter that is left out answers for everything, and a field that is left out makes
/// another link than was asked for; both look like success.
/// </summary>
public sealed class NothingIsLeftOutTests(SpooApp app) : IClassFixture<SpooApp>
{
    private const string Shorten = "/api/v1/shorten";

    /// <summary>A value for every field of spoo.me's calls that make and change links.</summary>
    private static readonly Dictionary<string, string> Values = new()
    {
        ["long_url"] = "\"https://example.com/walked\"",
        ["alias"] = "\"walked\"",
        ["alias_type"] = "\"emoji\"",
        ["password"] = "\"secure@123\"",
        ["block_bots"] = "true",
        ["max_clicks"] = "100",
        ["expire_after"] = "4070908800",
        ["private_stats"] = "false",
        ["status"] = "\"INACTIVE\"",
        ["domain"] = "\"links.acme.com\"",
        ["geo_rules"] = """{"IN":"https://example.in/"}""",
        ["meta_tags"] = """{"title":"Look"}""",
    };

    public static TheoryData<string> FieldsOfShorten => [.. OfficialDocument.Today.Fields("CreateUrlRequest")];

    public static TheoryData<string> FieldsOfEdit => [.. OfficialDocument.Today.Fields("UpdateUrlRequest")];

    public static TheoryData<string> Filters => [.. Dimension.Filterable.Select(dimension => dimension.Name).Append("url_id")];

    /// <summary>Every door that takes a question about clicks of several links, and each with one link already chosen.</summary>
    private static string[] Doors =>
        ["/api/v1/stats?", "/api/v1/export?format=json&", "/api/v1/export/list?group_by=browser&", "/api/v1/export/clicks?format=ndjson&"];

    [Theory, MemberData(nameof(FieldsOfShorten))]
    public async Task Every_field_of_a_new_link_is_obeyed_or_refused_by_name(string field)
    {
        var client = await app.WithKeyAsync(await app.AddUserAsync());
        var value = field == "alias" ? $"\"{Some.Unique("walked")}\"" : Values[field];
        var rest = field == "long_url" ? "" : ",\"long_url\":\"https://example.com/rest\"";

        using var answer = await client.SendAsync(HttpMethod.Post, Shorten, $$"""{"{{field}}":{{value}}{{rest}}}""");

        await ObeyedOrRefusedAsync(client, answer, field, value);
    }

    [Theory, MemberData(nameof(FieldsOfEdit))]
    public async Task Every_field_of_an_edit_is_obeyed_or_refused_by_name(string field)
    {
        var owner = await app.AddUserAsync();
        var client = await app.WithKeyAsync(owner);
        var link = await app.AddAsync(Some.Link(owner: owner, privateStats: true));
        var value = field == "alias" ? $"\"{Some.Unique("walked")}\"" : Values[field];

        using var answer = await client.SendAsync(HttpMethod.Patch, $"/api/v1/urls/{link.PublicId}", $$"""{"{{field}}":{{value}}}""");

        await ObeyedOrRefusedAsync(client, answer, field, value);
    }

    [Theory]
    [InlineData("""{"geo_rules":null,"meta_tags":null,"domain":null,"alias_type":"alphanumeric"}""")]
    [InlineData("""{"geo_rules":{},"ab_variants":[],"domain":"","starts_at":null}""")]
    [InlineData("""{"domain":"localhost"}""")]
    [InlineData("""{"domain":"spoo.me"}""")]
    [InlineData("""{"domain":"WWW.Spoo.me."}""")]
    [InlineData("""{"domain":"localhost:5080"}""")]
    public async Task What_asks_for_nothing_or_for_the_domain_of_all_links_is_accepted(string json)
    {
        var client = await app.WithKeyAsync(await app.AddUserAsync());

        var made = await client.SendAsync(HttpMethod.Post, Shorten, json[..^1] + ",\"long_url\":\"https://example.com/a\"}").JsonAsync(201);

        await client.SendAsync(HttpMethod.Patch, $"/api/v1/urls/{made.Text("id")}", json.Replace("\"alias_type\":\"alphanumeric\"", "\"block_bots\":null", StringComparison.Ordinal)).JsonAsync();
    }

    [Theory]
    [InlineData("tag_ids", """["65f0c1d2e3f4a5b6c7d8e9f0"]""")]
    public async Task What_the_newest_server_of_spoo_me_has_besides_is_refused_by_name(string field, string value)
    {
        var client = await app.WithKeyAsync(await app.AddUserAsync());

        var problem = await client.SendAsync(HttpMethod.Post, Shorten, $$"""{"long_url":"https://example.com/a","{{field}}":{{value}}}""").ProblemAsync(403, "feature_disabled");

        Assert.Equal(field, problem.Text("field"));
        Assert.Contains(field, problem.Text("error"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Private_statistics_need_somebody_who_may_read_them()
    {
        var problem = await app.Anonymous().SendAsync(HttpMethod.Post, Shorten, """{"long_url":"https://example.com/a","private_stats":true}""").ProblemAsync(401, "authentication_error");

        Assert.Equal("private_stats", problem.Text("field"));
        await app.Anonymous().SendAsync(HttpMethod.Post, Shorten, """{"long_url":"https://example.com/a","private_stats":false}""").JsonAsync(201);
    }

    [Theory, MemberData(nameof(Filters))]
    public async Task A_filter_counts_the_same_in_both_of_its_forms_and_less_than_everything(string filter)
    {
        var (client, link, other) = await TwoLinksAsync();
        if (filter == Dimension.Domain.Name)
        {
            await using var database = app.OpenDatabase();
            await database.Links.Where(row => row.Id == link.Id).ExecuteUpdateAsync(
                set => set.SetProperty(row => row.DomainHost, "links.example.com").SetProperty(row => row.DomainId, 1_000_000), TestContext.Current.CancellationToken);
        }

        await app.AddAsync(Some.Full(link), Some.Full(link, visitor: 2), Some.Click(other, visitor: 3), Some.Click(other, visitor: 4), Some.Click(other, visitor: 5));
        var value = filter == "url_id" ? link.PublicId
            : filter == Dimension.ShortCode.Name ? link.ShortCode
            : filter == Dimension.Domain.Name ? "links.example.com"
            : Dimension.Filterable.Single(dimension => dimension.Name == filter).Read(Some.Full(link)) is { } stored ? stored : "none";

        var asParameter = await client.JsonAsync($"/api/v1/stats?{filter}={Uri.EscapeDataString(value)}");
        var asJson = await client.JsonAsync($"/api/v1/stats?filters={Json(filter, value)}");
        var file = await client.JsonAsync($"/api/v1/export?format=json&filters={Json(filter, value)}");

        Assert.Equal([2, 2, 2], new[] { asParameter, asJson, file }.Select(body => body.GetProperty("summary").GetProperty("total_clicks").GetInt32()));
        Assert.Equal(asParameter.GetProperty("filters").GetRawText(), asJson.GetProperty("filters").GetRawText());
        Assert.Equal(5, (await client.JsonAsync("/api/v1/stats")).GetProperty("summary").GetProperty("total_clicks").GetInt32());
    }

    [Fact]
    public async Task A_filter_that_is_not_known_is_named_at_every_door()
    {
        var (client, link, _) = await TwoLinksAsync();
        foreach (var door in Doors.Append($"/api/v1/stats/links/{link.PublicId}?").Append($"/api/v1/export/links/{link.PublicId}?format=json&"))
        {
            foreach (var (filters, name) in new[] { ("""{"brwoser":["Chrome"]}""", "brwoser"), ("""{"time":["2026"]}""", "time"), ("""{"url_id!":["x"]}""", "url_id!") })
            {
                var problem = await client.ProblemAsync($"{door}filters={Uri.EscapeDataString(filters)}", 400, "validation_error");

                Assert.Equal("filters", problem.Text("field"));
                Assert.Contains(name, problem.Text("error"), StringComparison.Ordinal);
            }

            await client.ProblemAsync($"{door}filters={Uri.EscapeDataString("""["Chrome"]""")}", 422, "validation_error");
            await client.ProblemAsync($"{door}filters={Json("url_id", "x")}", 422, "validation_error");
        }

        Assert.Equal("filter", (await client.ProblemAsync($"/api/v1/urls?filter={Json("serach", "x")}", 400, "validation_error")).Text("field"));
        Assert.Equal(["filters"], (await client.ProblemAsync($"/api/v1/stats?scope=anon&short_code={link.ShortCode}&filters={Json("nothing", "x")}", 400, "validation_error")).GetProperty("field").GetString()!.Split(','));
    }

    [Theory]
    [InlineData("short_code=x", 422, "short_code")]
    [InlineData("url_id=65f0c1d2e3f4a5b6c7d8e9f0", 422, "url_id")]
    [InlineData("group_by=short_code", 400, "group_by")]
    public async Task A_call_about_one_link_names_no_other(string parameter, int status, string field)
    {
        var (client, link, _) = await TwoLinksAsync();

        foreach (var door in new[] { $"/api/v1/stats/links/{link.PublicId}?", $"/api/v1/export/links/{link.PublicId}?format=json&" })
        {
            Assert.Equal(field, (await client.ProblemAsync(door + parameter, status, "validation_error")).Text("field"));
            Assert.True((await client.GetAsync($"{door}scope=all&short_code=&url_id=", TestContext.Current.CancellationToken)).IsSuccessStatusCode);
        }
    }

    [Theory]
    [InlineData("""{"short_code":["x"]}""")]
    [InlineData("""{"url_id":["65f0c1d2e3f4a5b6c7d8e9f0"]}""")]
    public async Task A_filter_that_no_click_of_the_link_passes_counts_none(string filters)
    {
        var (client, link, _) = await TwoLinksAsync();
        await app.AddAsync(Some.Click(link));

        var answer = await client.GetAsync($"/api/v1/stats/links/{link.PublicId}?filters={Uri.EscapeDataString(filters)}", TestContext.Current.CancellationToken);

        var counted = answer.IsSuccessStatusCode
            ? (await Task.FromResult(answer).JsonAsync()).GetProperty("summary").GetProperty("total_clicks").GetInt32()
            : 0;
        Assert.Equal(0, counted);
    }

    [Fact]
    public async Task A_list_of_another_domain_is_empty_and_of_the_own_one_whole()
    {
        var (client, link, _) = await TwoLinksAsync();

        foreach (var own in new[] { "", "domain=localhost", "domain=spoo.me", "domain=www.spoo.me" })
        {
            Assert.Equal(2, (await client.JsonAsync($"/api/v1/urls?{own}")).GetProperty("total").GetInt32());
        }

        var other = await client.JsonAsync("/api/v1/urls?domain=nope");
        Assert.Equal((0, 0, false), (other.GetProperty("total").GetInt32(), other.GetProperty("items").GetArrayLength(), other.GetProperty("hasNext").GetBoolean()));
        Assert.Equal("domain", (await client.ProblemAsync("/api/v1/shorten/check-alias?alias=free&domain=nope", 404, "not_found")).Text("field"));
        Assert.Equal(link.PublicId, (await client.JsonAsync($"/api/v1/urls/spoo.me/{link.ShortCode}")).Text("id"));
        Assert.Equal(link.PublicId, (await client.JsonAsync($"/api/v1/urls/localhost/{link.ShortCode}")).Text("id"));
        await client.ProblemAsync($"/api/v1/urls/nope.example/{link.ShortCode}", 404, "not_found");
        await client.ProblemAsync("/api/v1/urls/spoo.me/never-there", 404, "not_found");
        await (await app.WithKeyAsync(await app.AddUserAsync())).ProblemAsync($"/api/v1/urls/spoo.me/{link.ShortCode}", 404, "not_found");
    }

    [Fact]
    public async Task Nothing_deletes_all_links_of_the_domain_that_all_are_on()
    {
        var (client, _, _) = await TwoLinksAsync();

        Assert.Equal("domain", (await client.SendAsync(HttpMethod.Delete, "/api/v1/urls?domain=spoo.me").ProblemAsync(400, "validation_error")).Text("field"));
        await client.SendAsync(HttpMethod.Delete, "/api/v1/urls?domain=links.acme.com").ProblemAsync(404, "not_found");
        await client.SendAsync(HttpMethod.Delete, "/api/v1/urls").ProblemAsync(422, "validation_error");
        Assert.Equal(2, (await client.JsonAsync("/api/v1/urls")).GetProperty("total").GetInt32());
    }

    [Fact]
    public async Task Links_stay_where_they_are_when_they_are_moved_to_the_domain_of_all_links()
    {
        var owner = await app.AddUserAsync();
        var client = await app.WithKeyAsync(owner);
        var (link, foreign) = (await app.AddAsync(Some.Link(owner: owner)), await app.AddAsync(Some.Link(owner: await app.AddUserAsync())));
        var blocked = Some.Link(owner: owner);
        blocked.Status = LinkStatus.Blocked;
        await app.AddAsync(blocked);
        var ids = $"""["{link.PublicId}","{foreign.PublicId}","{blocked.PublicId}"]""";

        foreach (var domain in new[] { "null", "\"spoo.me\"" })
        {
            var moved = await client.SendAsync(HttpMethod.Post, "/api/v1/urls/bulk/domain", $$"""{"ids":{{ids}},"domain":{{domain}}}""").JsonAsync();

            Assert.Equal("""{"total":3,"succeeded":1,"failed":2}""", moved.GetProperty("summary").GetRawText());
            Assert.Equal(["", "not_found", "forbidden"], moved.GetProperty("results").Column("error_code"));
        }

        Assert.Equal("domain", (await client.SendAsync(HttpMethod.Post, "/api/v1/urls/bulk/domain", $$"""{"ids":{{ids}},"domain":"links.acme.com"}""").ProblemAsync(404, "not_found")).Text("field"));
        Assert.Equal("domain", (await client.SendAsync(HttpMethod.Post, "/api/v1/urls/bulk/domain", $$"""{"ids":{{ids}}}""").ProblemAsync(422, "validation_error")).Text("field"));
        await using var database = app.OpenDatabase();
        Assert.Null(database.Links.Single(row => row.Id == link.Id).UpdatedAt);
    }

    [Fact]
    public async Task An_end_in_the_past_is_refused_for_all_links_at_once()
    {
        var (client, link, other) = await TwoLinksAsync();

        var problem = await client.SendAsync(HttpMethod.Post, "/api/v1/urls/bulk/expiry", $$"""{"ids":["{{link.PublicId}}","{{other.PublicId}}"],"expire_after":1}""")
            .ProblemAsync(400, "validation_error");

        Assert.Equal("expire_after", problem.Text("field"));
    }

    [Fact]
    public async Task A_link_that_its_last_click_used_up_says_so_in_the_very_next_answer()
    {
        await using var slow = new SpooApp { Settings = { ["Clicks:BatchDelay"] = "00:00:00.250" } };
        var owner = await slow.AddUserAsync();
        var client = await slow.WithKeyAsync(owner);
        for (var round = 0; round < 4; round++)
        {
            var made = await client.SendAsync(HttpMethod.Post, Shorten, """{"long_url":"https://example.com/a","max_clicks":2,"private_stats":false}""").JsonAsync(201);
            var (id, alias) = (made.Text("id"), made.Text("alias"));
            await slow.Anonymous().GetAsync($"/{alias}", TestContext.Current.CancellationToken);
            Assert.Equal("ACTIVE", (await client.JsonAsync($"/api/v1/urls/{id}")).Text("status"));

            Assert.Equal(302, (int)(await slow.Anonymous().GetAsync($"/{alias}", TestContext.Current.CancellationToken)).StatusCode);

            Assert.Equal("EXPIRED", round switch
            {
                0 => (await client.JsonAsync($"/api/v1/urls/{id}")).Text("status"),
                1 => (await client.JsonAsync($"/api/v1/urls?filter={Uri.EscapeDataString("""{"status":"EXPIRED"}""")}")).GetProperty("items")[0].Text("status"),
                2 => (await client.JsonAsync($"/api/v1/public/preview/{alias}")).Text("status").ToUpperInvariant(),
                _ => (await client.JsonAsync($"/api/v1/public/stats/{alias}")).GetProperty("link").Text("status").ToUpperInvariant(),
            });
        }
    }

    [Fact]
    public async Task A_request_that_is_refused_for_its_form_does_not_use_up_the_quota()
    {
        var clock = new FakeTimeProvider(Some.Noon);
        await using var limited = new SpooApp { Clock = clock, Settings = { ["RateLimits:Enabled"] = "true", ["RateLimits:Accounts:shorten"] = "2/minute, 2/day" } };
        var client = await limited.WithKeyAsync(await limited.AddUserAsync());
        for (var attempt = 0; attempt < 5; attempt++)
        {
            using var refused = await client.SendAsync(HttpMethod.Post, Shorten, attempt % 2 == 0 ? "{}" : "no JSON");
            await refused.ProblemAsync(422, "validation_error");
            Assert.Equal(["2"], refused.Headers.GetValues("X-RateLimit-Remaining"));
        }

        await client.SendAsync(HttpMethod.Post, Shorten, """{"long_url":"https://example.com/a"}""").JsonAsync(201);
        await client.SendAsync(HttpMethod.Post, Shorten, """{"long_url":"https://example.com/a"}""").JsonAsync(201);
        await client.SendAsync(HttpMethod.Post, Shorten, """{"long_url":"https://example.com/a"}""").ProblemAsync(429, "rate_limit_exceeded");
    }

    private static string Json(string filter, string value) => Uri.EscapeDataString(JsonSerializer.Serialize(new Dictionary<string, string[]> { [filter] = [value] }));

    private static async Task ObeyedOrRefusedAsync(HttpClient client, HttpResponseMessage answer, string field, string value)
    {
        var text = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        if (!answer.IsSuccessStatusCode)
        {
            // No account has the domain of the document's example.
            Assert.Equal(field, (await (field == "domain" ? answer.ProblemAsync(404, "not_found") : answer.ProblemAsync(403, "feature_disabled"))).Text("field"));
            return;
        }

        var link = await client.JsonAsync($"/api/v1/urls/{JsonElement.Parse(text).Text("id")}");
        if (field == "alias_type")
        {
            Assert.True(EmojiCodes.TryRead(link.Text("alias"), out _));
            return;
        }

        Assert.Equal(field == "password" ? "true" : value, link.GetProperty(field == "password" ? "password_set" : field).GetRawText());
    }

    private async Task<(HttpClient Client, Link Link, Link Other)> TwoLinksAsync()
    {
        var owner = await app.AddUserAsync();
        return (await app.WithKeyAsync(owner), await app.AddAsync(Some.Link(owner: owner)), await app.AddAsync(Some.Link(owner: owner)));
    }
}

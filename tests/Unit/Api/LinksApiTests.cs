using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Spoo.Data.Accounts;
using Spoo.Data.Links;
using Spoo.Data.Links.Codes;
using Spoo.Tests.Support;

namespace Spoo.Tests.Api;

[OnEveryDatabase]
public sealed class LinksApiTests(SpooApp app) : IClassFixture<SpooApp>
{
    private const string Urls = "/api/v1/urls";

    [Fact]
    public async Task Links_are_for_those_who_say_who_they_are()
    {
        await app.Anonymous().ProblemAsync(Urls, 401, "authentication_error");
        await (await app.WithKeyAsync(await app.AddUserAsync(), ApiKeyScope.ShortenCreate)).ProblemAsync(Urls, 403, "forbidden");
        await (await app.WithKeyAsync(await app.AddUserAsync(), ApiKeyScope.UrlsRead)).JsonAsync(Urls);
        await (await app.SignedInAsync(await app.AddUserAsync())).JsonAsync(Urls);
    }

    [Fact]
    public async Task A_list_has_everything_about_each_link_and_where_it_goes_on()
    {
        var (client, owner) = await OwnerAsync();
        var link = Some.Link(owner: owner, privateStats: true);
        (link.ExpireAfter, link.PasswordHash) = (Some.Noon.AddYears(50), "hash");
        await app.AddAsync(link);

        var body = await client.JsonAsync(Urls);

        Assert.Equal(["items", "page", "pageSize", "total", "hasNext", "sortBy", "sortOrder"], body.Names());
        var item = body.GetProperty("items")[0];
        Assert.Equal(
            $$"""{"id":"{{link.PublicId}}","alias":"{{link.ShortCode}}","domain":"localhost","long_url":"https://example.com/page","status":"ACTIVE","created_at":"2026-02-18T11:00:00Z","expire_after":3349252800,"max_clicks":null,"private_stats":true,"block_bots":null,"password_set":true,"total_clicks":0,"last_click":null,"pass_query":null,"tags":[]}""",
            item.GetRawText());
        Assert.Equal(item.GetRawText(), (await client.JsonAsync($"{Urls}/{link.PublicId}")).GetRawText());
    }

    [Fact]
    public async Task Pages_follow_each_other_until_there_are_no_more()
    {
        var (client, owner) = await OwnerAsync();
        foreach (var code in (string[])["page-a", "page-b", "page-c"])
        {
            await app.AddAsync(Some.Link(code, owner));
        }

        var first = await client.JsonAsync($"{Urls}?pageSize=2");
        var second = await client.JsonAsync($"{Urls}?page_size=2&page=2");
        var third = await client.JsonAsync($"{Urls}?pageSize=2&page=3");
        var farAway = await client.JsonAsync($"{Urls}?pageSize=100&page=2147483647");

        Assert.Equal(["page-c", "page-b"], Aliases(first));
        Assert.Equal(["page-a"], Aliases(second));
        Assert.Equal((3, true), (first.GetProperty("total").GetInt32(), first.GetProperty("hasNext").GetBoolean()));
        Assert.False(second.GetProperty("hasNext").GetBoolean());
        Assert.Empty(Aliases(third));
        Assert.Empty(Aliases(farAway));
        Assert.False(farAway.GetProperty("hasNext").GetBoolean());
    }

    [Theory]
    [InlineData("sortBy=total_clicks&sortOrder=ascending", "never twice often")]
    [InlineData("sortBy=total_clicks&sortOrder=-1", "often twice never")]
    [InlineData("sort_by=last_click&sort_order=asc", "never often twice")]
    [InlineData("sortBy=last_click", "twice often never")]
    [InlineData("sortBy=created_at&sortOrder=1", "often twice never")]
    public async Task Lists_are_sorted_as_asked_and_who_was_never_clicked_comes_lowest(string sorting, string codes)
    {
        var (client, owner) = await OwnerAsync();
        var start = Some.Unique("s") + "-";
        var often = await app.AddAsync(Some.Link(start + "often", owner, Some.Noon.AddDays(-3)));
        var twice = await app.AddAsync(Some.Link(start + "twice", owner, Some.Noon.AddDays(-2)));
        await app.AddAsync(Some.Link(start + "never", owner, Some.Noon.AddDays(-1)));
        await app.AddAsync(
            Some.Click(often), Some.Click(often), Some.Click(often),
            Some.Click(twice), Some.Click(twice, at: Some.Noon.AddMinutes(1)));

        var body = await client.JsonAsync($"{Urls}?{sorting}");

        Assert.Equal(codes, string.Join(' ', Aliases(body).Select(alias => alias[start.Length..])));
    }

    [Theory]
    [InlineData("""{"status":"ACTIVE"}""", "plain locked")]
    [InlineData("""{"status":"ACTIVE","passwordSet":true}""", "locked")]
    [InlineData("""{"passwordSet":"false","status":"ACTIVE"}""", "plain")]
    [InlineData("""{"status":"INACTIVE"}""", "off")]
    [InlineData("""{"status":"EXPIRED"}""", "ended full")]
    [InlineData("""{"status":"BLOCKED"}""", "blocked")]
    [InlineData("""{"maxClicksSet":1}""", "full")]
    [InlineData("""{"search":"PLAIN"}""", "plain")]
    [InlineData("""{"search":"/Deep_Page%"}""", "off")]
    [InlineData("""{"search":"%"}""", "off")]
    [InlineData("""{"createdAfter":"2026-02-18T11:30:00Z"}""", "off")]
    [InlineData("""{"createdAfter":1771414200,"createdBefore":"1771416000"}""", "off")]
    [InlineData("""{"createdAfter":"2026-02-18T11:30:00Z","createdBefore":"2026-02-18"}""", "off")]
    [InlineData("""{"createdBefore":"2020-01-01"}""", "")]
    [InlineData("""{"search":null,"status":"BLOCKED"}""", "blocked")]
    public async Task A_filter_keeps_what_fits_all_of_it(string filter, string codes)
    {
        var (client, owner) = await OwnerAsync();
        var start = Some.Unique("f") + "-";
        await AddAsync("plain", _ => { });
        await AddAsync("locked", link => link.PasswordHash = "hash");
        await AddAsync("off", link =>
        {
            (link.Status, link.CreatedAt, link.LongUrl) = (LinkStatus.Inactive, Some.Noon, "https://example.com/deep_page%20");
        });
        await AddAsync("ended", link => link.ExpireAfter = Some.Noon.AddYears(-1));
        await AddAsync("full", link => (link.MaxClicks, link.TotalClicks) = (3, 3));
        await AddAsync("blocked", link => link.Status = LinkStatus.Blocked);

        foreach (var parameter in (string[])["filter", "filterBy"])
        {
            var body = await client.JsonAsync($"{Urls}?sortOrder=asc&{parameter}={Uri.EscapeDataString(filter)}");
            Assert.Equal(
                codes.Split(' ', StringSplitOptions.RemoveEmptyEntries).Order(), Aliases(body).Select(alias => alias[start.Length..]).Order());
        }

        async Task AddAsync(string name, Action<Link> change)
        {
            var link = Some.Link(start + name, owner);
            change(link);
            await app.AddAsync(link);
        }
    }

    [Theory]
    [InlineData("page=0", "page")]
    [InlineData("page=one", "page")]
    [InlineData("page=1.5", "page")]
    [InlineData("pageSize=101", "pageSize")]
    [InlineData("page_size=0", "page_size")]
    [InlineData("sortBy=invalid_field", "sortBy")]
    [InlineData("sortOrder=DESC", "sortOrder")]
    [InlineData("filter={not valid json", "filter")]
    [InlineData("filter=[1,2,3]", "filter")]
    [InlineData("filter=null", "filter")]
    [InlineData("""filter={"status":"active"}""", "status")]
    [InlineData("""filter={"createdAfter":"soon"}""", "createdAfter")]
    [InlineData("""filter={"passwordSet":"perhaps"}""", "passwordSet")]
    public async Task A_parameter_of_the_wrong_shape_is_named(string parameter, string field)
    {
        var (client, _) = await OwnerAsync();

        Assert.Equal(field, (await client.ProblemAsync($"{Urls}?{parameter}", 422, "validation_error")).Text("field"));
    }

    [Fact]
    public async Task Several_wrong_parameters_are_all_named()
    {
        var (client, _) = await OwnerAsync();

        var problem = await client.ProblemAsync($"{Urls}?page=0&pageSize=0", 422, "validation_error");

        Assert.Equal(["page", "pageSize"], problem.GetProperty("details").Column("field"));
    }

    [Fact]
    public async Task Everybody_lists_only_their_own_links()
    {
        var (client, owner) = await OwnerAsync();
        var own = await app.AddAsync(Some.Link(owner: owner));
        var foreign = await app.AddAsync(Some.Link(owner: await app.AddUserAsync()));
        await app.AddAsync(Some.Link());

        Assert.Equal([own.ShortCode], Aliases(await client.JsonAsync(Urls)));
        await client.ProblemAsync($"{Urls}/{foreign.PublicId}", 404, "not_found");
        await client.ProblemAsync($"{Urls}/not-an-id", 400, "validation_error");
    }

    [Fact]
    public async Task An_edit_changes_what_it_names_and_nothing_else()
    {
        var (client, owner) = await OwnerAsync();
        var link = Some.Link(owner: owner);
        (link.MaxClicks, link.BlockBots) = (10, true);
        await app.AddAsync(link);

        var body = await PatchAsync(client, link, """{"long_url":"https://example.com/elsewhere","password":"correct horse"}""").JsonAsync();

        Assert.Equal(
            [
                "id", "alias", "domain", "long_url", "status", "password_set", "max_clicks", "expire_after", "block_bots", "private_stats",
                "updated_at", "pass_query", "tags",
            ],
            body.Names());
        Assert.Equal("https://example.com/elsewhere", body.Text("long_url"));
        Assert.True(body.GetProperty("password_set").GetBoolean());
        Assert.Equal((10, true), (body.GetProperty("max_clicks").GetInt32(), body.GetProperty("block_bots").GetBoolean()));
        Assert.NotEqual(0, body.GetProperty("updated_at").GetInt64());
    }

    [Theory]
    [InlineData("7.0")]
    [InlineData("7e0")]
    [InlineData("0.7e1")]
    public async Task A_number_is_whole_however_its_language_writes_it(string number)
    {
        var (client, owner) = await OwnerAsync();
        var link = await app.AddAsync(Some.Link(owner: owner));

        Assert.Equal(7, (await PatchAsync(client, link, $$"""{"max_clicks":{{number}}}""").JsonAsync()).GetProperty("max_clicks").GetInt32());
    }

    [Theory]
    [InlineData("7.5")]
    [InlineData("1e300")]
    [InlineData("9223372036854775808")]
    public async Task A_number_that_is_not_whole_or_too_large_is_refused(string number)
    {
        var (client, owner) = await OwnerAsync();
        var link = await app.AddAsync(Some.Link(owner: owner));

        await PatchAsync(client, link, $$"""{"max_clicks":{{number}}}""").ProblemAsync(422, "validation_error");
    }

    [Theory]
    [InlineData("""{"max_clicks":0}""", "max_clicks")]
    [InlineData("""{"max_clicks":null}""", "max_clicks")]
    [InlineData("""{"expire_after":null}""", "expire_after")]
    public async Task Null_takes_a_limit_away(string json, string field)
    {
        var (client, owner) = await OwnerAsync();
        var link = Some.Link(owner: owner);
        (link.MaxClicks, link.ExpireAfter) = (10, Some.Noon.AddYears(50));
        await app.AddAsync(link);

        var body = await PatchAsync(client, link, json).JsonAsync();

        Assert.Equal(JsonValueKind.Null, body.GetProperty(field).ValueKind);
    }

    [Theory]
    [InlineData("null")]
    [InlineData("\"\"")]
    public async Task A_password_can_be_taken_away(string none)
    {
        var (client, owner) = await OwnerAsync();
        var link = Some.Link(owner: owner);
        link.PasswordHash = Some.PasswordHash("correct horse");
        await app.AddAsync(link);

        Assert.False((await PatchAsync(client, link, $$"""{"password":{{none}}}""").JsonAsync()).GetProperty("password_set").GetBoolean());
    }

    [Fact]
    public async Task A_link_that_a_limit_had_ended_lives_again_when_the_limit_is_raised()
    {
        var (client, owner) = await OwnerAsync();
        var link = Some.Link(owner: owner);
        (link.Status, link.MaxClicks, link.TotalClicks) = (LinkStatus.Expired, 3, 3);
        await app.AddAsync(link);

        Assert.Equal("EXPIRED", (await PatchAsync(client, link, """{"private_stats":true}""").JsonAsync()).Text("status"));
        Assert.Equal("EXPIRED", (await PatchAsync(client, link, """{"max_clicks":2}""").JsonAsync()).Text("status"));
        Assert.Equal("ACTIVE", (await PatchAsync(client, link, """{"max_clicks":4}""").JsonAsync()).Text("status"));
    }

    [Fact]
    public async Task A_renamed_link_keeps_its_history_and_gives_its_code_back()
    {
        var (client, owner) = await OwnerAsync();
        var link = await app.AddAsync(Some.Link("old-name", owner));
        await app.AddAsync(Some.Click(link));

        await PatchAsync(client, link, """{"alias":"new-name"}""").JsonAsync();

        var stats = await client.JsonAsync("/api/v1/stats?group_by=short_code");
        Assert.Equal(["new-name"], stats.GetProperty("metrics").GetProperty("clicks_by_short_code").Column("short_code"));
        Assert.True((await client.JsonAsync("/api/v1/shorten/check-alias?alias=old-name")).GetProperty("available").GetBoolean());
    }

    [Theory]
    [InlineData("""{"status":"DELETED"}""", 422, "validation_error")]
    [InlineData("""{"status":"EXPIRED"}""", 422, "validation_error")]
    [InlineData("""{"max_clicks":-1}""", 422, "validation_error")]
    [InlineData("""{"password":"short"}""", 422, "validation_error")]
    [InlineData("""{"alias":"a b c"}""", 422, "validation_error")]
    [InlineData("""{"alias":"dashboard"}""", 400, "validation_error")]
    [InlineData("""{"expire_after":1}""", 400, "validation_error")]
    [InlineData("""{"long_url":"http://localhost/x"}""", 400, "validation_error")]
    [InlineData("""{"alias":"in-use"}""", 409, "conflict")]
    public async Task An_edit_that_cannot_be_is_refused(string json, int status, string code)
    {
        var (client, owner) = await OwnerAsync();
        var link = await app.AddAsync(Some.Link(owner: owner));
        if (code == "conflict")
        {
            await app.AddAsync(Some.Link("in-use"));
        }

        await PatchAsync(client, link, json).ProblemAsync(status, code);
    }

    [Fact]
    public async Task Only_its_owner_changes_or_deletes_a_link_and_only_while_it_is_not_blocked()
    {
        var (client, owner) = await OwnerAsync();
        var foreign = await app.AddAsync(Some.Link(owner: await app.AddUserAsync()));
        var blocked = Some.Link(owner: owner);
        blocked.Status = LinkStatus.Blocked;
        await app.AddAsync(blocked);
        var reader = await app.WithKeyAsync(owner, ApiKeyScope.UrlsRead);

        await PatchAsync(client, foreign, "{}").ProblemAsync(403, "forbidden");
        await client.SendAsync(HttpMethod.Delete, $"{Urls}/{foreign.PublicId}").ProblemAsync(403, "forbidden");
        await PatchAsync(client, blocked, "{}").ProblemAsync(403, "forbidden");
        await client.SendAsync(HttpMethod.Delete, $"{Urls}/{blocked.PublicId}").ProblemAsync(403, "forbidden");
        await PatchAsync(client, Some.Link(), "{}").ProblemAsync(404, "not_found");
        await client.SendAsync(HttpMethod.Patch, $"{Urls}/not-an-objectid", "{}").ProblemAsync(422, "validation_error");
        await PatchAsync(reader, blocked, "{}").ProblemAsync(403, "forbidden");
        await PatchAsync(app.Anonymous(), blocked, "{}").ProblemAsync(401, "authentication_error");
    }

    [Fact]
    public async Task The_status_can_be_changed_by_itself()
    {
        var (client, owner) = await OwnerAsync();
        var link = await app.AddAsync(Some.Link(owner: owner));

        var body = await client.SendAsync(
            HttpMethod.Patch, $"{Urls}/{link.PublicId}/status", """{"status":"INACTIVE","alias":"ignored"}""").JsonAsync();

        Assert.Equal(("INACTIVE", link.ShortCode), (body.Text("status"), body.Text("alias")));
        await client.SendAsync(HttpMethod.Patch, $"{Urls}/{link.PublicId}/status", "{}").ProblemAsync(422, "validation_error");
    }

    [Fact]
    public async Task A_deleted_link_takes_its_clicks_along_and_its_code_starts_empty()
    {
        var (client, owner) = await OwnerAsync();
        var link = await app.AddAsync(Some.Link("comes-back", owner));
        var other = await app.AddAsync(Some.Link(owner: owner));
        await app.AddAsync(Some.Click(link), Some.Click(other));
        await client.JsonAsync("/api/v1/stats");

        var body = await client.SendAsync(HttpMethod.Delete, $"{Urls}/{link.PublicId}").JsonAsync();
        await app.AddAsync(Some.Link("comes-back", owner));

        Assert.Equal(("URL deleted", link.PublicId), (body.Text("message"), body.Text("id")));
        var rows = (await client.JsonAsync("/api/v1/stats?group_by=short_code")).GetProperty("metrics").GetProperty("clicks_by_short_code");
        Assert.Equal([other.ShortCode], rows.Column("short_code"));
        await using var database = app.OpenDatabase();
        Assert.False(await database.Clicks.AnyAsync(click => click.LinkId == link.Id, TestContext.Current.CancellationToken));
        await client.SendAsync(HttpMethod.Delete, $"{Urls}/{link.PublicId}").ProblemAsync(404, "not_found");
    }

    [Fact]
    public async Task Many_links_are_done_one_by_one_and_each_says_how_it_went()
    {
        var (client, owner) = await OwnerAsync();
        var own = await app.AddAsync(Some.Link(owner: owner));
        var foreign = await app.AddAsync(Some.Link(owner: await app.AddUserAsync()));
        var ids = $"""["{own.PublicId}","{foreign.PublicId}","{Some.Link().PublicId}"]""";

        var status = await BulkAsync(client, "status", $$"""{"ids":{{ids}},"status":"INACTIVE"}""").JsonAsync();
        var expiry = await BulkAsync(client, "expiry", $$"""{"ids":{{ids}},"expire_after":"2099-01-01"}""").JsonAsync();
        var link = await client.JsonAsync($"{Urls}/{own.PublicId}");
        var deleted = await BulkAsync(client, "delete", $$"""{"ids":{{ids}}}""").JsonAsync();

        Assert.All([status, expiry, deleted], body =>
        {
            Assert.Equal("""{"total":3,"succeeded":1,"failed":2}""", body.GetProperty("summary").GetRawText());
            Assert.Equal(
                $$"""{"id":"{{own.PublicId}}","alias":"{{own.ShortCode}}","ok":true,"error_code":null,"error":null}""",
                body.GetProperty("results")[0].GetRawText());
            Assert.Equal(["", "not_found", "not_found"], body.GetProperty("results").Column("error_code"));
        });
        Assert.Equal(("INACTIVE", 4070908800), (link.Text("status"), link.GetProperty("expire_after").GetInt64()));
        await client.ProblemAsync($"{Urls}/{own.PublicId}", 404, "not_found");
    }

    [Theory]
    [InlineData("delete", "{}", "ids")]
    [InlineData("delete", """{"ids":[]}""", "ids")]
    [InlineData("delete", """{"ids":["x"]}""", "ids")]
    [InlineData("status", """{"ids":["000000000000000000000000"]}""", "status")]
    [InlineData("expiry", """{"ids":["000000000000000000000000"]}""", "expire_after")]
    public async Task Many_links_need_a_list_of_ids_and_what_to_do(string what, string json, string field)
    {
        var (client, _) = await OwnerAsync();

        Assert.Equal(field, (await BulkAsync(client, what, json).ProblemAsync(422, "validation_error")).Text("field"));
    }

    private static IEnumerable<string> Aliases(JsonElement body) => body.GetProperty("items").Column("alias");

    private static Task<HttpResponseMessage> PatchAsync(HttpClient client, Link link, string json) =>
        client.SendAsync(HttpMethod.Patch, $"{Urls}/{link.PublicId}", json);

    private static Task<HttpResponseMessage> BulkAsync(HttpClient client, string what, string json) =>
        client.SendAsync(HttpMethod.Post, $"{Urls}/bulk/{what}", json);

    private async Task<(HttpClient Client, SpooUser Owner)> OwnerAsync()
    {
        var owner = await app.AddUserAsync();
        return (await app.WithKeyAsync(owner), owner);
    }
}

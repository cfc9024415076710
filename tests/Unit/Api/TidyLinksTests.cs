using System.Text.Json;
using Spoo.Data.Links;
using Spoo.Tests.Support;

namespace Spoo.Tests.Api;

/// <summary>Work with many links: the archive, links with the same destination, and the same change for many.</summary>
public sealed class TidyLinksTests(SpooApp app) : IClassFixture<SpooApp>
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_archived_link_is_in_no_list_unless_asked_for_and_leads_on()
    {
        var client = await app.WithKeyAsync(await app.AddUserAsync());
        var (kept, gone) = (await MakeAsync(client), await MakeAsync(client));

        var changed = await client.SendAsync(HttpMethod.Patch, $"/api/v1/urls/{gone.Text("id")}", """{"archived":true}""").JsonAsync();

        Assert.True(changed.GetProperty("archived").GetBoolean());
        Assert.Equal([kept.Text("alias")], await AliasesAsync(client, ""));
        Assert.Equal([gone.Text("alias")], await AliasesAsync(client, "?archived=true"));
        Assert.Equal(2, (await AliasesAsync(client, "?archived=any")).Count);
        await client.SendAsync(HttpMethod.Get, "/api/v1/urls?archived=perhaps").ProblemAsync(422, "validation_error");
        Assert.Equal(302, (int)(await app.Anonymous().GetAsync($"/{gone.Text("alias")}", Cancelled)).StatusCode);

        var back = await client.SendAsync(HttpMethod.Patch, $"/api/v1/urls/{gone.Text("id")}", """{"archived":false}""").JsonAsync();
        Assert.False(back.TryGetProperty("archived", out _));
        Assert.Equal(2, (await AliasesAsync(client, "")).Count);
    }

    [Fact]
    public async Task A_link_that_is_what_was_asked_for_is_given_again()
    {
        var owner = await app.AddUserAsync();
        var client = await app.WithKeyAsync(owner);
        var first = await MakeAsync(client, "\"reuse\":true");

        var again = await ReuseAsync(client, "\"reuse\":true", 200);
        Assert.Equal(first.Text("id"), again.Text("id"));
        Assert.Equal(first.Text("id"), (await ReuseAsync(client, $"\"reuse\":true,\"alias\":\"{first.Text("alias")}\"", 200)).Text("id"));
        Assert.NotEqual(first.Text("id"), (await ReuseAsync(client, "\"reuse\":false", 201)).Text("id"));

        // What would be another link is made: with an end, another name, other statistics, or on another account.
        foreach (var other in (string[])["\"max_clicks\":5", $"\"alias\":\"{Some.Unique("reuse")}\"", "\"private_stats\":false", "\"password\":\"secure@123\"", "\"geo_rules\":{\"DE\":\"https://example.com/de\"}"])
        {
            Assert.NotEqual(first.Text("id"), (await ReuseAsync(client, "\"reuse\":true," + other, 201)).Text("id"));
        }

        Assert.NotEqual(first.Text("id"), (await ReuseAsync(await app.WithKeyAsync(await app.AddUserAsync()), "\"reuse\":true", 201)).Text("id"));
        Assert.Equal("reuse", (await app.Anonymous().SendAsync(HttpMethod.Post, "/api/v1/shorten", """{"long_url":"https://example.com/same","reuse":true}""").ProblemAsync(401, "authentication_error")).Text("field"));

        // Nor is one given that leads nowhere, or lies in the archive.
        foreach (var link in (await client.JsonAsync("/api/v1/urls?long_url=https%3A%2F%2Fexample.com%2Fsame&pageSize=100")).GetProperty("items").EnumerateArray())
        {
            await client.SendAsync(HttpMethod.Patch, $"/api/v1/urls/{link.Text("id")}", """{"archived":true}""").JsonAsync();
        }

        await ReuseAsync(client, "\"reuse\":true", 201);
    }

    [Fact]
    public async Task Links_are_found_by_exactly_their_destination()
    {
        var client = await app.WithKeyAsync(await app.AddUserAsync());
        var link = await MakeAsync(client);
        await client.SendAsync(HttpMethod.Post, "/api/v1/shorten", """{"long_url":"https://example.com/same/not"}""").JsonAsync(201);

        Assert.Equal([link.Text("alias")], await AliasesAsync(client, "?long_url=https%3A%2F%2Fexample.com%2Fsame"));
        Assert.Empty(await AliasesAsync(client, "?long_url=https%3A%2F%2Fexample.com%2FSAME"));
    }

    [Fact]
    public async Task Every_field_but_the_alias_is_changed_for_many()
    {
        var client = await app.WithKeyAsync(await app.AddUserAsync());
        var (one, two) = ((await MakeAsync(client)).Text("id"), (await MakeAsync(client)).Text("id"));

        var answer = await BulkAsync(client, $$"""
            {"ids":["{{one}}","{{two}}","65f0c1d2e3f4a5b6c7d8e9f0"],"long_url":"https://example.com/new","title":"T","note":"N","max_clicks":7,"block_bots":true,"pass_path":true,"redirect_status":301,
             "expired_redirect_url":"https://example.com/over","starts_at":"2030-01-01","pre_start_url":"https://example.com/soon","tags":["a"],"archived":true,"geo_rules":{"DE":"https://example.com/de"},
             "meta_tags":{"title":"Card"} }
            """).JsonAsync();

        Assert.Equal((2, 1), (answer.GetProperty("summary").GetProperty("succeeded").GetInt32(), answer.GetProperty("summary").GetProperty("failed").GetInt32()));
        var links = (await client.JsonAsync("/api/v1/urls?archived=true")).GetProperty("items").EnumerateArray().ToList();
        Assert.Equal(2, links.Count);
        Assert.All(links, link => Assert.Equal(
            ("https://example.com/new", "T", "N", 7, true, true, 301, "https://example.com/over", "2030-01-01T00:00:00Z", "https://example.com/soon", "Card"),
            (link.Text("long_url"), link.Text("title"), link.Text("note"), link.GetProperty("max_clicks").GetInt32(), link.GetProperty("block_bots").GetBoolean(), link.GetProperty("pass_path").GetBoolean(),
                link.GetProperty("redirect_status").GetInt32(), link.Text("expired_redirect_url"), link.Text("starts_at"), link.Text("pre_start_url"), link.GetProperty("meta_tags").Text("title"))));

        Assert.Equal("alias", (await BulkAsync(client, $$"""{"ids":["{{one}}"],"alias":"other"}""").ProblemAsync(422, "validation_error")).Text("field"));
        Assert.Equal("ids", (await BulkAsync(client, $$"""{"ids":["{{one}}"]}""").ProblemAsync(422, "validation_error")).Text("field"));
        var refused = await BulkAsync(client, $$"""{"ids":["{{one}}"],"long_url":"javascript:x"}""").JsonAsync();
        Assert.Equal(1, refused.GetProperty("summary").GetProperty("failed").GetInt32());
    }

    [Fact]
    public async Task Short_io_archives_and_takes_back()
    {
        var client = await app.WithKeyAsync(await app.AddUserAsync());
        var link = await client.SendAsync(HttpMethod.Post, "/links", """{"domain":"localhost","originalURL":"https://example.com/a"}""").JsonAsync();
        var id = link.Text("idString");

        Assert.True((await client.SendAsync(HttpMethod.Post, "/links/archive", $$"""{"link_id":"{{id}}"}""").JsonAsync()).GetProperty("success").GetBoolean());
        Assert.True((await client.JsonAsync($"/links/{id}")).GetProperty("archived").GetBoolean());
        await client.SendAsync(HttpMethod.Post, "/links/unarchive", $$"""{"link_id":"{{id}}"}""").JsonAsync();
        Assert.False((await client.JsonAsync($"/links/{id}")).GetProperty("archived").GetBoolean());
        Assert.True((await client.SendAsync(HttpMethod.Post, $"/links/{id}", """{"archived":true}""").JsonAsync()).GetProperty("archived").GetBoolean());
    }

    private static Task<HttpResponseMessage> BulkAsync(HttpClient client, string json) => client.SendAsync(HttpMethod.Post, "/api/v1/urls/bulk/edit", json);

    private static Task<JsonElement> MakeAsync(HttpClient client, string fields = "\"title\":null") => ReuseAsync(client, fields, 201);

    private static Task<JsonElement> ReuseAsync(HttpClient client, string fields, int status) =>
        client.SendAsync(HttpMethod.Post, "/api/v1/shorten", $$"""{"long_url":"https://example.com/same",{{fields}}}""").JsonAsync(status);

    private static async Task<IReadOnlyList<string>> AliasesAsync(HttpClient client, string query) =>
        [.. (await client.JsonAsync("/api/v1/urls" + query)).GetProperty("items").EnumerateArray().Select(item => item.Text("alias"))];
}

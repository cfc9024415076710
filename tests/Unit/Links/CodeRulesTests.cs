using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Spoo.Data.Accounts;
using Spoo.Data.Care;
using Spoo.Data.Links;
using Spoo.Data.Links.Codes;
using Spoo.Data.Links.Domains;
using Spoo.Tests.Support;

namespace Spoo.Tests.Links;

/// <summary>Which codes there may be, and when two of them are one.</summary>
[OnEveryDatabase]
public sealed class CodeRulesTests : IAsyncDisposable
{
    private readonly SpooApp _app = new();

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    private static ShorteningOptions Wide => new() { MaxAliasLength = 64, AliasLetters = AliasLetters.All, AliasDots = true, SlashesInCodes = true };

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    [Theory]
    [InlineData("grüße")]
    [InlineData("日本語")]
    [InlineData("सेवा")]
    [InlineData("v1.2")]
    [InlineData("team/launch")]
    [InlineData("team/v1.2/grüße")]
    [InlineData("a-very-long-alias_that.nobody-types-but-somebody-prints-2026-01")]
    public void The_settings_say_which_aliases_people_may_choose(string alias)
    {
        Assert.True(alias.Length <= 64);
        Assert.NotNull(AliasRules.ProblemOf(alias, new ShorteningOptions()));
        Assert.Null(AliasRules.ProblemOf(alias, Wide));
        Assert.True(ShortCode.TryParse(alias, out var code));
        Assert.Equal(alias, code.Value);
    }

    [Theory]
    [InlineData(".abc", AliasProblem.Format)]
    [InlineData("abc.", AliasProblem.Format)]
    [InlineData("a..b", AliasProblem.Format)]
    [InlineData("/ab", AliasProblem.Format)]
    [InlineData("team//launch", AliasProblem.Format)]
    [InlineData("v1.2/launch", AliasProblem.Format)]
    [InlineData("team/launch.", AliasProblem.Format)]
    [InlineData("a/b/c/d/e/f/g/h/i", AliasProblem.Format)]
    [InlineData("admin/launch", AliasProblem.Reserved)]
    [InlineData("team/xmlrpc.php", AliasProblem.Reserved)]
    [InlineData("a b c", AliasProblem.Format)]
    [InlineData("a\uFE0Fbc", AliasProblem.Format)]
    [InlineData("a\u200Bbc", AliasProblem.Format)]
    [InlineData("ab\uD800", AliasProblem.Format)]
    [InlineData("go🚀", AliasProblem.Format)]
    [InlineData("robots.txt", AliasProblem.Reserved)]
    [InlineData("API.v1", AliasProblem.Reserved)]
    [InlineData("xmlrpc.php", AliasProblem.Reserved)]
    [InlineData("ａｄｍｉｎ", AliasProblem.Reserved)]
    public void What_looks_like_something_else_is_no_alias_with_any_settings(string alias, AliasProblem problem)
    {
        Assert.Equal(problem, AliasRules.ProblemOf(alias, Wide));
        Assert.False(ShortCode.TryParse(alias, out _));
    }

    [Fact]
    public void The_same_letters_in_two_spellings_are_one_code()
    {
        Assert.True(ShortCode.TryParse("gru\u0308ße", out var two));
        Assert.Equal("gr\u00FCße", two.Value);
        Assert.True(ShortCode.TryParseGlued("v1.2.", out var glued));
        Assert.Equal("v1.2", glued.Value);
    }

    [Fact]
    public async Task A_code_of_other_letters_with_dots_is_made_followed_and_counted_in_every_spelling()
    {
        await using var app = new SpooApp { Settings = { ["Links:AliasLetters"] = "All", ["Links:AliasDots"] = "true", ["Links:MaxAliasLength"] = "40" } };
        var client = await app.WithKeyAsync(await app.AddUserAsync());
        var made = await client.SendAsync(HttpMethod.Post, "/api/v1/shorten", """{"long_url":"https://example.com/a","alias":"gru\u0308ße.2026"}""").JsonAsync(201);
        Assert.Equal("grüße.2026", made.Text("alias"));

        foreach (var path in (string[])["/gr%C3%BC%C3%9Fe.2026", "/gru%CC%88%C3%9Fe.2026", "/gr%C3%BC%C3%9Fe.2026."])
        {
            Assert.Equal("https://example.com/a", (await app.Anonymous().GetAsync(path, Cancelled)).Headers.Location?.ToString());
        }

        await app.StoredAsync();
        Assert.Equal(3, (await client.JsonAsync($"/api/v1/urls/{made.Text("id")}")).GetProperty("total_clicks").GetInt32());
        Assert.Equal(200, (int)(await app.Anonymous().GetAsync("/gr%C3%BC%C3%9Fe.2026+", Cancelled)).StatusCode);
        Assert.Contains("letters, digits", (await client.SendAsync(HttpMethod.Post, "/api/v1/shorten", """{"long_url":"https://example.com/a","alias":"a b c"}""").ProblemAsync(422, "validation_error")).Text("error"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Where_case_does_not_matter_every_spelling_leads_on_and_none_can_be_made_twice()
    {
        var owner = await _app.AddUserAsync();
        var client = await _app.WithKeyAsync(owner);
        var id = await AddDomainAsync("links.example.com", owner);
        await MakeAsync(client, "Promo", 201);
        await MakeAsync(client, "PROMO", 201);
        await MakeAsync(client, "Other", 201);
        Assert.Equal((302, 404), (await GoAsync("/Promo"), await GoAsync("/pROMO")));

        var clash = await client.SendAsync(HttpMethod.Patch, $"/api/v1/custom-domains/{id}", """{"case_sensitive":false}""").ProblemAsync(409, "conflict");
        Assert.Contains("PROMO, Promo", clash.Text("error"), StringComparison.Ordinal);
        await client.SendAsync(HttpMethod.Delete, $"/api/v1/urls/{(await client.JsonAsync("/api/v1/urls/links.example.com/PROMO")).Text("id")}").JsonAsync();
        Assert.False((await client.SendAsync(HttpMethod.Patch, $"/api/v1/custom-domains/{id}", """{"case_sensitive":false}""").JsonAsync()).GetProperty("case_sensitive").GetBoolean());

        foreach (var path in (string[])["/Promo", "/promo", "/PROMO", "/pROMO", "/promo", "/PROMO."])
        {
            Assert.Equal(302, await GoAsync(path));
        }

        await MakeAsync(client, "promo", 409);
        Assert.Equal("taken", (await client.JsonAsync("/api/v1/shorten/check-alias?alias=PrOmO&domain=links.example.com")).Text("reason"));

        // Its own code may be written otherwise, another's may not.
        var own = (await client.JsonAsync("/api/v1/urls/links.example.com/Promo")).Text("id");
        await client.SendAsync(HttpMethod.Patch, $"/api/v1/urls/{own}", """{"alias":"pRoMo"}""").JsonAsync();
        await client.SendAsync(HttpMethod.Patch, $"/api/v1/urls/{own}", """{"alias":"OTHER"}""").ProblemAsync(409, "conflict");
        Assert.Equal(302, await GoAsync("/promo"));

        // A change counts at once for every spelling that was asked for before.
        await client.SendAsync(HttpMethod.Patch, $"/api/v1/urls/{own}", """{"status":"INACTIVE"}""").JsonAsync();
        Assert.Equal((410, 410), (await GoAsync("/PROMO"), await GoAsync("/promo")));

        // On the server's own domain it matters all the same.
        await client.SendAsync(HttpMethod.Post, "/api/v1/shorten", """{"long_url":"https://example.com/a","alias":"Mine"}""").JsonAsync(201);
        await client.SendAsync(HttpMethod.Post, "/api/v1/shorten", """{"long_url":"https://example.com/a","alias":"mine"}""").JsonAsync(201);
        var refused = await _app.Get<RunningSettings>().ChangeAsync("Links:IgnoreCase", "true", null, Cancelled);
        Assert.Contains("Mine, mine", refused?.Message, StringComparison.Ordinal);
        await using var database = _app.OpenDatabase();
        await database.Links.Where(link => link.ShortCode == "Mine").ExecuteDeleteAsync(Cancelled);
        Assert.Null(await _app.Get<RunningSettings>().ChangeAsync("Links:IgnoreCase", "true", null, Cancelled));
        Assert.Equal((302, 302), (await GoAsync("/mINE", null), await GoAsync("/MINE", null)));
    }

    [Fact]
    public async Task Where_case_does_not_matter_every_door_takes_every_spelling()
    {
        var owner = await _app.AddUserAsync();
        var client = await _app.WithKeyAsync(owner);
        var id = await AddDomainAsync("links.example.com", owner);
        await client.SendAsync(HttpMethod.Patch, $"/api/v1/custom-domains/{id}", """{"case_sensitive":false}""").JsonAsync();
        await MakeAsync(client, "Promo", 201);
        await MakeAsync(client, "Other", 201);
        var link = (await client.JsonAsync("/api/v1/urls/links.example.com/Promo")).Text("id");
        await client.SendAsync(HttpMethod.Patch, $"/api/v1/urls/{link}", """{"private_stats":false}""").JsonAsync();
        Assert.Equal((302, 302, 302), (await GoAsync("/promo"), await GoAsync("/PROMO"), await GoAsync("/other")));
        await _app.StoredAsync();

        Assert.Equal(link, (await client.JsonAsync("/api/v1/urls/Links.Example.com/pROMO")).Text("id"));
        foreach (var name in (string[])["Promo", "pROMO", "links.example.com/PROMO"])
        {
            var code = Uri.EscapeDataString(name);
            Assert.Equal(2, await CountAsync($"/api/v1/stats?short_code={code}"));
            Assert.Equal(1, await CountAsync($"/api/v1/stats?short_code!={code}"));
            Assert.Equal(2, await CountAsync($"/api/v1/export?format=json&short_code={code}"));
            Assert.Equal(2, await CountAsync($"/api/v1/stats?filters={Uri.EscapeDataString($$"""{"short_code":["{{name}}"]}""")}"));
        }

        foreach (var name in (string[])["links.example.com/pROMO", "PROMO@links.example.com"])
        {
            Assert.Equal(2, await CountAsync($"/api/v1/stats?scope=anon&short_code={Uri.EscapeDataString(name)}"));
        }

        Assert.Equal(2, (await _app.Anonymous().JsonAsync("/api/v1/public/stats/pROMO@links.example.com")).GetProperty("stats").GetProperty("summary").GetProperty("total_clicks").GetInt32());

        Assert.Equal(link, (await _app.Get<LinkNames>().FindAsync(owner.Id, "pROMO", Cancelled))?.PublicId);

        // Where it matters, another spelling is another link.
        await client.SendAsync(HttpMethod.Post, "/api/v1/shorten", """{"long_url":"https://example.com/a","alias":"Mine"}""").JsonAsync(201);
        await client.ProblemAsync("/api/v1/urls/localhost/mine", 404, "not_found");
        Assert.Null(await _app.Get<LinkNames>().FindAsync(owner.Id, "mine", Cancelled));
        Assert.Equal(0, await CountAsync("/api/v1/stats?short_code=mine"));

        // On the own domain a code that is there is meant, and none of another domain with it.
        await client.SendAsync(HttpMethod.Post, "/api/v1/shorten", """{"long_url":"https://example.com/a","alias":"promo"}""").JsonAsync(201);
        Assert.Equal((0, 2), (await CountAsync("/api/v1/stats?short_code=promo"), await CountAsync("/api/v1/stats?short_code=PROMO")));

        async Task<int> CountAsync(string address) => (await client.JsonAsync(address)).GetProperty("summary").GetProperty("total_clicks").GetInt32();
    }

    /// <summary>As an installation may be whose file of settings says so, whom nobody could ask.</summary>
    [Theory]
    [InlineData("team/launch", "Links:SlashesInCodes")]
    [InlineData("été", "Links:AliasLetters")]
    [InlineData("v1.2", "Links:AliasDots")]
    [InlineData("a-name-of-many-letters", "Links:MaxAliasLength")]
    [InlineData("équipe/v1.2", "Links:SlashesInCodes and Links:AliasLetters and Links:AliasDots")]
    [InlineData("two words", null)]
    [InlineData("team/", null)]
    public async Task The_refusal_of_an_alias_names_the_settings_that_would_allow_it(string alias, string? settings)
    {
        var client = await _app.WithKeyAsync(await _app.AddUserAsync());
        var made = await client.SendAsync(HttpMethod.Post, "/api/v1/shorten", """{"long_url":"https://example.com/a"}""").JsonAsync(201);
        var json = JsonSerializer.Serialize(new Dictionary<string, string> { ["long_url"] = "https://example.com/a", ["alias"] = alias });

        var onMaking = await client.SendAsync(HttpMethod.Post, "/api/v1/shorten", json).ProblemAsync(422, "validation_error");
        var onEditing = await client.SendAsync(HttpMethod.Patch, $"/api/v1/urls/{made.Text("id")}", json).ProblemAsync(422, "validation_error");

        foreach (var problem in new[] { onMaking, onEditing })
        {
            Assert.Equal("alias", problem.Text("field"));
            Assert.True(settings is null ? !problem.Text("error").Contains("Links:", StringComparison.Ordinal) : problem.Text("error").EndsWith($"may allow this one by {settings}", StringComparison.Ordinal), problem.Text("error"));
        }
    }

    [Fact]
    public async Task Codes_that_clash_all_the_same_are_found_as_they_are_written()
    {
        await using var app = new SpooApp { Settings = { ["Links:IgnoreCase"] = "true" } };
        await app.AddAsync(Some.Link("Promo", longUrl: "https://example.com/first"));
        await app.AddAsync(Some.Link("PROMO", longUrl: "https://example.com/second"));

        for (var time = 0; time < 2; time++)
        {
            foreach (var (path, url) in (IEnumerable<(string, string)>)[("/Promo", "first"), ("/PROMO", "second"), ("/promo", "first")])
            {
                Assert.Equal("https://example.com/" + url, (await app.Anonymous().GetAsync(path, Cancelled)).Headers.Location?.ToString());
            }
        }
    }

    private async Task<string> AddDomainAsync(string host, SpooUser owner)
    {
        var domain = new Domain { PublicId = Data.PublicId.New(Some.Noon), Host = host, OwnerId = owner.Id, State = DomainState.Active, CreatedAt = Some.Noon };
        await using (var database = _app.OpenDatabase())
        {
            database.Domains.Add(domain);
            await database.SaveChangesAsync(Cancelled);
        }

        await _app.Get<KnownDomains>().ReloadAsync(Cancelled);
        return domain.PublicId;
    }

    private static async Task MakeAsync(HttpClient client, string alias, int status) =>
        Assert.Equal(status, (int)(await client.SendAsync(HttpMethod.Post, "/api/v1/shorten", $$"""{"long_url":"https://example.com/a","alias":"{{alias}}","domain":"links.example.com"}""")).StatusCode);

    private async Task<int> GoAsync(string path, string? host = "links.example.com")
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Host = host;
        using var answer = await _app.Anonymous().SendAsync(request, Cancelled);
        return (int)answer.StatusCode;
    }
}

using System.Net;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Spoo.Data.Accounts;
using Spoo.Data.Links;
using Spoo.Data.Links.Domains;
using Spoo.Tests.Support;

namespace Spoo.Tests.Api;

/// <summary>Domains of accounts as spoo.me's API has them, and what follows for links, visitors and numbers.</summary>
[OnEveryDatabase]
public sealed class DomainsApiTests : IAsyncLifetime
{
    private const string Domains = "/api/v1/custom-domains";
    private const string Urls = "/api/v1/urls";

    private readonly NameServer _names = new();
    private readonly SpooApp _app;

    public DomainsApiTests() => _app = new SpooApp
    {
        Settings = new() { ["Domains:NameServers:0"] = _names.Address, ["Domains:PerAccount"] = "2", ["Links:PublicUrl"] = "https://sp.example" },
    };

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        await _names.DisposeAsync();
    }

    [Fact]
    public async Task A_person_adds_a_domain_and_proves_it_by_a_record()
    {
        var client = await _app.WithKeyAsync(await _app.AddUserAsync());

        var added = await client.SendAsync(HttpMethod.Post, Domains, """{"fqdn":"Links.Example.com."}""").JsonAsync(201);
        var id = added.GetProperty("id").GetString();
        Assert.Equal(("links.example.com", "pending", "txt_challenge"), (Text(added, "fqdn"), Text(added, "status"), Text(added, "verification_method")));
        var (proof, route) = (added.GetProperty("dns_records")[0], added.GetProperty("dns_records")[1]);
        Assert.Equal(("TXT", "_spoo-verify.links.example.com"), (Text(proof, "type"), Text(proof, "name")));
        Assert.Equal(("CNAME", "links.example.com", "sp.example"), (Text(route, "type"), Text(route, "name"), Text(route, "value")));

        var before = await client.SendAsync(HttpMethod.Post, $"{Domains}/{id}/verify").JsonAsync();
        Assert.Equal("pending", Text(before, "status"));
        Assert.Contains("no TXT record", Text(before, "last_verification_error"), StringComparison.Ordinal);
        await client.SendAsync(HttpMethod.Post, "/api/v1/shorten", """{"long_url":"https://example.com/","domain":"links.example.com"}""").ProblemAsync(422, "domain_not_verified");
        await client.SendAsync(HttpMethod.Patch, $"{Domains}/{id}", """{"root_redirect":"https://example.com/"}""").ProblemAsync(422, "domain_not_verified");

        _names.Texts["_spoo-verify.links.example.com"] = Text(proof, "value")!;
        var after = await client.SendAsync(HttpMethod.Post, $"{Domains}/{id}/verify").JsonAsync();
        Assert.Equal(("active", null), (Text(after, "status"), Text(after, "last_verification_error")));
        Assert.Equal(after.GetRawText(), (await client.JsonAsync($"{Domains}/{id}")).GetRawText());
        Assert.Equal(after.GetRawText(), (await client.JsonAsync(Domains)).GetProperty("items")[0].GetRawText());

        var made = await client.SendAsync(HttpMethod.Post, "/api/v1/shorten", """{"long_url":"https://example.com/","alias":"launch","domain":"links.example.com"}""").JsonAsync(201);
        Assert.Equal(("https://links.example.com/launch", "links.example.com"), (Text(made, "short_url"), Text(made, "domain")));
    }

    [Fact]
    public async Task A_domain_that_others_only_named_can_be_proved_by_its_owner_and_then_is_theirs_alone()
    {
        var squatter = await _app.WithKeyAsync(await _app.AddUserAsync());
        var owner = await _app.WithKeyAsync(await _app.AddUserAsync());
        var named = await squatter.SendAsync(HttpMethod.Post, Domains, """{"fqdn":"mine.example.com"}""").JsonAsync(201);
        await squatter.SendAsync(HttpMethod.Post, Domains, """{"fqdn":"mine.example.com"}""").ProblemAsync(409, "domain_already_registered");
        var added = await owner.SendAsync(HttpMethod.Post, Domains, """{"fqdn":"mine.example.com"}""").JsonAsync(201);

        _names.Texts["_spoo-verify.mine.example.com"] = Text(added.GetProperty("dns_records")[0], "value")!;
        Assert.Equal("active", Text(await owner.SendAsync(HttpMethod.Post, $"{Domains}/{Text(added, "id")}/verify").JsonAsync(), "status"));

        Assert.Equal("pending", Text(await squatter.SendAsync(HttpMethod.Post, $"{Domains}/{Text(named, "id")}/verify").JsonAsync(), "status"));
        await squatter.ProblemAsync($"{Domains}/{Text(added, "id")}", 403, "forbidden");
        await squatter.SendAsync(HttpMethod.Post, "/api/v1/shorten", """{"long_url":"https://example.com/","domain":"mine.example.com"}""").ProblemAsync(422, "domain_not_verified");
        var stranger = await _app.WithKeyAsync(await _app.AddUserAsync());
        await stranger.SendAsync(HttpMethod.Post, Domains, """{"fqdn":"mine.example.com"}""").ProblemAsync(409, "domain_already_registered");
        await stranger.SendAsync(HttpMethod.Post, "/api/v1/shorten", """{"long_url":"https://example.com/","domain":"mine.example.com"}""").ProblemAsync(403, "forbidden");
        await stranger.SendAsync(HttpMethod.Post, "/api/v1/shorten", """{"long_url":"https://example.com/","domain":"nobodys.example.com"}""").ProblemAsync(404, "not_found");
        await _app.Anonymous().SendAsync(HttpMethod.Post, "/api/v1/shorten", """{"long_url":"https://example.com/","domain":"mine.example.com"}""").ProblemAsync(401, "authentication_error");
    }

    [Theory]
    [InlineData("not a host", 422, "validation_error")]
    [InlineData("localhost", 422, "validation_error")]
    [InlineData("10.0.0.1", 422, "validation_error")]
    [InlineData("-x.example.com", 422, "validation_error")]
    [InlineData("SP.example", 409, "domain_already_registered")]
    public async Task What_is_no_domain_of_an_account_is_refused(string fqdn, int status, string code)
    {
        var client = await _app.WithKeyAsync(await _app.AddUserAsync());

        await client.SendAsync(HttpMethod.Post, Domains, JsonSerializer.Serialize(new { fqdn })).ProblemAsync(status, code);
    }

    [Fact]
    public async Task An_account_has_so_many_domains_until_one_is_given_up_for_good()
    {
        var client = await _app.WithKeyAsync(await _app.AddUserAsync());
        var first = await client.SendAsync(HttpMethod.Post, Domains, """{"fqdn":"a.example.com"}""").JsonAsync(201);
        await client.SendAsync(HttpMethod.Post, Domains, """{"fqdn":"b.example.com"}""").JsonAsync(201);

        await client.SendAsync(HttpMethod.Post, Domains, """{"fqdn":"c.example.com"}""").ProblemAsync(429, "domain_quota_exceeded");
        await client.SendAsync(HttpMethod.Delete, $"{Domains}/{Text(first, "id")}/permanent").ProblemAsync(422, "invalid_domain_transition");
        await client.SendAsync(HttpMethod.Delete, $"{Domains}/{Text(first, "id")}").JsonAsync();
        await client.SendAsync(HttpMethod.Post, Domains, """{"fqdn":"c.example.com"}""").ProblemAsync(429, "domain_quota_exceeded");
        Assert.Equal(HttpStatusCode.NoContent, (await client.SendAsync(HttpMethod.Delete, $"{Domains}/{Text(first, "id")}/permanent")).StatusCode);
        await client.SendAsync(HttpMethod.Post, Domains, """{"fqdn":"c.example.com"}""").JsonAsync(201);
        await client.ProblemAsync($"{Domains}/{Text(first, "id")}", 404, "not_found");
        await client.ProblemAsync($"{Domains}/nothing", 404, "not_found");
    }

    [Fact]
    public async Task Keys_need_the_scope_of_domains()
    {
        var owner = await _app.AddUserAsync();
        await (await _app.WithKeyAsync(owner, ApiKeyScope.UrlsManage)).ProblemAsync(Domains, 403, "forbidden");
        await (await _app.WithKeyAsync(owner, ApiKeyScope.DomainsRead)).JsonAsync(Domains);
        await (await _app.WithKeyAsync(owner, ApiKeyScope.DomainsRead)).SendAsync(HttpMethod.Post, Domains, """{"fqdn":"a.example.com"}""").ProblemAsync(403, "forbidden");
    }

    [Fact]
    public async Task The_same_code_lives_on_each_domain_and_each_leads_where_it_should()
    {
        var client = await AdministratorAsync("links.example.com");
        await client.SendAsync(HttpMethod.Post, "/api/v1/shorten", """{"long_url":"https://example.com/own","alias":"promo"}""").JsonAsync(201);
        await client.SendAsync(HttpMethod.Post, "/api/v1/shorten", """{"long_url":"https://example.com/other","alias":"promo","domain":"links.example.com"}""").JsonAsync(201);
        await client.SendAsync(HttpMethod.Post, "/api/v1/shorten", """{"long_url":"https://example.com/","alias":"promo","domain":"links.example.com"}""").ProblemAsync(409, "conflict");

        // Twice each: the first time from the database, then from memory.
        foreach (var _ in Enumerable.Range(0, 2))
        {
            Assert.Equal("https://example.com/own", await WhereAsync("sp.example", "/promo"));
            Assert.Equal("https://example.com/own", await WhereAsync("unheard-of.example", "/promo"));
            Assert.Equal("https://example.com/other", await WhereAsync("links.example.com", "/promo"));
            Assert.Equal("https://example.com/other", await WhereAsync("LINKS.example.com.:8080", "/promo"));
        }

        var answers = await client.JsonAsync($"/api/v1/shorten/check-alias?alias=promo&domain=links.example.com");
        Assert.Equal("taken", Text(answers, "reason"));
        Assert.True((await client.JsonAsync($"/api/v1/shorten/check-alias?alias=other&domain=links.example.com")).GetProperty("available").GetBoolean());
        Assert.Equal("https://example.com/other", Text(await client.JsonAsync($"{Urls}/links.example.com/promo"), "long_url"));
        Assert.Equal("https://example.com/own", Text(await client.JsonAsync($"{Urls}/sp.example/promo"), "long_url"));
        Assert.Equal(1, (await client.JsonAsync($"{Urls}?domain=links.example.com")).GetProperty("total").GetInt32());
        Assert.Equal(1, (await client.JsonAsync($"{Urls}?domain=sp.example")).GetProperty("total").GetInt32());
        Assert.Equal(2, (await client.JsonAsync(Urls)).GetProperty("total").GetInt32());
    }

    [Fact]
    public async Task Links_move_between_domains_with_their_history()
    {
        var client = await AdministratorAsync("links.example.com");
        var first = Text(await client.SendAsync(HttpMethod.Post, "/api/v1/shorten", """{"long_url":"https://example.com/1","alias":"one"}""").JsonAsync(201), "id");
        var second = Text(await client.SendAsync(HttpMethod.Post, "/api/v1/shorten", """{"long_url":"https://example.com/2","alias":"two"}""").JsonAsync(201), "id");
        var third = Text(await client.SendAsync(HttpMethod.Post, "/api/v1/shorten", """{"long_url":"https://example.com/3","alias":"two","domain":"links.example.com"}""").JsonAsync(201), "id");
        Assert.Equal("https://example.com/1", await WhereAsync("sp.example", "/one"));

        var moved = await client.SendAsync(HttpMethod.Patch, $"{Urls}/{first}", """{"domain":"links.example.com"}""").JsonAsync();
        Assert.Equal("links.example.com", Text(moved, "domain"));
        Assert.Equal("https://example.com/1", await WhereAsync("links.example.com", "/one"));
        Assert.Null(await WhereAsync("sp.example", "/one"));

        var many = await client.SendAsync(
            HttpMethod.Post, $"{Urls}/bulk/domain", JsonSerializer.Serialize(new { ids = new[] { first, second, third }, domain = "links.example.com" })).JsonAsync();
        Assert.Equal([null, "conflict", null], many.GetProperty("results").EnumerateArray().Select(result => Text(result, "error_code")));
        await client.SendAsync(HttpMethod.Post, $"{Urls}/bulk/domain", JsonSerializer.Serialize(new { ids = new[] { first }, domain = "nobodys.example.com" })).ProblemAsync(404, "not_found");

        Assert.Equal("sp.example", Text(await client.SendAsync(HttpMethod.Patch, $"{Urls}/{first}", """{"domain":null}""").JsonAsync(), "domain"));
        await using var database = _app.OpenDatabase();
        Assert.Equal(
            [((string?)null, (string?)"links.example.com"), ("links.example.com", null)],
            (await database.LinkChanges.Where(change => change.Field == LinkField.Domain).OrderBy(change => change.Id).ToListAsync(Cancelled)).Select(change => (change.Before, change.After)));
    }

    [Fact]
    public async Task A_domain_has_links_and_nothing_else_of_this_server()
    {
        var client = await AdministratorAsync("links.example.com");
        var id = Text((await client.JsonAsync(Domains)).GetProperty("items")[0], "id");
        var visitor = Visitor("links.example.com");
        foreach (var path in (string[])["/", "/dashboard", "/account/login", "/api/v1/urls", "/health", "/nothing", "/a/b", "/stats/nothing"])
        {
            var answer = await visitor.GetAsync(path, Cancelled);
            Assert.Equal((path, HttpStatusCode.NotFound), (path, answer.StatusCode));
            Assert.False(answer.Headers.Contains("Set-Cookie"));
        }

        Assert.Equal("User-agent: *\nDisallow: /\n", await visitor.GetStringAsync("/robots.txt", Cancelled));

        var changed = await client.SendAsync(
            HttpMethod.Patch, $"{Domains}/{id}", """{"root_redirect":"https://example.com/home","not_found_redirect":"https://example.com/404","custom_robots_txt":"User-agent: *\nAllow: /"}""").JsonAsync();
        Assert.Equal(("https://example.com/home", "https://example.com/404"), (Text(changed, "root_redirect"), Text(changed, "not_found_redirect")));
        Assert.Equal("https://example.com/home", await WhereAsync("links.example.com", "/"));
        Assert.Equal("https://example.com/404", await WhereAsync("links.example.com", "/nothing"));
        Assert.Equal("https://example.com/404", await WhereAsync("links.example.com", "/dashboard"));
        Assert.Equal("User-agent: *\nAllow: /", await visitor.GetStringAsync("/robots.txt", Cancelled));
        Assert.Equal(HttpStatusCode.OK, (await Visitor("sp.example").GetAsync("/health", Cancelled)).StatusCode);

        await client.SendAsync(HttpMethod.Patch, $"{Domains}/{id}", """{"root_redirect":"javascript:alert(1)"}""").ProblemAsync(422, "validation_error");
        Assert.Null(Text(await client.SendAsync(HttpMethod.Patch, $"{Domains}/{id}", """{"root_redirect":null}""").JsonAsync(), "root_redirect"));
        Assert.Null(await WhereAsync("links.example.com", "/"));
    }

    [Fact]
    public async Task A_domain_that_is_given_up_leads_nowhere_and_its_links_wait_for_it()
    {
        var client = await AdministratorAsync("links.example.com");
        var id = Text((await client.JsonAsync(Domains)).GetProperty("items")[0], "id");
        await client.SendAsync(HttpMethod.Post, "/api/v1/shorten", """{"long_url":"https://example.com/other","alias":"promo","domain":"links.example.com"}""").JsonAsync(201);
        Assert.Equal("https://example.com/other", await WhereAsync("links.example.com", "/promo"));

        var given = await client.SendAsync(HttpMethod.Delete, $"{Domains}/{id}").JsonAsync();
        Assert.Equal($$"""{"id":"{{id}}","fqdn":"links.example.com","cascade":false,"urls_deleted":0}""", given.GetRawText());
        Assert.Null(await WhereAsync("links.example.com", "/promo"));
        await client.SendAsync(HttpMethod.Delete, $"{Domains}/{id}/permanent").ProblemAsync(409, "conflict");

        await client.SendAsync(HttpMethod.Post, Domains, """{"fqdn":"links.example.com"}""").JsonAsync(201);
        Assert.Equal("https://example.com/other", await WhereAsync("links.example.com", "/promo"));

        await client.SendAsync(HttpMethod.Delete, $"{Urls}?domain=sp.example").ProblemAsync(400, "validation_error");
        await client.SendAsync(HttpMethod.Delete, $"{Urls}?domain=nobodys.example.com").ProblemAsync(404, "not_found");
        var deleted = await client.SendAsync(HttpMethod.Delete, $"{Urls}?domain=links.example.com").JsonAsync();
        Assert.Equal("""{"message":"deleted 1 URL(s) on links.example.com","count":1,"domain":"links.example.com"}""", deleted.GetRawText());
        Assert.Null(await WhereAsync("links.example.com", "/promo"));
    }

    [Fact]
    public async Task What_an_administrator_switches_off_stays_off_until_one_switches_it_on()
    {
        var client = await _app.WithKeyAsync(await _app.AddUserAsync());
        var added = await client.SendAsync(HttpMethod.Post, Domains, """{"fqdn":"links.example.com"}""").JsonAsync(201);
        var id = Text(added, "id")!;
        _names.Texts["_spoo-verify.links.example.com"] = Text(added.GetProperty("dns_records")[0], "value")!;
        await client.SendAsync(HttpMethod.Post, $"{Domains}/{id}/verify").JsonAsync();
        await client.SendAsync(HttpMethod.Post, "/api/v1/shorten", """{"long_url":"https://example.com/other","alias":"promo","domain":"links.example.com"}""").JsonAsync(201);

        await _app.Get<DomainService>().SwitchAsync(id, isOn: false, null, Cancelled);

        Assert.Equal("suspended", Text(await client.JsonAsync($"{Domains}/{id}"), "status"));
        Assert.Null(await WhereAsync("links.example.com", "/promo"));
        await client.SendAsync(HttpMethod.Post, $"{Domains}/{id}/verify").ProblemAsync(422, "invalid_domain_transition");
        await client.SendAsync(HttpMethod.Delete, $"{Domains}/{id}").ProblemAsync(422, "invalid_domain_transition");
        await client.SendAsync(HttpMethod.Post, Domains, """{"fqdn":"links.example.com"}""").ProblemAsync(409, "domain_already_registered");
        await client.SendAsync(HttpMethod.Post, "/api/v1/shorten", """{"long_url":"https://example.com/","domain":"links.example.com"}""").ProblemAsync(422, "domain_not_verified");
        await _app.Get<DomainService>().SwitchAsync(id, isOn: true, null, Cancelled);
        Assert.Equal("https://example.com/other", await WhereAsync("links.example.com", "/promo"));
    }

    [Fact]
    public async Task Links_go_with_their_domain_where_that_is_asked_for()
    {
        var client = await AdministratorAsync("links.example.com");
        var id = Text((await client.JsonAsync(Domains)).GetProperty("items")[0], "id");
        await client.SendAsync(HttpMethod.Post, "/api/v1/shorten", """{"long_url":"https://example.com/1","domain":"links.example.com"}""").JsonAsync(201);
        await client.SendAsync(HttpMethod.Post, "/api/v1/shorten", """{"long_url":"https://example.com/2"}""").JsonAsync(201);

        Assert.Equal(1, (await client.SendAsync(HttpMethod.Delete, $"{Domains}/{id}?cascade=true").JsonAsync()).GetProperty("urls_deleted").GetInt32());
        Assert.Equal(1, (await client.JsonAsync(Urls)).GetProperty("total").GetInt32());
    }

    [Fact]
    public async Task Numbers_follow_the_link_to_its_domain()
    {
        var administrator = await _app.AddAdministratorAsync();
        var client = await _app.WithKeyAsync(administrator);
        await client.SendAsync(HttpMethod.Post, Domains, """{"fqdn":"links.example.com"}""").JsonAsync(201);
        var own = await LinkAsync("promo", null);
        var other = await LinkAsync("promo", "links.example.com");
        await _app.AddAsync(Some.Click(own, visitor: 1), Some.Click(other, visitor: 1), Some.Click(other, visitor: 2));
        const string All = "/api/v1/stats?start_date=2026-02-18&end_date=2026-02-18";

        Assert.Equal([("links.example.com", 2), ("default", 1)], Rows(await client.JsonAsync($"{All}&group_by=domain"), "domain"));
        Assert.Equal([("links.example.com/promo", 2), ("promo", 1)], Rows(await client.JsonAsync($"{All}&group_by=short_code"), "short_code"));
        Assert.Equal([("links.example.com", 2)], Rows(await client.JsonAsync($"{All}&group_by=domain&domain=links.example.com"), "domain"));
        Assert.Equal([("default", 1)], Rows(await client.JsonAsync($"{All}&group_by=domain&short_code=promo"), "domain"));
        Assert.Equal([("links.example.com", 2)], Rows(await client.JsonAsync($"{All}&group_by=domain&short_code=links.example.com/promo"), "domain"));
        Assert.Equal([("links.example.com", 2)], Rows(await client.JsonAsync($"{All}&group_by=domain&short_code=promo@links.example.com"), "domain"));
        Assert.Equal(2, (await client.JsonAsync($"{All}&scope=anon&short_code=links.example.com/promo")).GetProperty("summary").GetProperty("total_clicks").GetInt32());
        Assert.Equal(2, (await client.JsonAsync($"{All}&group_by=domain")).GetProperty("summary").GetProperty("unique_clicks").GetInt32());

        await client.SendAsync(HttpMethod.Patch, $"{Urls}/{other.PublicId}", """{"domain":null,"alias":"promo-too"}""").JsonAsync();
        Assert.Equal([("default", 3)], Rows(await client.JsonAsync($"{All}&group_by=domain"), "domain"));

        async Task<Link> LinkAsync(string alias, string? domain)
        {
            var made = await client.SendAsync(HttpMethod.Post, "/api/v1/shorten", JsonSerializer.Serialize(new { long_url = "https://example.com/", alias, domain, private_stats = false })).JsonAsync(201);
            await using var database = _app.OpenDatabase();
            var id = Text(made, "id");
            return await database.Links.AsNoTracking().SingleAsync(link => link.PublicId == id, Cancelled);
        }

        static IEnumerable<(string?, int)> Rows(JsonElement body, string dimension) => body.GetProperty("metrics").GetProperty($"clicks_by_{dimension}").EnumerateArray()
            .Select(row => (Text(row, dimension), row.GetProperty("clicks").GetInt32()));
    }

    [Fact]
    public async Task Certificates_are_had_for_names_that_are_answered_and_no_others()
    {
        await AdministratorAsync("links.example.com");
        var somebody = _app.Anonymous();

        Assert.Equal(HttpStatusCode.OK, (await somebody.GetAsync("/api/v1/domains/allowed?domain=links.example.com", Cancelled)).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await somebody.GetAsync("/api/v1/domains/allowed?domain=sp.example", Cancelled)).StatusCode);
        await somebody.ProblemAsync("/api/v1/domains/allowed?domain=other.example", 404, "not_found");
        await somebody.ProblemAsync("/api/v1/domains/allowed", 422, "validation_error");
    }

    [Fact]
    public async Task Short_io_knows_domains_by_number()
    {
        var client = await AdministratorAsync("links.example.com");
        var domains = await client.JsonAsync("/api/domains");
        Assert.Equal(["sp.example", "links.example.com"], domains.EnumerateArray().Select(domain => Text(domain, "hostname")));
        var id = domains[1].GetProperty("id").GetInt64();

        var made = await client.SendAsync(HttpMethod.Post, "/links", """{"domain":"links.example.com","originalURL":"https://example.com/","path":"promo"}""").JsonAsync();
        await client.SendAsync(HttpMethod.Post, "/links", """{"domain":"sp.example","originalURL":"https://example.com/","path":"promo"}""").JsonAsync();

        Assert.Equal(("https://links.example.com/promo", id), (Text(made, "shortURL"), made.GetProperty("DomainId").GetInt64()));
        Assert.Equal(1, (await client.JsonAsync($"/api/links?domain_id={id}")).GetProperty("count").GetInt32());
        Assert.Equal(1, (await client.JsonAsync("/api/links?domain_id=1")).GetProperty("count").GetInt32());
        Assert.Equal("https://links.example.com/promo", Text(await client.JsonAsync("/links/expand?domain=links.example.com&path=promo"), "shortURL"));
        await WhereAsync("links.example.com", "/promo");
        await _app.StoredAsync();
        Assert.Equal(1, (await client.JsonAsync($"/statistics/domain/{id}?period=total")).GetProperty("clicks").GetInt32());
        Assert.Equal(0, (await client.JsonAsync("/statistics/domain/1?period=total")).GetProperty("clicks").GetInt32());
        await client.SendAsync(HttpMethod.Delete, "/statistics/domain/1/statistics").JsonAsync();
        Assert.Equal(1, (await client.JsonAsync($"/statistics/domain/{id}?period=total")).GetProperty("clicks").GetInt32());
        await client.SendAsync(HttpMethod.Delete, $"/statistics/domain/{id}/statistics").JsonAsync();
        Assert.Equal(0, (await client.JsonAsync($"/statistics/domain/{id}?period=total")).GetProperty("clicks").GetInt32());
    }

    [Fact]
    public async Task Unknown_hosts_have_nothing_where_the_settings_say_so_and_domains_pass_a_list_of_hosts()
    {
        await using var app = new SpooApp
        {
            Settings = new() { ["Domains:UnknownHosts"] = "NotFound", ["Links:PublicUrl"] = "https://sp.example", ["AllowedHosts"] = "sp.example;localhost" },
        };
        await app.AddAsync(Some.Link("promo"));
        Assert.Equal(HttpStatusCode.Redirect, await StatusAsync("sp.example", "/promo"));
        Assert.Equal(HttpStatusCode.BadRequest, await StatusAsync("links.example.com", "/promo"));

        var client = await app.WithKeyAsync(await app.AddAdministratorAsync());
        await client.SendAsync(HttpMethod.Post, Domains, """{"fqdn":"links.example.com"}""").JsonAsync(201);
        await client.SendAsync(HttpMethod.Post, "/api/v1/shorten", """{"long_url":"https://example.com/","alias":"promo","domain":"links.example.com"}""").JsonAsync(201);
        Assert.Equal(HttpStatusCode.Redirect, await StatusAsync("links.example.com", "/promo"));

        async Task<HttpStatusCode> StatusAsync(string host, string path)
        {
            using var visitor = app.Anonymous();
            visitor.DefaultRequestHeaders.Host = host;
            return (await visitor.GetAsync(path, Cancelled)).StatusCode;
        }
    }

    [Fact]
    public async Task A_host_of_nobody_answers_nothing_where_the_settings_say_so()
    {
        await using var app = new SpooApp { Settings = new() { ["Domains:UnknownHosts"] = "NotFound", ["Links:PublicUrl"] = "https://sp.example" } };
        await app.AddAsync(Some.Link("promo"));
        foreach (var (host, path, status) in new[]
        {
            ("sp.example", "/promo", HttpStatusCode.Redirect), ("localhost", "/promo", HttpStatusCode.Redirect), ("127.0.0.1:5080", "/promo", HttpStatusCode.Redirect),
            ("other.example", "/promo", HttpStatusCode.NotFound), ("other.example", "/promo", HttpStatusCode.NotFound), ("other.example", "/account/login", HttpStatusCode.NotFound),
            ("other.example", "/health", HttpStatusCode.OK), ("sp.example", "/account/login", HttpStatusCode.OK),
        })
        {
            using var visitor = app.Anonymous();
            visitor.DefaultRequestHeaders.Host = host;
            Assert.Equal((host, path, status), (host, path, (await visitor.GetAsync(path, Cancelled)).StatusCode));
        }
    }

    private static string? Text(JsonElement element, string name) => element.GetProperty(name).GetString();

    /// <summary>An administrator's key, to whom this domain belongs: it is active at once.</summary>
    private async Task<HttpClient> AdministratorAsync(string fqdn)
    {
        var client = await _app.WithKeyAsync(await _app.AddAdministratorAsync());
        var added = await client.SendAsync(HttpMethod.Post, Domains, JsonSerializer.Serialize(new { fqdn })).JsonAsync(201);
        Assert.Equal(("active", "system"), (Text(added, "status"), Text(added, "verification_method")));
        return client;
    }

    private HttpClient Visitor(string host)
    {
        var client = _app.Anonymous();
        client.DefaultRequestHeaders.Host = host;
        return client;
    }

    /// <summary>Where a visitor is sent. Null: nowhere.</summary>
    private async Task<string?> WhereAsync(string host, string path)
    {
        var answer = await Visitor(host).GetAsync(path, Cancelled);
        Assert.True(answer.StatusCode is HttpStatusCode.Redirect or HttpStatusCode.NotFound, $"{answer.StatusCode}");
        return answer.Headers.Location?.OriginalString;
    }
}

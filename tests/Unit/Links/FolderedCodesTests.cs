using System.Globalization;
using System.Net;
using System.Text.Json;
using Microsoft.AspNetCore.Routing;
using Spoo.Data.Links;
using Spoo.Data.Links.Domains;
using Spoo.Tests.Support;

namespace Spoo.Tests.Links;

/// <summary>Codes in folders, <c>team/launch</c>: every door of a link takes them, and links without a folder are where they were.</summary>
[OnEveryDatabase]
public sealed class FolderedCodesTests(FolderedCodesTests.Installation shared) : IClassFixture<FolderedCodesTests.Installation>, IAsyncDisposable
{
    /// <summary>The names that parameters of routes have where a link is called by its name.</summary>
    private static readonly string[] ParametersOfCodes = ["code", "alias", "short_code", "shortCode", "path"];

    private static readonly Door[] Doors =
    [
        new("GET /{code}", "/{0}", 302, "https://example.com/launch") { TakesMark = false },
        new("GET /{code}/{rest}", "/{0}", 302, "https://example.com/launch") { TakesMark = false },
        new("POST /{code}/password", "/{0}/password", 302, "/team/launch") { TakesMark = false, Form = "password=open sesame", IsLocked = true },
        new("POST /{code}/report", "/{0}/report", 200, "Thank you") { TakesMark = false, Form = "reason=Spam" },
        new("POST /{code}/{rest}", "/{0}/password", 302, "/team/launch") { TakesMark = false, Form = "password=open sesame", IsLocked = true },
        new("GET /dashboard/links/{code}", "/dashboard/links/{0}", 200, "team/launch") { IsPage = true },

        // No form is sent there; that it is the page that says so is enough.
        new("POST /dashboard/links/{code}", "/dashboard/links/{0}", 400, "") { Form = "" },
        new("GET /stats/{code}", "/stats/{0}", 200, "Clicks of team/launch") { IsPage = true },
        new("POST /stats/{code}", "/stats/{0}", 200, "team/launch") { Form = "" },
        new("GET /stats/{code}/live", "/stats/{0}/live", 200, ""),
        new("GET /stats/{code}/card.png", "/stats/{0}/card.png", 200, "PNG"),
        new("GET /links/{code}/qr.svg", "/links/{0}/qr.svg", 200, "<svg"),
        new("GET /links/{code}/qr.png", "/links/{0}/qr.png", 200, "PNG"),
        new("GET /links/{code}/qr.pdf", "/links/{0}/qr.pdf", 200, "PDF"),
        new("POST /links/{code}/qr.svg", "/links/{0}/qr.svg", 415, "Content-Type"),
        new("POST /links/{code}/qr.png", "/links/{0}/qr.png", 415, "Content-Type"),
        new("POST /links/{code}/qr.pdf", "/links/{0}/qr.pdf", 415, "Content-Type"),
        new("GET /export/{code}/{format}", "/export/{0}/json", 200, "team/launch"),
        new("POST /export/{code}/{format}", "/export/{0}/json", 200, "team/launch") { Form = "" },
        new("GET /api/v1/public/stats/{code}", "/api/v1/public/stats/{0}", 200, "team/launch"),
        new("POST /api/v1/public/stats/{code}", "/api/v1/public/stats/{0}", 200, "team/launch") { Json = """{"password":"open sesame"}""", IsLocked = true },
        new("GET /api/v1/public/preview/{code}", "/api/v1/public/preview/{0}", 200, "team/launch"),
        new("GET /api/v1/urls/{domain}/{alias}", "/api/v1/urls/localhost/{0}", 200, "team/launch"),
    ];

    private readonly SpooApp _app = new() { Settings = { ["Links:SlashesInCodes"] = "true" } };

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public static TheoryData<string> Routes => [.. Doors.Select(door => door.Route)];

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    [Fact]
    public void Every_door_of_a_link_is_walked_through()
    {
        _ = shared.App.Anonymous();
        var routes = shared.App.Get<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
            .Where(endpoint => endpoint.RoutePattern.Parameters.Any(parameter => ParametersOfCodes.Contains(parameter.Name, StringComparer.OrdinalIgnoreCase) && !parameter.ParameterPolicies.Any(policy => policy.Content == "file")))
            .SelectMany(endpoint => (endpoint.Metadata.GetMetadata<IHttpMethodMetadata>()?.HttpMethods ?? ["GET"]).Where(method => method != "HEAD").Select(method => $"{method} /{Plain(endpoint)}"))
            .Distinct().ToList();

        Assert.Equal(routes.Order(StringComparer.Ordinal), Doors.Select(door => door.Route).Order(StringComparer.Ordinal));

        static string Plain(RouteEndpoint endpoint) => endpoint.RoutePattern.RawText!.Trim('/')
            .Replace("{code:code}", "{code}", StringComparison.Ordinal).Replace("{Code}", "{code}", StringComparison.Ordinal).Replace("{**rest}", "{rest}", StringComparison.Ordinal);
    }

    [Theory, MemberData(nameof(Routes))]
    public async Task A_door_takes_a_code_in_a_folder_in_every_spelling(string route)
    {
        var door = Doors.Single(door => door.Route == route);
        var owner = await shared.App.AddUserAsync();
        var code = Some.Unique("team/launch");
        var link = Some.Link(code, owner, longUrl: "https://example.com/launch");
        link.PasswordHash = door.IsLocked ? Some.PasswordHash("open sesame") : null;
        link.PrivateStats = false;
        await shared.App.AddAsync(link);
        var client = door.Route.StartsWith("GET", StringComparison.Ordinal) || door.Address.StartsWith("/dashboard", StringComparison.Ordinal) ? await shared.App.SignedInAsync(owner) : shared.App.Anonymous();

        foreach (var spelling in (string[])[code, code.Replace("/", "%2F", StringComparison.Ordinal), code.Replace('/', '~')])
        {
            if (spelling.Contains('~', StringComparison.Ordinal) && !door.TakesMark)
            {
                continue;
            }

            using var answer = await door.AskAsync(client, door.Address.Replace("{0}", spelling, StringComparison.Ordinal));
            var says = answer.Headers.Location?.ToString() ?? (door.Says.Length == 0 ? "" : await answer.Content.ReadAsStringAsync(Cancelled));
            Assert.True(door.Status == (int)answer.StatusCode && says.Contains(door.Says, StringComparison.Ordinal), $"{spelling}: {answer.StatusCode} {says}");
        }
    }

    [Fact]
    public async Task The_longest_code_that_exists_is_meant_and_the_rest_is_a_path()
    {
        var owner = await _app.AddUserAsync();
        foreach (var (code, passesPath) in (IEnumerable<(string, bool)>)[("team", true), ("team/launch", true), ("team/closed", false), ("plain", false), ("also", true)])
        {
            var link = Some.Link(code, owner, longUrl: $"https://example.com/{code.Replace('/', '-')}");
            link.PassPath = passesPath;
            await _app.AddAsync(link);
        }

        // Asked twice: what was looked up, and what is remembered.
        for (var time = 0; time < 2; time++)
        {
            Assert.Equal("https://example.com/team", await LocationAsync("/team"));
            Assert.Equal("https://example.com/team-launch", await LocationAsync("/team/launch"));
            Assert.Equal("https://example.com/team-launch", await LocationAsync("/team/launch."));
            Assert.Equal("https://example.com/team-launch", await LocationAsync("/team/launch/"));
            Assert.Equal("https://example.com/team-launch/a/b%20c", await LocationAsync("/team/launch/a/b%20c"));
            Assert.Equal("https://example.com/team/other/a", await LocationAsync("/team/other/a"));
            Assert.Equal("https://example.com/team/a/b/c/d/e/f/g/h/i/j", await LocationAsync("/team/a/b/c/d/e/f/g/h/i/j"));
            Assert.Equal("https://example.com/also/team/launch", await LocationAsync("/also/team/launch"));
            Assert.Equal("https://example.com/plain", await LocationAsync("/plain"));
            Assert.Equal("404", await LocationAsync("/team/closed/a"));
            Assert.Equal("404", await LocationAsync("/plain/a"));
            Assert.Equal("404", await LocationAsync("/Team/launch"));
            Assert.Equal("200", await LocationAsync("/team/launch+"));
        }
    }

    [Fact]
    public async Task A_folder_begins_and_ends_with_its_links()
    {
        var client = await _app.WithKeyAsync(await _app.AddUserAsync());
        await client.SendAsync(HttpMethod.Post, "/api/v1/shorten", """{"long_url":"https://example.com/team","alias":"team","pass_path":true}""").JsonAsync(201);
        Assert.Equal("https://example.com/team/launch", await LocationAsync("/team/launch"));

        var id = (await client.SendAsync(HttpMethod.Post, "/api/v1/shorten", """{"long_url":"https://example.com/launch","alias":"team/launch"}""").JsonAsync(201)).Text("id");
        Assert.Equal("https://example.com/launch", await LocationAsync("/team/launch"));
        await client.SendAsync(HttpMethod.Post, "/api/v1/shorten", """{"long_url":"https://example.com/launch","alias":"team/launch"}""").ProblemAsync(409, "conflict");
        Assert.Equal("taken", (await client.JsonAsync("/api/v1/shorten/check-alias?alias=team/launch")).Text("reason"));

        Assert.Equal("crew/start", (await client.SendAsync(HttpMethod.Patch, $"/api/v1/urls/{id}", """{"alias":"crew/start"}""").JsonAsync()).Text("alias"));
        Assert.Equal(("https://example.com/team/launch", "https://example.com/launch"), (await LocationAsync("/team/launch"), await LocationAsync("/crew/start")));
        await client.SendAsync(HttpMethod.Delete, $"/api/v1/urls/{id}").JsonAsync();
        Assert.Equal("404", await LocationAsync("/crew/start"));
    }

    [Fact]
    public async Task Numbers_lists_files_and_short_io_know_a_link_in_a_folder_by_its_code()
    {
        var owner = await _app.AddUserAsync();
        var client = await _app.WithKeyAsync(owner);
        await client.SendAsync(HttpMethod.Post, "/api/v1/shorten", """{"long_url":"https://example.com/launch","alias":"team/launch","private_stats":false}""").JsonAsync(201);
        Assert.Equal("https://example.com/launch", await LocationAsync("/team/launch"));
        await _app.StoredAsync();

        foreach (var address in (string[])["/api/v1/stats?short_code=team/launch", "/api/v1/stats?short_code=team%2Flaunch", "/api/v1/stats?scope=anon&short_code=team/launch", "/api/v1/stats?short_code=team~launch"])
        {
            Assert.Equal(1, (await client.JsonAsync(address)).GetProperty("summary").GetProperty("total_clicks").GetInt32());
        }

        Assert.Equal("team/launch", (await client.JsonAsync("/api/v1/stats?group_by=short_code")).GetProperty("metrics").GetProperty("clicks_by_short_code")[0].Text("short_code"));
        Assert.Equal("team/launch", (await client.JsonAsync("/api/v1/urls?search=team/launch")).GetProperty("items")[0].Text("alias"));
        Assert.Equal("team/launch", (await client.JsonAsync("/links/expand?domain=localhost&path=team/launch")).Text("path"));
        Assert.Contains("team/launch", await (await _app.SignedInAsync(owner)).GetStringAsync("/links/export.csv", Cancelled), StringComparison.Ordinal);
        Assert.Contains("team/launch", await client.GetStringAsync("/api/v1/export/clicks?format=csv", Cancelled), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Where_case_does_not_matter_it_does_not_in_folders_either()
    {
        await using var app = new SpooApp { Settings = { ["Links:SlashesInCodes"] = "true", ["Links:IgnoreCase"] = "true" } };
        await app.AddAsync(Some.Link("Team/Launch", longUrl: "https://example.com/launch"));
        foreach (var path in (string[])["/team/launch", "/TEAM/LAUNCH", "/team/LAUNCH.", "/team/launch"])
        {
            Assert.Equal("https://example.com/launch", (await app.Anonymous().GetAsync(path, Cancelled)).Headers.Location?.ToString());
        }
    }

    [Fact]
    public async Task What_is_asked_for_in_a_folder_and_missing_is_counted()
    {
        var client = await _app.WithKeyAsync(await _app.AddAdministratorAsync());
        foreach (var path in (string[])["/team/lauch", "/team/lauch", "/team/setup.php", "/a/b/c/d/e/f/g/h/i"])
        {
            Assert.Equal("404", await LocationAsync(path));
        }

        var missed = (await client.JsonAsync("/api/v1/missed")).GetProperty("items");
        Assert.Equal(["team/lauch"], missed.Column("alias"));
    }

    [Fact]
    public async Task Without_the_setting_no_such_code_is_made_imported_or_followed()
    {
        await using var app = new SpooApp();
        var owner = await app.AddUserAsync();
        var client = await app.WithKeyAsync(owner);
        await app.AddAsync(Some.Link("team/launch", owner));
        var passing = Some.Link("team", owner, longUrl: "https://example.com/team");
        passing.PassPath = true;
        await app.AddAsync(passing);

        Assert.Equal("https://example.com/team/launch", (await app.Anonymous().GetAsync("/team/launch", Cancelled)).Headers.Location?.ToString());
        Assert.Equal(HttpStatusCode.NotFound, (await app.Anonymous().GetAsync("/team%2Flaunch", Cancelled)).StatusCode);
        await client.SendAsync(HttpMethod.Post, "/api/v1/shorten", """{"long_url":"https://example.com/a","alias":"crew/start"}""").ProblemAsync(422, "validation_error");
    }

    [Theory]
    [InlineData("team/launch")]
    [InlineData("localhost/team/launch")]
    [InlineData("http://localhost/team/launch?x=1+")]
    [InlineData("team/launch+")]
    public async Task A_report_names_a_link_in_a_folder_by_its_code_or_its_address(string named)
    {
        await _app.AddAsync(Some.Link("team/launch"));

        var taken = await ReportAsync(named);
        var elsewhere = await ReportAsync("https://team/launch");

        Assert.Equal(1, taken.GetProperty("accepted").GetInt32());
        Assert.Equal("invalid_input", elsewhere.GetProperty("rejected")[0].Text("code"));

        Task<JsonElement> ReportAsync(string link) => _app.Anonymous().SendAsync(
            HttpMethod.Post, "/api/v1/reports", JsonSerializer.Serialize(new { items = new[] { new { code_or_url = link, reason = "spam" } } })).JsonAsync();
    }

    [Theory]
    [InlineData("team/launch", null, "team/launch", "team/launch", "team~launch")]
    [InlineData("team~launch", null, "team/launch", "team/launch", "team~launch")]
    [InlineData("links.example.com/team/launch", "links.example.com", "team/launch", "links.example.com/team/launch", "team~launch@links.example.com")]
    [InlineData("team~launch@links.example.com", "links.example.com", "team/launch", "links.example.com/team/launch", "team~launch@links.example.com")]
    [InlineData("launch@intranet", "intranet", "launch", "launch@intranet", "launch@intranet")]
    [InlineData("team/launch@intranet", "intranet", "team/launch", "team/launch@intranet", "team~launch@intranet")]
    public void A_name_tells_a_host_from_a_folder_by_its_dot(string text, string? host, string code, string name, string segment)
    {
        var parsed = LinkName.Parse(text);

        Assert.Equal((host, code, name, segment), (parsed?.Host, parsed?.Code, parsed?.ToString(), parsed?.Segment));
        Assert.Equal(parsed, LinkName.Parse(name));
        Assert.Equal(parsed, LinkName.Parse(segment));
    }

    [Fact]
    public async Task What_a_link_of_another_domain_is_remembered_under_is_no_address_on_this_one()
    {
        var owner = await _app.AddUserAsync();
        long id;
        await using (var database = _app.OpenDatabase())
        {
            var domain = new Domain { PublicId = Data.PublicId.New(Some.Noon), Host = "links.example.com", OwnerId = owner.Id, State = DomainState.Active, CreatedAt = Some.Noon };
            database.Domains.Add(domain);
            await database.SaveChangesAsync(Cancelled);
            id = domain.Id;
            var link = Some.Link("team/launch", owner);
            link.MoveTo(domain);
            database.Links.Add(link);
            await database.SaveChangesAsync(Cancelled);
        }

        await _app.Get<KnownDomains>().ReloadAsync(Cancelled);
        Assert.NotEqual("404", await LocationAsync("/team/launch", "links.example.com"));
        Assert.NotEqual("404", await LocationAsync("/team/launch/", "links.example.com"));
        foreach (var path in (string[])[$"/{id}:team/launch", $"/{id}:team/:", $"/{id}:team/"])
        {
            Assert.Equal("404", await LocationAsync(path));
        }

        Assert.Equal(("404", "404"), (await LocationAsync("/team/", "links.example.com"), await LocationAsync("/team/:", "links.example.com")));
    }

    [Fact]
    public async Task Who_has_told_the_password_of_a_link_in_a_folder_is_let_through()
    {
        var link = Some.Link("team/locked", longUrl: "https://example.com/locked");
        link.PasswordHash = Some.PasswordHash("open sesame");
        await _app.AddAsync(link);
        var visitor = new Visitor(_app);

        await visitor.OpenAsync("/team/locked");
        var form = visitor.Page.QuerySelector("form")!.GetAttribute("action");
        using var content = new FormUrlEncodedContent([new("password", "open sesame")]);
        using var answer = await visitor.Client.PostAsync(form, content, Cancelled);

        Assert.Equal("/team/locked/password", form);
        await visitor.OpenAsync("/team/locked");
        Assert.Equal("https://example.com/locked", visitor.Elsewhere?.ToString());
    }

    private async Task<string> LocationAsync(string path, string? host = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Host = host;
        using var answer = await _app.Anonymous().SendAsync(request, Cancelled);
        return answer.Headers.Location?.OriginalString ?? ((int)answer.StatusCode).ToString(CultureInfo.InvariantCulture);
    }

    private sealed record Door(string Route, string Address, int Status, string Says)
    {
        /// <summary>What is printed where a slash cannot be is no short link.</summary>
        public bool TakesMark { get; init; } = true;

        public bool IsLocked { get; init; }

        public bool IsPage { get; init; }

        public string? Form { get; init; }

        public string? Json { get; init; }

        public async Task<HttpResponseMessage> AskAsync(HttpClient client, string address)
        {
            var answer = await SendAsync(client, address);

            // Pages say their own address in one spelling.
            return answer.Headers.Location is { } location && location.ToString().Contains('~', StringComparison.Ordinal) ? await SendAsync(client, location.ToString()) : answer;
        }

        private Task<HttpResponseMessage> SendAsync(HttpClient client, string address)
        {
            var request = new HttpRequestMessage(new HttpMethod(Route.Split(' ')[0]), address);
            if (IsPage)
            {
                // Programs get the numbers there.
                request.Headers.Accept.ParseAdd("text/html");
            }

            request.Content = Json is not null ? new StringContent(Json, null, "application/json")
                : Form is not null ? new StringContent(Form, null, "application/x-www-form-urlencoded")
                : null;
            return client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, Cancelled);
        }
    }

    /// <summary>A server whose codes may have slashes, for tests that make links and accounts of their own.</summary>
    public sealed class Installation : IAsyncDisposable
    {
        public SpooApp App { get; } = new() { Settings = { ["Links:SlashesInCodes"] = "true" } };

        public ValueTask DisposeAsync() => App.DisposeAsync();
    }
}

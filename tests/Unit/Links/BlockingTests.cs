using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Spoo.Data.Accounts;
using Spoo.Data.Care;
using Spoo.Data.Links;
using Spoo.Data.Links.Blocks;
using Spoo.Tests.Api;
using Spoo.Tests.Support;

namespace Spoo.Tests.Links;

/// <summary>Links that lead nowhere, because an administrator says so; and visitors who ask for that.</summary>
public sealed class BlockingTests(SpooApp shared) : IClassFixture<SpooApp>, IAsyncLifetime
{
    private readonly SpooApp _app = new();

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    private LinkBlocks Blocks => _app.Get<LinkBlocks>();

    private HostBlocks Hosts => _app.Get<HostBlocks>();

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    [Fact]
    public async Task A_blocked_link_answers_451_with_the_reason_and_its_visits_are_counted_as_turned_away()
    {
        await _app.AddAsync(Some.Link("bad"));
        var visitor = _app.Anonymous();
        Assert.Equal(HttpStatusCode.Redirect, (await visitor.GetAsync("/bad", Cancelled)).StatusCode);

        await Blocks.BlockAsync(["bad"], "it steals <passwords>", null, Cancelled);
        var answer = await visitor.GetAsync("/bad", Cancelled);
        var preview = await visitor.GetAsync("/bad+", Cancelled);
        var described = await (await visitor.GetAsync("/api/v1/public/preview/bad", Cancelled)).Content.ReadFromJsonAsync<JsonElement>(Cancelled);

        Assert.Equal(HttpStatusCode.UnavailableForLegalReasons, answer.StatusCode);
        Assert.Contains("it steals &lt;passwords&gt;", await answer.Content.ReadAsStringAsync(Cancelled), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.UnavailableForLegalReasons, preview.StatusCode);
        Assert.Equal(("blocked", JsonValueKind.Null), (described.GetProperty("status").GetString(), described.GetProperty("destination").ValueKind));
        await _app.StoredAsync();
        await using var database = _app.OpenDatabase();
        var link = await database.Links.SingleAsync(Cancelled);
        Assert.Equal((1L, 2L), (link.TotalClicks, link.BlockedHits));
    }

    [Theory]
    [InlineData(LinkStatus.Active, HttpStatusCode.Redirect)]
    [InlineData(LinkStatus.Inactive, HttpStatusCode.Gone)]
    public async Task A_link_that_is_unblocked_is_what_it_was_before(LinkStatus before, HttpStatusCode answer)
    {
        var link = Some.Link("bad");
        link.Status = before;
        await _app.AddAsync(link);

        Assert.Equal(["bad"], await Blocks.BlockAsync(["bad", "none"], null, null, Cancelled));
        Assert.Empty(await Blocks.BlockAsync(["bad"], null, null, Cancelled));
        Assert.Equal(["bad"], await Blocks.UnblockAsync(["bad"], null, Cancelled));

        Assert.Equal(answer, (await _app.Anonymous().GetAsync("/bad", Cancelled)).StatusCode);
    }

    [Theory]
    [InlineData("evil.example", "https://evil.example/x")]
    [InlineData("evil.example", "https://deep.below.EVIL.example:8443/x?y#z")]
    [InlineData("https://evil.example/whatever", "http://evil.example")]
    [InlineData("evil.example.", "https://somebody@evil.example/")]
    [InlineData("*.evil.example", "https://a.evil.example/")]
    [InlineData("pay*.example", "https://paypal-login.example/")]
    [InlineData("pay*.example", "https://www.paypal-login.example/")]
    [InlineData("münchen.example", "https://xn--mnchen-3ya.example/")]
    [InlineData("evil.example", "https://evil.example./")]
    [InlineData("evil.example", "https://ｅvil.example/")]
    public async Task All_links_to_a_blocked_host_lead_nowhere_and_none_can_be_made(string host, string longUrl)
    {
        var hosts = shared.Get<HostBlocks>();
        var bad = "/" + (await shared.AddAsync(Some.Link(longUrl: longUrl))).ShortCode;
        var good = "/" + (await shared.AddAsync(Some.Link(longUrl: "https://notevil.example/evil.example"))).ShortCode;
        var visitor = shared.Anonymous();
        Assert.Equal(HttpStatusCode.Redirect, (await visitor.GetAsync(bad, Cancelled)).StatusCode);

        await hosts.BlockAsync(HostBlocks.Parse(host)!, "phishing", null, Cancelled);

        Assert.Equal(HttpStatusCode.UnavailableForLegalReasons, (await visitor.GetAsync(bad, Cancelled)).StatusCode);
        Assert.Equal(HttpStatusCode.Redirect, (await visitor.GetAsync(good, Cancelled)).StatusCode);
        var refused = await visitor.PostAsJsonAsync("/api/v1/shorten", new { long_url = longUrl }, Cancelled);
        Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);
        Assert.Contains("leads nobody to its host", await refused.Content.ReadAsStringAsync(Cancelled), StringComparison.Ordinal);

        Assert.True(await hosts.UnblockAsync(HostBlocks.Parse(host)!, null, Cancelled));
        Assert.Equal(HttpStatusCode.Redirect, (await visitor.GetAsync(bad, Cancelled)).StatusCode);
    }

    [Fact]
    public async Task An_account_has_as_many_links_as_the_operator_allows_and_an_administrator_more()
    {
        await using var app = new SpooApp { Settings = { ["Quotas:Links"] = "2" } };
        var (user, administrator) = (await app.AddUserAsync(), await app.AddAdministratorAsync());
        foreach (var owner in (SpooUser[])[user, user, administrator, administrator])
        {
            await app.AddAsync(Some.Link(owner: owner));
        }

        var refused = await (await app.WithKeyAsync(user)).PostAsJsonAsync("/api/v1/shorten", new { long_url = "https://example.com/" }, Cancelled);

        await refused.ProblemAsync(403, "quota_exceeded");
        Assert.Equal(HttpStatusCode.Created, (await (await app.WithKeyAsync(administrator)).PostAsJsonAsync("/api/v1/shorten", new { long_url = "https://example.com/" }, Cancelled)).StatusCode);
        Assert.Equal(HttpStatusCode.Created, (await app.Anonymous().PostAsJsonAsync("/api/v1/shorten", new { long_url = "https://example.com/" }, Cancelled)).StatusCode);
        Assert.NotNull(await app.Get<NewLinks>().RefuseAsync(Viewer.User((await app.AddUserAsync()).Id), 3, Cancelled));
    }

    [Theory]
    [InlineData("")]
    [InlineData("*")]
    [InlineData("two words")]
    [InlineData("a/b")]
    [InlineData("https://")]
    public void What_is_no_host_is_taken_for_none(string text) => Assert.Null(HostBlocks.Parse(text));

    [Fact]
    public async Task A_file_of_hosts_blocks_them_and_is_read_again_when_it_changes()
    {
        await _app.AddAsync(Some.Link("bad", longUrl: "https://www.evil.example/"));
        await _app.AddAsync(Some.Link("worse", longUrl: "https://worse.example/"));
        var visitor = _app.Anonymous();
        var file = Path.Combine(_app.Folder, "blocked-hosts.txt");

        await File.WriteAllTextAsync(file, "# a list\n0.0.0.0 evil.example # seen in mails\n127.0.0.1\tlocalhost\nnot a host!\n", Cancelled);
        await Hosts.ReloadAsync(Cancelled);
        Assert.Equal(1, Hosts.InFile);
        Assert.Equal(HttpStatusCode.UnavailableForLegalReasons, (await visitor.GetAsync("/bad", Cancelled)).StatusCode);

        await File.WriteAllTextAsync(file, "worse.example\n", Cancelled);
        await Hosts.ReloadAsync(Cancelled);
        Assert.Equal(HttpStatusCode.Redirect, (await visitor.GetAsync("/bad", Cancelled)).StatusCode);
        Assert.Equal(HttpStatusCode.UnavailableForLegalReasons, (await visitor.GetAsync("/worse", Cancelled)).StatusCode);

        File.Delete(file);
        await Hosts.ReloadAsync(Cancelled);
        Assert.Equal(HttpStatusCode.Redirect, (await visitor.GetAsync("/worse", Cancelled)).StatusCode);
    }

    [Fact]
    public async Task Administrators_find_links_of_all_people_by_text_host_and_owner()
    {
        var ann = await _app.AddUserAsync("ann@example.com");
        await _app.AddAsync(Some.Link("one", ann, longUrl: "https://www.evil.example/Login"));
        await _app.AddAsync(Some.Link("two", longUrl: "https://fine.example/?to=evil"));
        await _app.AddAsync(Some.Link("three", ann, longUrl: "https://fine.example/"));

        Assert.Equal(["three", "two", "one"], await FoundAsync(new()));
        Assert.Equal(["one"], await FoundAsync(new() { Search = "LOGIN" }));
        Assert.Equal(["one"], await FoundAsync(new() { Host = "evil.example" }));
        Assert.Equal(["three", "one"], await FoundAsync(new() { Owner = "ANN@example.com" }));
        Assert.Equal(["two"], await FoundAsync(new() { Owner = "" }));
        Assert.Equal(["two"], await FoundAsync(new() { Skip = 1, Take = 1 }));
        await Blocks.BlockAsync(["two"], null, null, Cancelled);
        Assert.Equal(["two"], await FoundAsync(new() { IsBlocked = true }));

        async Task<IEnumerable<string>> FoundAsync(AnybodysLinks selection) => (await Blocks.SelectAsync(selection, Cancelled)).Links.Select(link => link.Name);
    }

    [Fact]
    public async Task Reports_say_which_links_were_taken_and_which_not()
    {
        await _app.AddAsync(Some.Link("bad"));
        await _app.AddAsync(Some.Link("Worse"));
        var answer = await _app.Anonymous().PostAsJsonAsync(
            "/api/v1/reports",
            new
            {
                items = new object[]
                {
                    new { code_or_url = "http://localhost/bad?x=1#y", reason = "phishing", details = "asks for my bank", vector = "sms" },
                    new { code_or_url = "bad", reason = "spam" },
                    new { code_or_url = "worse", reason = "spam" },
                    new { code_or_url = "https://elsewhere.example/bad", reason = "other" },
                    new { code_or_url = "www.localhost/Worse+", reason = "malware" },
                    new { code_or_url = "http://localhost/a/b", reason = "other" },
                },
                reporter_email = "ann@example.com",
                reporter_org = "Ann's bank",
            },
            Cancelled);
        var body = await answer.Content.ReadFromJsonAsync<JsonElement>(Cancelled);

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal(2, body.GetProperty("accepted").GetInt32());
        Assert.Equal(
            ["1 bad duplicate_in_batch", "2 worse not_found", "3 https://elsewhere.example/bad invalid_input", "5 http://localhost/a/b invalid_input"],
            body.GetProperty("rejected").EnumerateArray().Select(item => $"{item.GetProperty("index")} {item.GetProperty("input")} {item.GetProperty("code")}"));
        var (reports, total) = await _app.Get<LinkReports>().OpenAsync(null, 0, 20, Cancelled);
        Assert.Equal(2, total);
        Assert.Equal((ReportReason.Phishing, ReportVector.Sms, "asks for my bank", "ann@example.com"), (reports[1].Reason, reports[1].Vector, reports[1].Details, reports[1].ReporterEmail));
    }

    [Theory]
    [InlineData("""{}""", 422)]
    [InlineData("""{"items":[]}""", 400)]
    [InlineData("""{"items":[{"code_or_url":"bad"}]}""", 422)]
    [InlineData("""{"items":[{"code_or_url":"bad","reason":"boring"}]}""", 422)]
    [InlineData("""{"items":[{"code_or_url":"","reason":"spam"}]}""", 422)]
    [InlineData("""{"items":[{"code_or_url":"bad","reason":"spam"}],"reporter_email":"nobody"}""", 422)]
    public async Task A_report_that_says_nothing_is_refused(string body, int status)
    {
        using var content = new StringContent(body, System.Text.Encoding.UTF8, "application/json");

        Assert.Equal(status, (int)(await shared.Anonymous().PostAsync("/api/v1/reports", content, Cancelled)).StatusCode);
    }

    [Fact]
    public async Task Strangers_report_25_links_at_once_and_accounts_100()
    {
        Assert.Equal(400, await ReportAsync(shared.Anonymous(), 26));
        var key = await shared.WithKeyAsync(await shared.AddUserAsync(), ApiKeyScope.ReportsCreate);
        Assert.Equal(200, await ReportAsync(key, 100));

        static async Task<int> ReportAsync(HttpClient client, int links) => (int)(await client.PostAsJsonAsync(
            "/api/v1/reports", new { items = Enumerable.Range(0, links).Select(i => new { code_or_url = $"x{i}", reason = "spam" }) }, Cancelled)).StatusCode;
    }

    [Fact]
    public async Task Many_reports_of_one_link_are_kept_as_a_number()
    {
        await _app.AddAsync(Some.Link("bad"));
        for (var i = 0; i < 30; i++)
        {
            await _app.Get<LinkReports>().SubmitAsync([new LinkToReport(new(null, "bad"), ReportReason.Spam, "again", null)], null, null, Cancelled);
        }

        await using var database = _app.OpenDatabase();
        Assert.Equal(20, await database.LinkReports.CountAsync(Cancelled));
        Assert.Equal(30, (await Blocks.SelectAsync(new() { IsReported = true }, Cancelled)).Links.Single().Reports);
    }

    [Fact]
    public async Task The_preview_of_a_link_has_a_form_whose_report_administrators_read()
    {
        await _app.AddAsync(Some.Link("bad"));
        var visitor = _app.Anonymous();

        var preview = await visitor.GetStringAsync("/bad+", Cancelled);
        using var form = new FormUrlEncodedContent([new("reason", "IllegalContent"), new("details", "look at it"), new("email", "")]);
        var answer = await visitor.PostAsync("/bad/report", form, Cancelled);
        using var nothing = new FormUrlEncodedContent([new("reason", "")]);

        Assert.Contains("action=\"/bad/report\"", preview, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal(HttpStatusCode.BadRequest, (await visitor.PostAsync("/bad/report", nothing, Cancelled)).StatusCode);
        Assert.Equal(HttpStatusCode.BadRequest, (await visitor.PostAsync("/none/report", form, Cancelled)).StatusCode);
        var report = Assert.Single((await _app.Get<LinkReports>().OpenAsync("bad", 0, 20, Cancelled)).Reports);
        Assert.Equal((ReportReason.IllegalContent, "look at it", null), (report.Reason, report.Details, report.ReporterEmail));
    }

    [Fact]
    public async Task Blocking_settles_the_reports_of_a_link_and_forgets_who_reported_it()
    {
        await _app.AddAsync(Some.Link("bad"));
        await _app.AddAsync(Some.Link("fine"));
        await _app.Get<LinkReports>().SubmitAsync(
            [new LinkToReport(new(null, "bad"), ReportReason.Spam, null, null), new LinkToReport(new(null, "fine"), ReportReason.Spam, null, null)], "ann@example.com", "her bank", Cancelled);

        await Blocks.BlockAsync(["bad"], null, null, Cancelled);
        await _app.Get<LinkReports>().DismissAsync("fine", null, Cancelled);

        await using var database = _app.OpenDatabase();
        Assert.Equal(
            [(ReportState.Actioned, null), (ReportState.Dismissed, null)],
            await database.LinkReports.OrderBy(report => report.Id).Select(report => ValueTuple.Create(report.State, report.ReporterEmail ?? report.ReporterOrganisation)).ToListAsync(Cancelled));
        Assert.Equal(0, (await _app.Get<LinkReports>().OpenAsync(null, 0, 20, Cancelled)).Total);
    }

    [Fact]
    public async Task Unknown_links_and_the_bare_address_lead_where_the_operator_says()
    {
        await _app.AddUserAsync();
        var settings = _app.Get<RunningSettings>();
        var visitor = _app.Anonymous();
        Assert.Equal(HttpStatusCode.NotFound, (await visitor.GetAsync("/nowhere", Cancelled)).StatusCode);

        Assert.Null(await settings.ChangeAsync("Links:NotFoundUrl", "https://example.com/lost", null, Cancelled));
        Assert.Null(await settings.ChangeAsync("Links:HomeUrl", "https://example.com/home", null, Cancelled));

        Assert.Equal("https://example.com/lost", (await visitor.GetAsync("/nowhere", Cancelled)).Headers.Location?.OriginalString);
        Assert.Equal("https://example.com/home", (await visitor.GetAsync("/", Cancelled)).Headers.Location?.OriginalString);
        Assert.Equal(HttpStatusCode.OK, (await (await _app.SignedInAsync(await _app.AddUserAsync())).GetAsync("/", Cancelled)).StatusCode);
    }
}

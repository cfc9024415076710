using System.IO.Compression;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using AngleSharp.Dom;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using Spoo.Data.Accounts;
using Spoo.Data.Care;
using Spoo.Data.Links;
using Spoo.Data.Links.Codes;
using Spoo.Data.Stats.Live;
using Spoo.Data.Transfer;
using Spoo.Data.Transfer.ClickFiles;
using Spoo.Data.Transfer.Imports;
using Spoo.Data.Transfer.LinkFiles;
using Spoo.Tests.Support;
using Spoo.Web.Mail;

namespace Spoo.Tests.Account;

/// <summary>What people do about their account, through the pages and without scripts.</summary>
public sealed class SettingsTests : IAsyncDisposable
{
    private const string Password = "correct horse";

    private readonly Postbox _post = new();
    private readonly SpooApp _app;

    public SettingsTests() => _app = new SpooApp
    {
        Settings = { ["Links:PublicUrl"] = "http://localhost" },
        Register = services => services.AddSingleton<IMailer>(_post),
    };

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    [Fact]
    public async Task Two_factors_are_set_up_asked_for_and_replaced_by_recovery_codes()
    {
        var started = DateTimeOffset.UtcNow;
        var (user, visitor) = await SignedInAsync();
        await visitor.OpenAsync("/settings/two-factor");
        await visitor.SendAsync("begin-two-factor");
        var key = visitor.Page.QuerySelector("[data-copy]")!.GetAttribute("data-copy")!;
        Assert.NotNull(visitor.Page.QuerySelector("svg.qr"));

        await visitor.SendAsync("enable-two-factor", ("Enable.Code", "000000"));
        Assert.Contains("This is not what the app should show", visitor.Text, StringComparison.Ordinal);
        await visitor.SendAsync("enable-two-factor", ("Enable.Code", Authenticator.CodeOf(key, started)));
        var codes = visitor.Page.QuerySelectorAll(".recovery-codes code").Select(code => code.TextContent).ToList();
        Assert.Equal(10, codes.Count);

        var other = new Visitor(_app);
        await other.SignInAsync(new(user.Email!, Password));
        Assert.Equal("/account/code", other.Address);
        await other.SendAsync("code", ("Input.Code", "123"));
        Assert.Contains("This code is not right", other.Text, StringComparison.Ordinal);
        await other.SendAsync("code", ("Input.Code", codes[0]));
        Assert.Equal("/dashboard", other.Address);

        var again = new Visitor(_app);
        await again.SignInAsync(new(user.Email!, Password));
        await again.SendAsync("code", ("Input.Code", codes[0]));
        Assert.Contains("This code is not right", again.Text, StringComparison.Ordinal);
        await again.SendAsync("code", ("Input.Code", Authenticator.CodeOf(key, started.AddSeconds(30))));
        Assert.Equal("/dashboard", again.Address);
    }

    [Fact]
    public async Task A_forgotten_password_is_replaced_through_a_mailed_link_that_works_once()
    {
        var user = await _app.AddUserAsync();
        var visitor = new Visitor(_app);
        await visitor.OpenAsync("/account/forgotten");
        await visitor.SendAsync("forgotten", ("Input.Email", "nobody@example.com"));
        var forNobody = visitor.Text;
        await visitor.OpenAsync("/account/forgotten");
        await visitor.SendAsync("forgotten", ("Input.Email", user.Email!));
        Assert.Equal(forNobody, visitor.Text);
        var link = await _post.LinkAsync(user.Email!);
        Assert.Single(_post.Mails);

        await visitor.OpenAsync(link);
        await visitor.SendAsync("new-password", ("Input.Password", "short"));
        Assert.Contains("Use 8 to 128 characters.", visitor.Text, StringComparison.Ordinal);
        await visitor.SendAsync("new-password", ("Input.Password", "another phrase"));
        Assert.Contains("Your password is changed", visitor.Text, StringComparison.Ordinal);
        await visitor.SignInAsync(new(user.Email!, "another phrase"));
        Assert.Equal("/dashboard", visitor.Address);

        await visitor.OpenAsync(link);
        await visitor.SendAsync("new-password", ("Input.Password", "a third phrase"));
        Assert.Contains("was used already", visitor.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Where_addresses_must_be_confirmed_nothing_is_made_or_imported_before_they_are()
    {
        await using var app = new SpooApp
        {
            Settings = { ["Accounts:RequireVerifiedEmail"] = "true", ["Links:PublicUrl"] = "http://localhost" },
            Register = services => services.AddSingleton<IMailer>(_post),
        };
        var cancel = TestContext.Current.CancellationToken;
        var user = await app.AddUserAsync(password: Password);
        var visitor = new Visitor(app);
        await visitor.SignInAsync(new(user.Email!, Password));
        var client = await app.ScriptOfAsync(user);
        var import = app.Get<LinkImport>();
        await client.SendAsync(HttpMethod.Post, "/api/v1/shorten", """{"long_url":"https://example.com"}""").ProblemAsync(403, "EMAIL_NOT_VERIFIED");
        await client.SendAsync(HttpMethod.Post, "/api/v1/keys", """{"name":"a","scopes":["stats:read"]}""").ProblemAsync(403, "EMAIL_NOT_VERIFIED");
        await Assert.ThrowsAsync<ClickFileException>(() => ReadLinksAsync());
        await Assert.ThrowsAsync<ClickFileException>(() => ImportClicksAsync());
        await Assert.ThrowsAsync<ClickFileException>(() => import.StoreAsync(PlanOfOneLink(), user.Id, null, cancel));
        await using var database = app.OpenDatabase();
        Assert.Equal(0, await database.Links.CountAsync(cancel));

        await visitor.OpenAsync("/settings");
        await visitor.SendAsync("confirm-email");
        await visitor.OpenAsync(await _post.LinkAsync(user.Email!));
        await visitor.SendAsync("confirm");

        Assert.Contains("Your e-mail address is confirmed", visitor.Text, StringComparison.Ordinal);
        await client.SendAsync(HttpMethod.Post, "/api/v1/shorten", """{"long_url":"https://example.com"}""").JsonAsync(201);
        Assert.Equal(1, (await import.StoreAsync(await ReadLinksAsync(), user.Id, null, cancel)).Links);
        Assert.Equal(1, (await ImportClicksAsync()).Stored);

        Task<LinkFilePlan> ReadLinksAsync() => import.ReadAsync(new MemoryStream("long_url\nhttps://example.com/a\n"u8.ToArray()), user.Id, null, cancel);

        static LinkFilePlan PlanOfOneLink() => new()
        {
            New = [new PlannedLink(2, new LinkDraft { LongUrl = "https://example.com/b" }, LinkStatus.Active, null)],
            AlreadyThere = 0,
            Bad = 0,
            BadLines = [],
            UnknownColumns = [],
            Source = new ImportSource(ImportKind.Links, "", "b.csv", "csv", 0, null),
            FileHash = "",
        };

        Task<ImportReport> ImportClicksAsync() => app.Get<ClickImport>().RunAsync(
            new ClickFileToImport { Name = "a.csv", Content = new MemoryStream("short_code,time\nabc,2026-01-01T00:00:00Z\n"u8.ToArray()), OwnerId = user.Id },
            cancellationToken: cancel);
    }

    [Fact]
    public async Task A_deleted_account_is_really_gone_and_nobody_elses_is()
    {
        var (user, visitor) = await SignedInAsync();
        var other = await _app.AddUserAsync();
        var (mine, theirs) = (await _app.AddAsync(Some.Link(owner: user)), await _app.AddAsync(Some.Link(owner: other)));
        await _app.AddAsync(Some.Click(mine), Some.Click(mine, visitor: 2), Some.Click(theirs));
        var key = await _app.WithKeyAsync(user);
        await key.JsonAsync("/api/v1/stats");
        var index = _app.Get<ClickIndex>().PathOf(user.Id);
        Directory.CreateDirectory(Path.GetDirectoryName(index)!);
        await File.WriteAllTextAsync(index, "an index", TestContext.Current.CancellationToken);

        await visitor.OpenAsync("/settings/delete");
        await visitor.SendAsync("delete-account", ("Input.Password", "wrong"), ("Input.IsSure", "true"));
        Assert.Contains("This is not your current password.", visitor.Text, StringComparison.Ordinal);
        await visitor.SendAsync("delete-account", ("Input.Password", Password), ("Input.IsSure", "true"));

        Assert.Equal([user.Email!, "1", "2", "1"], visitor.Page.QuerySelectorAll(".receipt dd").Take(4).Select(value => value.TextContent));
        await using var database = _app.OpenDatabase();
        var cancel = TestContext.Current.CancellationToken;
        Assert.Equal([other.Id], await database.Users.Select(row => row.Id).ToListAsync(cancel));
        Assert.Equal([theirs.Id], await database.Links.Select(row => row.Id).ToListAsync(cancel));
        Assert.Equal([theirs.Id], await database.Clicks.Select(row => row.LinkId).ToListAsync(cancel));
        Assert.Empty(await database.ApiKeys.ToListAsync(cancel));
        Assert.False(File.Exists(index));
        await key.ProblemAsync("/api/v1/stats", 401, "authentication_error");
        Assert.Equal(404, (int)(await _app.Anonymous().GetAsync("/" + mine.ShortCode, cancel)).StatusCode);
        await visitor.OpenAsync("/settings");
        Assert.StartsWith("/account/login", visitor.Address, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Own_visits_lead_on_and_are_not_counted_and_those_to_others_are()
    {
        var (user, visitor) = await SignedInAsync();
        var mine = await _app.AddAsync(Some.Link(owner: user));
        var theirs = await _app.AddAsync(Some.Link(owner: await _app.AddUserAsync()));
        await visitor.OpenAsync("/settings");
        await visitor.SendAsync("visits");
        Assert.Contains("are not counted from now on", visitor.Text, StringComparison.Ordinal);

        Assert.Equal(0, await ClicksAfterAsync(mine, visitor.Client));
        Assert.Equal(1, await ClicksAfterAsync(theirs, visitor.Client));
        Assert.Equal(1, await ClicksAfterAsync(mine, _app.Anonymous()));
        await visitor.OpenAsync("/settings");
        await visitor.SendAsync("visits");
        Assert.Equal(2, await ClicksAfterAsync(mine, visitor.Client));
    }

    [Fact]
    public async Task Clicks_are_kept_as_long_as_their_owner_says_and_every_number_follows()
    {
        var (user, visitor) = await SignedInAsync();
        var link = Some.Link(owner: user, createdAt: DateTimeOffset.UtcNow.AddDays(-100));
        link.MaxClicks = 3;
        await _app.AddAsync(link);
        var now = DateTimeOffset.UtcNow;
        await _app.AddAsync(Some.Click(link, now.AddDays(-90)), Some.Click(link, now.AddDays(-80), visitor: 2), Some.Click(link, now.AddMinutes(-1)));
        var client = await _app.WithKeyAsync(user);
        Assert.Equal(3, (await client.JsonAsync("/api/v1/stats")).GetProperty("summary").GetProperty("total_clicks").GetInt32());

        await visitor.OpenAsync("/settings");
        await visitor.SendAsync("keeping", ("Input.Days", "thirty"));
        Assert.Contains("Enter a whole number", visitor.Text, StringComparison.Ordinal);
        await visitor.SendAsync("keeping", ("Input.Days", "30"));
        Assert.Contains("2 clicks are older than that and will be deleted", visitor.Text, StringComparison.Ordinal);
        Assert.Equal(0, await _app.Get<ClickRetention>().RunAsync(TestContext.Current.CancellationToken));
        await visitor.SendAsync("keeping", ("Input.Days", "30"), ("Input.Confirmed", "true"));
        Assert.Equal(2, await _app.Get<ClickRetention>().RunAsync(TestContext.Current.CancellationToken));

        await using var database = _app.OpenDatabase();
        var kept = await database.Links.SingleAsync(row => row.Id == link.Id, TestContext.Current.CancellationToken);
        Assert.Equal((1, 2, 1), (kept.TotalClicks, kept.ForgottenClicks, await database.Clicks.CountAsync(TestContext.Current.CancellationToken)));
        Assert.Equal(1, (await client.JsonAsync("/api/v1/stats")).GetProperty("summary").GetProperty("total_clicks").GetInt32());
        Assert.Equal(410, (int)(await _app.Anonymous().GetAsync("/" + link.ShortCode, TestContext.Current.CancellationToken)).StatusCode);
    }

    [Fact]
    public async Task Everything_comes_as_one_archive_whose_clicks_can_be_read_back()
    {
        var (user, visitor) = await SignedInAsync();
        var link = await _app.AddAsync(Some.Link(owner: user));
        await _app.AddAsync(Some.Click(link), Some.Click(link, visitor: 2));
        await _app.AddKeyAsync(user);

        await using var body = await visitor.Client.GetStreamAsync("/settings/download", TestContext.Current.CancellationToken);
        using var copy = new MemoryStream();
        await body.CopyToAsync(copy, TestContext.Current.CancellationToken);
        await using var zip = new ZipArchive(copy);

        Assert.Equal(["README.txt", "account.json", "keys.json", "templates.json", "webhooks.json", "domains.json", "alerts.json", "views.json", "imports.json", "security.json", "other.json", "apps.json", "links.csv", "links.ndjson", "totals.ndjson", "changes.csv", "clicks.ndjson"], zip.Entries.Select(entry => entry.FullName));
        Assert.Equal(user.Email, JsonElement.Parse(TextOf(zip, "account.json")).Text("email"));
        Assert.Equal(link.LongUrl, JsonElement.Parse(TextOf(zip, "links.ndjson")).Text("long_url"));
        Assert.Equal(2, TextOf(zip, "clicks.ndjson").Split('\n', StringSplitOptions.RemoveEmptyEntries).Length);
        Assert.DoesNotContain("hash", TextOf(zip, "keys.json"), StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task The_archive_has_tags_and_changes_and_its_links_go_into_another_account()
    {
        var ((user, visitor), other, stranger) = (await SignedInAsync(), await _app.AddUserAsync(), await _app.AddUserAsync());
        var (link, plain, theirs) = (await _app.AddAsync(Some.Link(owner: user)), await _app.AddAsync(Some.Link(owner: user)), await _app.AddAsync(Some.Link(owner: stranger)));
        var service = _app.Get<LinkService>();
        await service.EditAsync(link.PublicId, new LinkEdit { LongUrl = "https://example.com/new,1", Tags = ["b", "a"] }, Viewer.User(user.Id), null, TestContext.Current.CancellationToken);
        await service.EditAsync(link.PublicId, new LinkEdit { MaxClicks = new(5) }, Viewer.User(user.Id), null, TestContext.Current.CancellationToken);
        await service.EditAsync(theirs.PublicId, new LinkEdit { MaxClicks = new(6) }, Viewer.User(stranger.Id), null, TestContext.Current.CancellationToken);

        using var copy = new MemoryStream(await visitor.Client.GetByteArrayAsync("/settings/download", TestContext.Current.CancellationToken));
        await using var zip = new ZipArchive(copy);
        var file = TextOf(zip, "links.csv");
        await service.DeleteManyAsync([link.PublicId, plain.PublicId], Viewer.User(user.Id), TestContext.Current.CancellationToken);
        var import = _app.Get<LinkImport>();
        var plan = await import.ReadAsync(new MemoryStream(Encoding.UTF8.GetBytes(file)), other.Id, null, TestContext.Current.CancellationToken);
        await import.StoreAsync(plan, other.Id, null, TestContext.Current.CancellationToken);

        var (links, _) = await _app.Get<LinkList>().SelectAsync(new LinkSelection { OwnerId = other.Id }, TestContext.Current.CancellationToken);
        Assert.Empty(plan.BadLines);
        Assert.Equal(
            new[] { $"{link.ShortCode} https://example.com/new,1 a b", $"{plain.ShortCode} {plain.LongUrl} " }.Order(StringComparer.Ordinal),
            links.Select(made => $"{made.ShortCode} {made.LongUrl} {string.Join(' ', made.Tags.Select(tag => tag.Name).Order())}").Order(StringComparer.Ordinal));
        var changes = TextOf(zip, "changes.csv").Split("\r\n", StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal("short_code,at,field,before,after", changes[0]);
        Assert.Equal(3, changes.Length);
        Assert.Matches($"^{link.ShortCode},[^,]+Z,destination,{Regex.Escape(link.LongUrl)},\"https://example.com/new,1\"$", changes[1]);
        Assert.Matches($"^{link.ShortCode},[^,]+Z,max_clicks,,5$", changes[2]);
        var first = TextOf(zip, "links.ndjson").Split('\n').Single(line => line.Contains(link.ShortCode, StringComparison.Ordinal));
        Assert.Equal(["a", "b"], JsonElement.Parse(first).GetProperty("tags").EnumerateArray().Select(tag => tag.GetString()));
    }

    [Fact]
    public async Task Pages_follow_the_language_and_the_period_that_their_viewer_chose()
    {
        var (_, visitor) = await SignedInAsync();
        await visitor.OpenAsync("/settings");

        await visitor.SendAsync("preferences", ("Input.Language", "de"), ("Input.Zone", "Asia/Kolkata"), ("Input.Period", "7d"));

        Assert.Equal("de", visitor.Page.DocumentElement.GetAttribute("lang"));
        Assert.Contains("Einstellungen", visitor.Text, StringComparison.Ordinal);
        await visitor.OpenAsync("/dashboard");
        Assert.DoesNotContain("period=28d", visitor.Page.QuerySelector(".period-menu summary")?.OuterHtml ?? "", StringComparison.Ordinal);
        await visitor.OpenAsync("/settings");
        Assert.Equal("Asia/Kolkata", visitor.Page.QuerySelector<AngleSharp.Html.Dom.IHtmlSelectElement>("#settings-zone")!.Value);
        Assert.Equal("7d", visitor.Page.QuerySelector<AngleSharp.Html.Dom.IHtmlSelectElement>("#settings-period")!.Value);
    }

    [Fact]
    public async Task Whoever_tries_passwords_out_is_told_to_wait_on_a_page()
    {
        await using var app = new SpooApp { Settings = { ["RateLimits:Enabled"] = "true" }, Clock = new FakeTimeProvider(DateTimeOffset.UtcNow) };
        await app.AddUserAsync();
        var visitor = new Visitor(app);
        await visitor.OpenAsync("/account/login");
        for (var i = 0; i < 5; i++)
        {
            await visitor.SendAsync("login", ("Input.Email", "a@example.com"), ("Input.Password", "guess"));
        }

        await visitor.SendAsync("login", ("Input.Email", "a@example.com"), ("Input.Password", "guess"));

        Assert.Equal((429, "Too many attempts"), (visitor.Status, visitor.Page.QuerySelector("h1")!.TextContent));
    }

    private static string TextOf(ZipArchive zip, string name)
    {
        using var reader = new StreamReader(zip.GetEntry(name)!.Open());
        return reader.ReadToEnd();
    }

    private async Task<(SpooUser User, Visitor Visitor)> SignedInAsync()
    {
        var user = await _app.AddUserAsync(password: Password);
        var visitor = new Visitor(_app);
        await visitor.SignInAsync(new(user.Email!, Password));
        Assert.Equal("/dashboard", visitor.Address);
        return (user, visitor);
    }

    /// <summary>The link's counter, once a visit by this client is stored, if it is counted: a click by another person comes behind it.</summary>
    private async Task<long> ClicksAfterAsync(Link link, HttpClient client)
    {
        _ = await client.GetAsync("/" + link.ShortCode, TestContext.Current.CancellationToken);
        var fence = await _app.AddAsync(Some.Link());
        _ = await _app.Anonymous().GetAsync("/" + fence.ShortCode, TestContext.Current.CancellationToken);
        await using var database = _app.OpenDatabase();
        await Eventually.TrueAsync(() => database.Links.AnyAsync(row => row.Id == fence.Id && row.TotalClicks == 1, TestContext.Current.CancellationToken));
        return await database.Links.Where(row => row.Id == link.Id).Select(row => row.TotalClicks).SingleAsync(TestContext.Current.CancellationToken);
    }
}

using System.Net;
using Spoo.Data.Accounts;
using Spoo.Data.Care;
using Spoo.Data.Links;
using Spoo.Data.Links.Blocks;
using Spoo.Tests.Support;

namespace Spoo.Tests.Admin;

/// <summary>The rooms of the administration, as administrators and others are answered.</summary>
public sealed class AdminPagesTests(SpooApp shared) : IClassFixture<SpooApp>, IAsyncLifetime
{
    private readonly SpooApp _app = new();

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public static TheoryData<string> Rooms => ["/admin", "/admin/links", "/admin/reports", "/admin/settings", "/admin/system", "/admin/audit"];

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    [Theory, MemberData(nameof(Rooms))]
    public async Task A_room_is_there_for_administrators_in_both_languages_and_for_nobody_else(string room)
    {
        var administrator = await shared.SignedInAsync(await shared.AddAdministratorAsync());
        var other = await shared.SignedInAsync(await shared.AddUserAsync());

        var english = await administrator.GetAsync(room, Cancelled);
        administrator.DefaultRequestHeaders.AcceptLanguage.ParseAdd("de");
        var german = await administrator.GetStringAsync(room, Cancelled);

        Assert.Equal(HttpStatusCode.OK, english.StatusCode);
        Assert.Contains("aria-label=\"Administration\"", await english.Content.ReadAsStringAsync(Cancelled), StringComparison.Ordinal);
        Assert.Contains("aria-label=\"Verwaltung\"", german, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.NotFound, (await other.GetAsync(room, Cancelled)).StatusCode);
        Assert.DoesNotContain("href=\"admin", await other.GetStringAsync("/links", Cancelled), StringComparison.Ordinal);
        Assert.Contains("href=\"admin\"", await administrator.GetStringAsync("/links", Cancelled), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_room_is_gone_with_the_role_at_once()
    {
        var (first, second) = (await _app.AddAdministratorAsync(), await _app.AddAdministratorAsync());
        var page = await _app.SignedInAsync(second);
        Assert.Equal(HttpStatusCode.OK, (await page.GetAsync("/admin", Cancelled)).StatusCode);

        await _app.Get<Administrators>().UnmakeAsync(second.Id, first.Id, Cancelled);

        Assert.Equal(HttpStatusCode.Redirect, (await page.GetAsync("/admin", Cancelled)).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await (await _app.SignedInAsync(second)).GetAsync("/admin", Cancelled)).StatusCode);
    }

    [Fact]
    public async Task People_are_found_by_name_and_shown_with_what_they_have()
    {
        var administrator = await _app.AddAdministratorAsync("root@example.com");
        var ann = await _app.AddUserAsync("ann@example.com");
        await _app.AddUserAsync("bob@example.com");
        await _app.AddAsync(Some.Link("one", ann));
        await _app.AddAsync(Some.Link("two", ann));
        await _app.Get<Administrators>().DisableAsync(ann.Id, administrator.Id, Cancelled);
        await _app.Get<Invitations>().MakeAsync("carl@example.com", 7, false, administrator.Id, Cancelled);
        var page = await _app.SignedInAsync(administrator);

        var found = await page.GetStringAsync("/admin?q=ANN", Cancelled);
        var disabled = await page.GetStringAsync("/admin?show=disabled", Cancelled);
        var (people, _) = await _app.Get<People>().SelectAsync(new PeopleSelection { Order = PeopleOrder.Links, Take = 1 }, Cancelled);

        Assert.Contains("ann@example.com", found, StringComparison.Ordinal);
        Assert.DoesNotContain("bob@example.com", found, StringComparison.Ordinal);
        Assert.Contains("carl@example.com", found, StringComparison.Ordinal);
        Assert.Contains("ann@example.com", disabled, StringComparison.Ordinal);
        Assert.DoesNotContain("bob@example.com", disabled, StringComparison.Ordinal);
        Assert.Equal((ann.Email, 2, true), (people[0].Email, people[0].Links, people[0].DisabledAt is not null));
    }

    [Fact]
    public async Task A_setting_that_the_environment_says_is_shown_and_cannot_be_changed()
    {
        var page = await _app.SignedInAsync(await _app.AddAdministratorAsync());

        var settings = await page.GetStringAsync("/admin/settings", Cancelled);

        Assert.Contains("Accounts:SignUp", settings, StringComparison.Ordinal);
        Assert.Contains("and only there", settings, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_audit_log_is_searched_and_exported_for_spreadsheets()
    {
        var administrator = await _app.AddAdministratorAsync("root@example.com");
        await _app.AddAsync(Some.Link("wrong"));
        await _app.Get<LinkBlocks>().BlockAsync(["wrong"], "=cmd()", administrator.Id, Cancelled);
        var page = await _app.SignedInAsync(administrator);

        var file = await page.GetStringAsync("/admin/audit.csv?q=wrong", Cancelled);
        var all = await page.GetStringAsync("/admin/audit.csv", Cancelled);

        Assert.Contains("root@example.com,link_blocked,wrong,'=cmd()", file, StringComparison.Ordinal);
        Assert.Equal(2, file.TrimEnd().Split('\n').Length);
        Assert.Equal(3, all.TrimEnd().Split('\n').Length);
        Assert.Equal(HttpStatusCode.NotFound, (await (await _app.SignedInAsync(await _app.AddUserAsync())).GetAsync("/admin/audit.csv", Cancelled)).StatusCode);
    }

    [Fact]
    public async Task A_proxy_that_nobody_named_is_warned_of_once_and_no_visitor_is_named()
    {
        var administrator = await _app.SignedInAsync(await _app.AddAdministratorAsync());
        Assert.DoesNotContain("sends forwarding headers", await administrator.GetStringAsync("/admin/system", Cancelled), StringComparison.Ordinal);

        var visitor = _app.Anonymous();
        visitor.DefaultRequestHeaders.Add("X-Forwarded-For", "203.0.113.7");
        await visitor.GetAsync("/nowhere", Cancelled);

        Assert.Contains("sends forwarding headers", await administrator.GetStringAsync("/admin/system", Cancelled), StringComparison.Ordinal);
        Assert.DoesNotContain("203.0.113.7", await File.ReadAllTextAsync(Path.Combine(_app.Folder, "unknown-proxy"), Cancelled), StringComparison.Ordinal);
    }
}

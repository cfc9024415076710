using System.Net;
using System.Text.RegularExpressions;
using Microsoft.EntityFrameworkCore;
using Spoo.Data.Accounts;
using Spoo.Data.Care;
using Spoo.Data.Database;
using Spoo.Tests.Support;

namespace Spoo.Tests.Account;

/// <summary>The first visit to a new installation, and shortening on the home page; both with nothing but HTML.</summary>
public sealed partial class FirstRunTests
{
    [Fact]
    public async Task A_new_installation_asks_for_its_administrator_and_an_old_one_does_not()
    {
        await using var app = Closed();
        var client = app.Anonymous();

        var before = await client.GetAsync("/", Cancelled);
        var setup = await client.GetStringAsync("/setup", Cancelled);
        await app.AddAdministratorAsync();
        app.Get<FirstRun>().LookAgain();
        var after = await client.GetAsync("/", Cancelled);
        var late = await client.GetAsync(SetupPage, Cancelled);

        Assert.Equal((HttpStatusCode.Redirect, "/setup"), (before.StatusCode, Target(before)));
        Assert.DoesNotContain("/account/", setup, StringComparison.Ordinal);    // nothing there leads anywhere yet
        Assert.Contains("Setup code", setup, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, after.StatusCode);
        Assert.Equal((HttpStatusCode.Redirect, "/"), (late.StatusCode, Target(late)));
    }

    [Theory]
    [InlineData("/account/register")]
    [InlineData("/account/register?returnUrl=%2Flinks")]
    [InlineData("/account/login?returnUrl=%2Fsettings")]
    public async Task Nobody_signs_up_or_in_before_the_administrator_and_everybody_does_afterwards(string page)
    {
        await using var app = Closed();
        var client = app.Anonymous();

        var before = await client.GetAsync(page, Cancelled);
        await app.AddUserAsync();
        var after = await client.GetAsync(page, Cancelled);

        Assert.Equal((HttpStatusCode.Redirect, "/setup"), (before.StatusCode, Target(before)));
        Assert.Equal(HttpStatusCode.OK, after.StatusCode);
    }

    [Fact]
    public async Task A_form_of_signing_up_that_comes_before_the_administrator_makes_no_account()
    {
        await using var app = Closed();
        var client = Browser(app);

        // What the form needs besides its fields comes from a page that there is.
        var hidden = await FormAsync(client, SetupPage, ("Input.Email", "first@example.com"), ("Input.Password", "a long phrase"));
        var form = (await hidden.ReadAsStringAsync(Cancelled)).Replace("_handler=setup", "_handler=register", StringComparison.Ordinal);
        using var content = new StringContent(form, System.Text.Encoding.ASCII, "application/x-www-form-urlencoded");
        await client.PostAsync("/account/register", content, Cancelled);

        await using var database = app.OpenDatabase();
        Assert.Empty(await database.Users.ToListAsync(Cancelled));
    }

    [Fact]
    public async Task Whoever_sets_up_without_the_code_that_the_start_printed_makes_no_account()
    {
        await using var app = Closed();
        var client = Browser(app);

        foreach (var code in (string[])["", "a guess", SpooApp.SetupCode + "x"])
        {
            var form = await FormAsync(client, "/setup", ("Input.Code", code), ("Input.Email", "first@example.com"), ("Input.Password", "a long phrase"));
            var answer = await client.PostAsync("/setup", form, Cancelled);
            Assert.Contains("This is not the code", await answer.Content.ReadAsStringAsync(Cancelled), StringComparison.Ordinal);
        }

        await using var database = app.OpenDatabase();
        Assert.Empty(await database.Users.ToListAsync(Cancelled));
    }

    [Fact]
    public async Task The_code_is_made_up_once_the_same_on_every_node_and_gone_when_there_is_an_administrator()
    {
        await using var app = Closed();
        var made = new FirstRun(app.Get<IDbContextFactory<SpooDbContext>>(), new AccountOptions(), app.Get<SecurityLog>());
        var onAnotherNode = new FirstRun(app.Get<IDbContextFactory<SpooDbContext>>(), new AccountOptions(), app.Get<SecurityLog>());

        var code = await made.CodeAsync(Cancelled);

        Assert.Matches("^[2-9B-Z]{12}$", code);
        Assert.Equal(code, await onAnotherNode.CodeAsync(Cancelled));
        Assert.True(await onAnotherNode.IsCodeAsync($" {code.ToLowerInvariant()} ", Cancelled));
        Assert.False(await onAnotherNode.IsCodeAsync(code[1..], Cancelled));
        await SetUpAsync(app, "first@example.com");
        await using var database = app.OpenDatabase();
        Assert.Empty(await database.InstallationSecrets.Where(secret => secret.Name == InstallationSecret.Setup).ToListAsync(Cancelled));
    }

    [Fact]
    public async Task Whoever_sets_up_is_the_administrator_and_whoever_comes_later_is_not()
    {
        await using var app = new SpooApp();
        await SetUpAsync(app, "first@example.com");
        await SetUpAsync(app, "second@example.com", "/");

        await using var database = app.OpenDatabase();
        var first = await database.Users.SingleAsync(Cancelled);
        Assert.True(await app.Get<Administrators>().HasAsync(first.Id, Cancelled));

        // Written down by another connection, which a transaction around all of it would keep waiting until it gives up.
        Assert.Contains(await app.Get<SecurityLog>().ListAsync(first.Id, 10, Cancelled), happened => happened.Kind == SecurityEventKind.AccountMade);
        Assert.False(await app.Get<Administrators>().HasAsync((await app.AddUserAsync()).Id, Cancelled));
    }

    [Fact]
    public async Task The_last_administrator_cannot_be_deleted_disabled_or_made_an_ordinary_person()
    {
        await using var app = new SpooApp();
        await SetUpAsync(app, "first@example.com");
        await using var database = app.OpenDatabase();
        var first = await database.Users.SingleAsync(Cancelled);
        var other = await app.AddUserAsync();
        var administrators = app.Get<Administrators>();

        Assert.IsType<RemovalOutcome.Refused>(await app.Get<AccountRemoval>().RemoveAsync(first.Id, Cancelled));
        Assert.Equal(Administrators.LastOne, await administrators.DisableAsync(first.Id, first.Id, Cancelled));
        Assert.Equal(Administrators.LastOne, await administrators.UnmakeAsync(first.Id, first.Id, Cancelled));
        Assert.True(await administrators.HasAsync(first.Id, Cancelled));

        // One who is kept out looks after nothing.
        await administrators.MakeAsync(other.Id, first.Id, Cancelled);
        Assert.Null(await administrators.DisableAsync(other.Id, first.Id, Cancelled));
        Assert.Equal(Administrators.LastOne, await administrators.UnmakeAsync(first.Id, first.Id, Cancelled));
        await administrators.EnableAsync(other.Id, first.Id, Cancelled);
        Assert.Null(await administrators.UnmakeAsync(first.Id, other.Id, Cancelled));
        Assert.IsType<RemovalOutcome.Done>(await app.Get<AccountRemoval>().RemoveAsync(first.Id, Cancelled));
    }

    [Fact]
    public async Task Of_many_who_come_at_once_one_becomes_the_administrator()
    {
        await using var app = Closed();
        var forms = new List<(HttpClient Client, FormUrlEncodedContent Form)>();
        for (var i = 0; i < 6; i++)
        {
            var client = Browser(app);
            forms.Add((client, await FormAsync(client, SetupPage, ("Input.Email", $"owner{i}@example.com"), ("Input.Password", "a long phrase"))));
        }

        var answers = await Task.WhenAll(forms.Select(form => form.Client.PostAsync(SetupPage, form.Form, Cancelled)));

        Assert.Single(answers, answer => Target(answer) == "/links");
        await using var database = app.OpenDatabase();
        Assert.Equal(1, await database.Users.CountAsync(Cancelled));
    }

    [Fact]
    public async Task A_password_that_is_too_short_leaves_the_first_run_open()
    {
        await using var app = Closed();
        var client = Browser(app);

        var answer = await client.PostAsync(
            SetupPage, await FormAsync(client, SetupPage, ("Input.Email", "owner@example.com"), ("Input.Password", "short")), Cancelled);

        Assert.Contains("Use 8 to 128 characters.", await answer.Content.ReadAsStringAsync(Cancelled), StringComparison.Ordinal);
        Assert.Equal("/setup", Target(await client.GetAsync("/", Cancelled)));
    }

    [Fact]
    public async Task Where_sign_up_was_opened_strangers_sign_up_before_there_is_an_administrator_and_are_none()
    {
        await using var app = new SpooApp();
        var client = Browser(app);

        Assert.Equal("/account/register", Target(await client.GetAsync("/setup", Cancelled)));
        var form = await FormAsync(client, "/account/register", ("Input.Email", "stranger@example.com"), ("Input.Password", "a long phrase"));
        Assert.Equal("/account/login?new=true", Target(await client.PostAsync("/account/register", form, Cancelled)));
        await using var database = app.OpenDatabase();
        Assert.False(await app.Get<Administrators>().HasAsync((await database.Users.SingleAsync(Cancelled)).Id, Cancelled));
        await SetUpAsync(app, "operator@example.com");
        Assert.Equal(2, await database.Users.CountAsync(Cancelled));
    }

    [Fact]
    public async Task The_home_page_shortens_and_the_link_comes_along_when_its_maker_signs_in()
    {
        await using var app = new SpooApp();
        var user = await app.AddUserAsync("maker@example.com");
        var client = Browser(app);

        var made = await client.PostAsync("/", await FormAsync(client, "/", ("Input.LongUrl", "example.com/page"), ("Input.Alias", "mine")), TestContext.Current.CancellationToken);
        var page = await client.GetStringAsync(made.Headers.Location, TestContext.Current.CancellationToken);
        await client.PostAsync(
            "/account/login", await FormAsync(client, "/account/login", ("Input.Email", user.Email!), ("Input.Password", "correct horse")), TestContext.Current.CancellationToken);
        var links = await client.GetStringAsync("/links", TestContext.Current.CancellationToken);

        Assert.Equal("/?made=mine", Target(made));
        Assert.Contains("http://localhost/mine", page, StringComparison.Ordinal);
        Assert.Contains("\"links/mine/qr.svg", page, StringComparison.Ordinal);
        Assert.Contains("belongs to nobody yet", page, StringComparison.Ordinal);
        Assert.Contains("example.com/page", links, StringComparison.Ordinal);
        await using var database = app.OpenDatabase();
        var link = await database.Links.SingleAsync(TestContext.Current.CancellationToken);
        Assert.Equal((user.Id, "https://example.com/page"), (link.OwnerId, link.LongUrl));
    }

    [Theory]
    [InlineData("", "", "Enter where the link leads.")]
    [InlineData("ftp://example.com", "", "An address begins with http://")]
    [InlineData("https://example.com", "no", "An alias has 3 to 16 characters.")]
    [InlineData("https://example.com", "taken", "Somebody has this alias already.")]
    [InlineData("http://localhost/x", "", "leads back here")]
    public async Task What_is_wrong_is_said_beside_the_form_and_what_was_written_stays(string url, string alias, string fault)
    {
        await using var app = new SpooApp();
        await app.AddUserAsync();
        await app.AddAsync(Some.Link("taken"));
        var client = Browser(app);

        var answer = await client.PostAsync("/", await FormAsync(client, "/", ("Input.LongUrl", url), ("Input.Alias", alias)), TestContext.Current.CancellationToken);

        var page = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.Contains(fault, WebUtility.HtmlDecode(page), StringComparison.Ordinal);
        Assert.Contains($"value=\"{url}\"", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Where_strangers_may_not_shorten_they_are_shown_no_form()
    {
        await using var app = new SpooApp { Settings = { ["Links:AllowAnonymous"] = "false" } };
        await app.AddUserAsync();

        var page = await app.Anonymous().GetStringAsync("/", TestContext.Current.CancellationToken);

        Assert.DoesNotContain("shorten-url", page, StringComparison.Ordinal);
        Assert.Contains("Create your account", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_home_page_tells_nothing_of_the_links_of_others()
    {
        await using var app = new SpooApp();
        await app.AddAsync(Some.Link("theirs", await app.AddUserAsync(), longUrl: "https://example.com/secret"));

        Assert.DoesNotContain("secret", await app.Anonymous().GetStringAsync("/?made=theirs", TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    /// <summary>As the start prints it.</summary>
    private static string SetupPage => $"/setup?code={Uri.EscapeDataString(SpooApp.SetupCode)}";

    /// <summary>As a new installation is.</summary>
    private static SpooApp Closed() => new() { Settings = { ["Accounts:SignUp"] = "Invite", ["Links:AllowAnonymous"] = "false" } };

    private static async Task SetUpAsync(SpooApp app, string email, string leadsTo = "/links")
    {
        var client = Browser(app);
        if (leadsTo != "/links")
        {
            Assert.Equal(leadsTo, Target(await client.GetAsync(SetupPage, Cancelled)));
            return;
        }

        var form = await FormAsync(client, SetupPage, ("Input.Email", email), ("Input.Password", "a long phrase"));
        Assert.Equal(leadsTo, Target(await client.PostAsync(SetupPage, form, Cancelled)));
    }

    /// <summary>A client that keeps cookies and stays where it is sent from.</summary>
    private static HttpClient Browser(SpooApp app) => app.CreateClient(new() { AllowAutoRedirect = false, HandleCookies = true });

    /// <summary>Where an answer sends to, without the host.</summary>
    private static string? Target(HttpResponseMessage answer) =>
        answer.Headers.Location is { IsAbsoluteUri: true } absolute ? absolute.PathAndQuery : answer.Headers.Location?.OriginalString;

    /// <summary>The hidden fields of the page's first form, and these.</summary>
    private static async Task<FormUrlEncodedContent> FormAsync(HttpClient client, string page, params (string Name, string Value)[] fields)
    {
        var html = await client.GetStringAsync(page, TestContext.Current.CancellationToken);
        var entered = html.Split("<form").First(form => fields.All(field => form.Contains($"name=\"{field.Name}\"", StringComparison.Ordinal)));
        return new FormUrlEncodedContent(Hidden().Matches(entered)
            .Select(input => KeyValuePair.Create(Name().Match(input.Value).Groups[1].Value, WebUtility.HtmlDecode(Value().Match(input.Value).Groups[1].Value)))
            .Concat(fields.Select(field => KeyValuePair.Create(field.Name, field.Value))));
    }

    [GeneratedRegex("<input[^>]*type=\"hidden\"[^>]*>")]
    private static partial Regex Hidden();

    [GeneratedRegex("name=\"([^\"]*)\"")]
    private static partial Regex Name();

    [GeneratedRegex("value=\"([^\"]*)\"")]
    private static partial Regex Value();
}

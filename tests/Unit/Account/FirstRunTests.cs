using System.Net;
using System.Text.RegularExpressions;
using Microsoft.EntityFrameworkCore;
using Spoo.Data.Accounts;
using Spoo.Data.Care;
using Spoo.Tests.Support;

namespace Spoo.Tests.Account;

/// <summary>The first visit to a new installation, and shortening on the home page; both with nothing but HTML.</summary>
public sealed partial class FirstRunTests
{
    [Fact]
    public async Task A_new_installation_asks_for_its_owner_and_an_old_one_does_not()
    {
        await using var app = new SpooApp();
        var client = app.Anonymous();

        var before = await client.GetAsync("/", TestContext.Current.CancellationToken);
        var setup = await client.GetStringAsync("/setup", TestContext.Current.CancellationToken);
        await app.AddUserAsync();
        var after = await client.GetAsync("/", TestContext.Current.CancellationToken);
        var late = await client.GetAsync("/setup", TestContext.Current.CancellationToken);

        Assert.Equal((HttpStatusCode.Redirect, "/setup"), (before.StatusCode, Target(before)));
        Assert.DoesNotContain("/account/", setup, StringComparison.Ordinal);    // nothing there leads anywhere yet
        Assert.Equal(HttpStatusCode.OK, after.StatusCode);
        Assert.Equal((HttpStatusCode.Redirect, "/"), (late.StatusCode, Target(late)));
    }

    [Theory]
    [InlineData("/account/register")]
    [InlineData("/account/register?returnUrl=%2Flinks")]
    [InlineData("/account/login?returnUrl=%2Fsettings")]
    public async Task Nobody_signs_up_or_in_before_the_owner_and_everybody_does_afterwards(string page)
    {
        await using var app = new SpooApp();
        var client = app.Anonymous();

        var before = await client.GetAsync(page, TestContext.Current.CancellationToken);
        await app.AddUserAsync();
        var after = await client.GetAsync(page, TestContext.Current.CancellationToken);

        Assert.Equal((HttpStatusCode.Redirect, "/setup"), (before.StatusCode, Target(before)));
        Assert.Equal(HttpStatusCode.OK, after.StatusCode);
    }

    [Fact]
    public async Task A_form_of_signing_up_that_comes_before_the_owner_makes_no_account()
    {
        await using var app = new SpooApp();
        var client = Browser(app);

        // What the form needs besides its fields comes from a page that there is.
        var hidden = await FormAsync(client, "/setup", ("Input.Email", "first@example.com"), ("Input.Password", "a long phrase"));
        var form = (await hidden.ReadAsStringAsync(TestContext.Current.CancellationToken)).Replace("_handler=setup", "_handler=register", StringComparison.Ordinal);
        using var content = new StringContent(form, System.Text.Encoding.ASCII, "application/x-www-form-urlencoded");
        var answer = await client.PostAsync("/account/register", content, TestContext.Current.CancellationToken);

        Assert.Equal((HttpStatusCode.Redirect, "/setup"), (answer.StatusCode, Target(answer)));
        await using var database = app.OpenDatabase();
        Assert.Empty(await database.Users.ToListAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task After_its_last_account_was_deleted_an_installation_can_be_set_up_again()
    {
        await using var app = new SpooApp();
        await SetUpAsync("first@example.com");
        await using var database = app.OpenDatabase();
        var first = await database.Users.SingleAsync(TestContext.Current.CancellationToken);

        await app.Get<AccountRemoval>().RemoveAsync(first.Id, TestContext.Current.CancellationToken);

        Assert.Equal("/setup", Target(await app.Anonymous().GetAsync("/", TestContext.Current.CancellationToken)));
        await SetUpAsync("second@example.com");
        var second = await database.Users.AsNoTracking().SingleAsync(TestContext.Current.CancellationToken);
        Assert.Equal("second@example.com", second.Email);

        // Written down by another connection, which a transaction around all of it would keep waiting until it gives up.
        var kinds = await database.SecurityEvents.Where(happened => happened.UserId == second.Id).Select(happened => happened.Kind).ToListAsync(TestContext.Current.CancellationToken);
        Assert.Contains(SecurityEventKind.AccountMade, kinds);

        async Task SetUpAsync(string email)
        {
            var client = Browser(app);
            var form = await FormAsync(client, "/setup", ("Input.Email", email), ("Input.Password", "a long phrase"));
            Assert.Equal("/links", Target(await client.PostAsync("/setup", form, TestContext.Current.CancellationToken)));
        }
    }

    [Fact]
    public async Task Of_many_who_come_at_once_one_becomes_the_owner()
    {
        await using var app = new SpooApp();
        var forms = new List<(HttpClient Client, FormUrlEncodedContent Form)>();
        for (var i = 0; i < 6; i++)
        {
            var client = Browser(app);
            forms.Add((client, await FormAsync(client, "/setup", ("Input.Email", $"owner{i}@example.com"), ("Input.Password", "a long phrase"))));
        }

        var answers = await Task.WhenAll(forms.Select(form => form.Client.PostAsync("/setup", form.Form, TestContext.Current.CancellationToken)));

        Assert.Single(answers, answer => Target(answer) == "/links");
        await using var database = app.OpenDatabase();
        Assert.Equal(1, await database.Users.CountAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_password_that_is_too_short_leaves_the_first_run_open()
    {
        await using var app = new SpooApp();
        var client = Browser(app);

        var answer = await client.PostAsync(
            "/setup", await FormAsync(client, "/setup", ("Input.Email", "owner@example.com"), ("Input.Password", "short")), TestContext.Current.CancellationToken);

        Assert.Contains("Use 8 to 128 characters.", await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
        Assert.Equal("/setup", Target(await client.GetAsync("/", TestContext.Current.CancellationToken)));
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
        Assert.Contains("/links/mine/qr.svg", page, StringComparison.Ordinal);
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

    /// <summary>A client that keeps cookies and stays where it is sent from.</summary>
    private static HttpClient Browser(SpooApp app) => app.CreateClient(new() { AllowAutoRedirect = false, HandleCookies = true });

    /// <summary>Where an answer sends to, without the host.</summary>
    private static string? Target(HttpResponseMessage answer) =>
        answer.Headers.Location is { IsAbsoluteUri: true } absolute ? absolute.PathAndQuery : answer.Headers.Location?.OriginalString;

    /// <summary>The hidden fields of the page's first form, and these.</summary>
    private static async Task<FormUrlEncodedContent> FormAsync(HttpClient client, string page, params (string Name, string Value)[] fields)
    {
        var html = await client.GetStringAsync(page, TestContext.Current.CancellationToken);
        return new FormUrlEncodedContent(Hidden().Matches(html)
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

using System.Net;
using System.Text.RegularExpressions;
using Microsoft.EntityFrameworkCore;
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
        await app.AddUserAsync();
        var after = await client.GetAsync("/", TestContext.Current.CancellationToken);
        var late = await client.GetAsync("/setup", TestContext.Current.CancellationToken);

        Assert.Equal((HttpStatusCode.Redirect, "/setup"), (before.StatusCode, Target(before)));
        Assert.Equal(HttpStatusCode.OK, after.StatusCode);
        Assert.Equal((HttpStatusCode.Redirect, "/"), (late.StatusCode, Target(late)));
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

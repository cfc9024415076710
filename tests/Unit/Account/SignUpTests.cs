using System.Net;
using System.Text.RegularExpressions;
using Microsoft.EntityFrameworkCore;
using Spoo.Data.Accounts;
using Spoo.Data.Care;
using Spoo.Tests.Support;

namespace Spoo.Tests.Account;

/// <summary>Who may make an account, and what becomes of a person who is kept out.</summary>
public sealed partial class SignUpTests
{
    private const string Password = "a long phrase";

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_invitation_makes_one_account_and_no_second_one()
    {
        await using var app = await HouseAsync("Invite");
        var (_, token) = await app.Get<Invitations>().MakeAsync(null, 7, false, null, Cancelled);

        var first = await RegisterAsync(app, $"/account/register?invitation={token}", "invited@example.com");
        var second = await app.Anonymous().GetStringAsync($"/account/register?invitation={token}", Cancelled);

        Assert.Equal("/links", first.Headers.Location?.OriginalString.Replace("http://localhost", "", StringComparison.Ordinal));
        Assert.Contains("This invitation is too old", second, StringComparison.Ordinal);
        await using var database = app.OpenDatabase();
        var user = await database.Users.SingleAsync(user => user.Email == "invited@example.com", Cancelled);
        Assert.False(user.EmailConfirmed);
        Assert.False(await app.Get<Administrators>().HasAsync(user.Id, Cancelled));
    }

    [Fact]
    public async Task Of_two_who_use_an_invitation_at_once_one_gets_the_account()
    {
        await using var app = await HouseAsync("Invite");
        var (_, token) = await app.Get<Invitations>().MakeAsync(null, 7, false, null, Cancelled);
        var forms = new List<(HttpClient Client, FormUrlEncodedContent Form)>();
        for (var i = 0; i < 4; i++)
        {
            forms.Add(await FormAsync(app, $"/account/register?invitation={token}", $"one{i}@example.com"));
        }

        await Task.WhenAll(forms.Select(form => form.Client.PostAsync($"/account/register?invitation={token}", form.Form, Cancelled)));

        await using var database = app.OpenDatabase();
        Assert.Equal(1, await database.Users.CountAsync(user => user.Email!.StartsWith("one"), Cancelled));
    }

    [Fact]
    public async Task An_invitation_for_an_address_is_nobody_elses_and_vouches_for_it()
    {
        await using var app = await HouseAsync("Invite");
        var (_, token) = await app.Get<Invitations>().MakeAsync("ann@example.com", 7, true, null, Cancelled);

        await RegisterAsync(app, $"/account/register?invitation={token}", "eve@example.com");
        await RegisterAsync(app, $"/account/register?invitation={token}", "Ann@example.com");

        await using var database = app.OpenDatabase();
        Assert.False(await database.Users.AnyAsync(user => user.Email == "eve@example.com", Cancelled));
        var ann = await database.Users.SingleAsync(user => user.NormalizedEmail == "ANN@EXAMPLE.COM", Cancelled);
        Assert.True(ann.EmailConfirmed);
        Assert.True(await app.Get<Administrators>().HasAsync(ann.Id, Cancelled));
    }

    [Theory]
    [InlineData("Invite", "")]
    [InlineData("Invite", "?invitation=made-up")]
    [InlineData("Closed", "")]
    [InlineData("Closed", "?invitation={token}")]
    public async Task Without_a_good_invitation_nobody_signs_up(string policy, string query)
    {
        await using var app = await HouseAsync(policy);
        var (_, token) = await app.Get<Invitations>().MakeAsync(null, 7, false, null, Cancelled);
        var page = "/account/register" + query.Replace("{token}", token, StringComparison.Ordinal);

        var shown = await app.Anonymous().GetStringAsync(page, Cancelled);
        var home = await app.Anonymous().GetStringAsync("/", Cancelled);

        Assert.DoesNotContain("Input.Password", shown, StringComparison.Ordinal);
        Assert.DoesNotContain("/account/register", home, StringComparison.Ordinal);

        // What a page that was opened before has in it is sent all the same.
        var (client, form) = await FormAsync(app, "/account/login", "late@example.com");
        var body = (await form.ReadAsStringAsync(Cancelled)).Replace("_handler=login", "_handler=register", StringComparison.Ordinal);
        using var content = new StringContent(body, System.Text.Encoding.ASCII, "application/x-www-form-urlencoded");
        await client.PostAsync(page, content, Cancelled);
        await using var database = app.OpenDatabase();
        Assert.Equal(1, await database.Users.CountAsync(Cancelled));
    }

    [Fact]
    public async Task A_withdrawn_invitation_and_an_old_one_open_nothing()
    {
        var clock = new Microsoft.Extensions.Time.Testing.FakeTimeProvider(Some.Noon);
        await using var app = new SpooApp { Clock = clock };
        var invitations = app.Get<Invitations>();
        var (withdrawn, first) = await invitations.MakeAsync(null, 7, false, null, Cancelled);
        var (_, second) = await invitations.MakeAsync(null, 7, false, null, Cancelled);

        Assert.True(await invitations.WithdrawAsync(withdrawn.Id, null, Cancelled));
        Assert.Null(await invitations.FindAsync(first, Cancelled));
        Assert.NotNull(await invitations.FindAsync(second, Cancelled));
        clock.Advance(TimeSpan.FromDays(7));
        Assert.Null(await invitations.FindAsync(second, Cancelled));
    }

    [Fact]
    public async Task Whoever_is_disabled_is_signed_out_at_once_and_neither_password_nor_key_opens_anything()
    {
        await using var app = new SpooApp();
        var user = await app.AddUserAsync("ann@example.com", Password);
        var page = await app.SignedInAsync(user);
        var program = await app.WithKeyAsync(user);
        Assert.Equal(HttpStatusCode.OK, (await page.GetAsync("/links", Cancelled)).StatusCode);

        Assert.Null(await app.Get<Administrators>().DisableAsync(user.Id, null, Cancelled));

        Assert.Equal(HttpStatusCode.Redirect, (await page.GetAsync("/links", Cancelled)).StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, (await program.GetAsync("/api/v1/urls", Cancelled)).StatusCode);
        var (client, form) = await FormAsync(app, "/account/login", user.Email!);
        var answer = await client.PostAsync("/account/login", form, Cancelled);
        Assert.Contains("This account is disabled.", await answer.Content.ReadAsStringAsync(Cancelled), StringComparison.Ordinal);

        await app.Get<Administrators>().EnableAsync(user.Id, null, Cancelled);
        (client, form) = await FormAsync(app, "/account/login", user.Email!);
        Assert.Equal(HttpStatusCode.Redirect, (await client.PostAsync("/account/login", form, Cancelled)).StatusCode);
    }

    [Fact]
    public async Task Invitations_and_audit_keep_nothing_of_a_deleted_account_but_its_number()
    {
        await using var app = new SpooApp();
        var administrator = await app.AddAdministratorAsync();
        var (_, token) = await app.Get<Invitations>().MakeAsync("planted@example.com", 7, false, administrator.Id, Cancelled);
        var user = await app.AddUserAsync("planted@example.com");
        await app.Get<Administrators>().DisableAsync(user.Id, administrator.Id, Cancelled);

        await app.Get<AccountRemoval>().RemoveAsync(user.Id, administrator.Id, Cancelled);

        Assert.Null(await app.Get<Invitations>().FindAsync(token, Cancelled));
        var (lines, _) = await app.Get<AuditTrail>().SelectAsync(new AuditSelection(), Cancelled);
        Assert.Equal([AuditAct.AccountDeleted, AuditAct.AccountDisabled, AuditAct.InvitationMade, AuditAct.AdministratorMade], lines.Select(line => line.Act));
        Assert.Equal(user.Id, lines[0].Subject);
        Assert.Equal(administrator.Email, lines[0].Actor);
    }

    private static async Task<SpooApp> HouseAsync(string policy)
    {
        var app = new SpooApp { Settings = { ["Accounts:SignUp"] = policy } };
        await app.AddAdministratorAsync();
        return app;
    }

    private static async Task<HttpResponseMessage> RegisterAsync(SpooApp app, string page, string email)
    {
        var (client, form) = await FormAsync(app, page, email);
        return await client.PostAsync(page, form, Cancelled);
    }

    private static async Task<(HttpClient Client, FormUrlEncodedContent Form)> FormAsync(SpooApp app, string page, string email)
    {
        var client = app.CreateClient(new() { AllowAutoRedirect = false, HandleCookies = true });
        var html = await client.GetStringAsync(page, Cancelled);
        var entered = html.Split("<form").Single(form => form.Contains("name=\"Input.Email\"", StringComparison.Ordinal));
        return (client, new FormUrlEncodedContent(Hidden().Matches(entered)
            .Select(input => KeyValuePair.Create(input.Groups["name"].Value, WebUtility.HtmlDecode(input.Groups["value"].Value)))
            .Append(KeyValuePair.Create("Input.Email", email)).Append(KeyValuePair.Create("Input.Password", Password))));
    }

    [GeneratedRegex("<input type=\"hidden\" name=\"(?<name>[^\"]*)\" value=\"(?<value>[^\"]*)\"")]
    private static partial Regex Hidden();
}

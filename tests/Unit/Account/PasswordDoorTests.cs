using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Spoo.Data.Accounts;
using Spoo.Data.Database;
using Spoo.Tests.Support;
using Spoo.Web.Identity.Providers;
using Spoo.Web.Mail;

namespace Spoo.Tests.Account;

/// <summary>Servers without passwords, and settings of providers that cannot be followed.</summary>
public sealed class PasswordDoorTests
{
    [Fact]
    public async Task Passwords_are_switched_off_once_an_administrator_gets_in_without_one_and_there_is_a_way_back()
    {
        await using var world = new ProviderWorld(new() { ["Accounts:PasswordSignIn"] = "false" });
        var user = await world.App.AddUserAsync();
        var visitor = new Visitor(world.App);
        await visitor.SignInAsync(new(user.Email!, "correct horse"));
        Assert.Equal("/dashboard", visitor.Address);

        // The only administrator stays it, whatever the provider says of groups.
        var person = ProviderWorld.NewPerson();
        await ProviderWorld.SignInAsync(new Visitor(world.App), world.Corp, new(person) { ["groups"] = ProviderWorld.Group });
        var administrator = new Visitor(world.App);
        await ProviderWorld.SignInAsync(administrator, world.Corp, person);
        await administrator.OpenAsync("/admin");
        Assert.Equal(200, administrator.Status);
        Assert.Contains(world.Log.Worries, line => line.Contains("It is the last one, and stays it.", StringComparison.Ordinal));

        var other = new Visitor(world.App);
        await other.OpenAsync("/account/login");
        Assert.Null(other.Page.QuerySelector("input[type=password]"));
        Assert.Contains("without passwords", other.Text, StringComparison.Ordinal);
        foreach (var page in (string[])["/account/forgotten", "/account/new-password", "/account/register"])
        {
            await other.OpenAsync(page);
            Assert.Null(other.Page.QuerySelector("form input[type=password], form input[type=email]"));
        }

        await using var scope = world.App.Services.CreateAsyncScope();
        var users = scope.ServiceProvider.GetRequiredService<UserManager<SpooUser>>();
        var signIn = "/" + await AccountMails.SignInPathAsync(users, (await users.FindByIdAsync(user.Id))!);
        await other.OpenAsync(signIn);
        await other.SendAsync("once");
        Assert.Equal("/dashboard", other.Address);
        Assert.Equal(user.Id, (await other.Client.JsonAsync("/auth/me")).GetProperty("user").Text("id"));
        var second = new Visitor(world.App);
        await second.OpenAsync(signIn);
        await second.SendAsync("once");
        Assert.Contains("This link is too old, was used already", second.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_sign_in_form_that_was_open_before_signs_nobody_in()
    {
        await using var world = new ProviderWorld(new() { ["Accounts:PasswordSignIn"] = "false" });
        var user = await world.App.AddUserAsync();
        var visitor = new Visitor(world.App);
        await visitor.OpenAsync("/account/login");
        await ProviderWorld.SignInAsync(new Visitor(world.App), world.Corp, new(ProviderWorld.NewPerson()) { ["groups"] = ProviderWorld.Group });

        await visitor.SendAsync("login", ("Input.Email", user.Email!), ("Input.Password", "correct horse"));
        await visitor.OpenAsync("/settings");

        Assert.StartsWith("/account/login", visitor.Address, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Accounts:PasswordSignIn", "Accounts:PasswordSignIn=false")]
    [InlineData("Accounts:Providers:a:Authority", "Accounts:Providers:a:ClientId=x")]
    [InlineData("Accounts:Providers:a:Authority", "Accounts:Providers:a:ClientId=x;Accounts:Providers:a:Authority=http://id.example.com")]
    [InlineData("Accounts:Providers:a:Authority", "Accounts:Providers:a:ClientId=x;Accounts:Providers:a:Authority=id.example.com")]
    [InlineData("Accounts:Providers:a:ClientId", "Accounts:Providers:a:Authority=https://id.example.com")]
    [InlineData("Accounts:Providers:a:Secret", "Accounts:Providers:a:Authority=https://id.example.com;Accounts:Providers:a:ClientId=x;Accounts:Providers:a:Secret=y")]
    [InlineData("Accounts:Providers:a:SignUp", "Accounts:Providers:a:Authority=https://id.example.com;Accounts:Providers:a:ClientId=x;Accounts:Providers:a:SignUp=none")]
    [InlineData("Accounts:Providers:a:TrustEmail", "Accounts:Providers:a:Authority=https://id.example.com;Accounts:Providers:a:ClientId=x;Accounts:Providers:a:TrustEmail=yes")]
    [InlineData("Accounts:Providers:a:Scopes", "Accounts:Providers:a:Authority=https://id.example.com;Accounts:Providers:a:ClientId=x;Accounts:Providers:a:Scopes=email")]
    [InlineData("Accounts:Providers:a b", "Accounts:Providers:a b:Authority=https://id.example.com")]
    [InlineData("have the same Authority", "Accounts:Providers:a:Authority=https://id.example.com;Accounts:Providers:a:ClientId=x;Accounts:Providers:b:Authority=https://id.example.com/;Accounts:Providers:b:ClientId=x")]
    public void Settings_that_cannot_be_followed_are_named(string named, string settings)
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(
            settings.Split(';').Select(setting => setting.Split('=', 2)).Select(setting => KeyValuePair.Create(setting[0], (string?)setting[1]))).Build();

        var said = Assert.Throws<SettingException>(() => SignInProviders.Read(configuration)).Message;

        Assert.Contains(named, said, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', said);
    }
}

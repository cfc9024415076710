using Microsoft.Extensions.Configuration;
using Spoo.Data;
using Spoo.Data.Accounts;
using Spoo.Data.Care;
using Spoo.Data.Links;
using Spoo.Tests.Support;

namespace Spoo.Tests.Care;

/// <summary>Settings that are changed while the server runs, and those that something else says.</summary>
public sealed class RunningSettingsTests
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_change_holds_at_once_for_all_and_after_a_restart()
    {
        var app = new SpooApp();
        await using (app)
        {
            var settings = SettingsOf(app, out var accounts, out var links);
            await settings.ApplyAsync(Cancelled);
            Assert.Equal((SignUpPolicy.Invite, false), (accounts.SignUp, links.AllowAnonymous));

            Assert.Null(await settings.ChangeAsync("accounts:signup", "open", null, Cancelled));
            Assert.Null(await settings.ChangeAsync("Links:AllowAnonymous", "TRUE", null, Cancelled));

            Assert.Equal((SignUpPolicy.Open, true), (accounts.SignUp, links.AllowAnonymous));
            var elsewhere = SettingsOf(app, out var accountsElsewhere, out var linksElsewhere);
            await elsewhere.ApplyAsync(Cancelled);
            Assert.Equal((SignUpPolicy.Open, true), (accountsElsewhere.SignUp, linksElsewhere.AllowAnonymous));
            Assert.Equal(SettingSource.Changed, elsewhere.Find("Accounts:SignUp")!.Source);

            Assert.Null(await elsewhere.ChangeAsync("Accounts:SignUp", null, null, Cancelled));
            await settings.ApplyAsync(Cancelled);
            Assert.Equal((SignUpPolicy.Invite, SettingSource.Default), (accounts.SignUp, settings.Find("Accounts:SignUp")!.Source));
        }
    }

    [Fact]
    public async Task What_the_environment_says_wins_and_cannot_be_changed_here()
    {
        await using var app = new SpooApp();
        var settings = SettingsOf(app, out var accounts, out _, ("Accounts:SignUp", "Closed"));
        accounts.SignUp = SignUpPolicy.Closed;

        var no = await settings.ChangeAsync("Accounts:SignUp", "Open", null, Cancelled);

        Assert.Equal(RefusalKind.Conflict, no?.Kind);
        Assert.True(settings.Find("Accounts:SignUp")!.IsFixed);
        Assert.Null(await SettingsOf(app, out _, out _).ChangeAsync("Accounts:SignUp", "Open", null, Cancelled));
        await settings.ApplyAsync(Cancelled);
        Assert.Equal(SignUpPolicy.Closed, accounts.SignUp);
    }

    [Theory]
    [InlineData("Accounts:SignUp", "perhaps")]
    [InlineData("Links:AllowAnonymous", "maybe")]
    [InlineData("Accounts:RetentionDays", "0")]
    [InlineData("Accounts:RetentionDays", "1.5")]
    [InlineData("Links:HomeUrl", "example.com")]
    [InlineData("Links:NotFoundUrl", "javascript:alert(1)")]
    [InlineData("Quotas:Links", "-1")]
    [InlineData("Data:Folder", "/tmp")]
    public async Task What_a_setting_cannot_be_is_refused_with_what_would_be_right(string name, string value)
    {
        await using var app = new SpooApp();

        var no = await SettingsOf(app, out _, out _).ChangeAsync(name, value, null, Cancelled);

        Assert.NotNull(no);
        Assert.Contains(name, no.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Every_change_is_in_the_audit_log_with_what_it_was_before()
    {
        await using var app = new SpooApp();
        var administrator = await app.AddAdministratorAsync();

        await SettingsOf(app, out _, out _).ChangeAsync("Quotas:Links", "100", administrator.Id, Cancelled);

        var (lines, total) = await app.Get<AuditTrail>().SelectAsync(new AuditSelection { Search = "quotas" }, Cancelled);
        Assert.Equal(1, total);
        Assert.Equal((administrator.Email, AuditAct.SettingChanged, "Quotas:Links", "- → 100"), (lines[0].Actor, lines[0].Act, lines[0].Subject, lines[0].Detail));
        Assert.Equal(0, (await app.Get<AuditTrail>().SelectAsync(new AuditSelection { Act = AuditAct.BackupMade }, Cancelled)).Total);
    }

    private static RunningSettings SettingsOf(SpooApp app, out AccountOptions accounts, out ShorteningOptions links, params (string Name, string Value)[] said)
    {
        accounts = new AccountOptions();
        links = new ShorteningOptions();
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(said.Select(one => KeyValuePair.Create(one.Name, (string?)one.Value))).Build();
        return new RunningSettings(
            app.Get<Microsoft.EntityFrameworkCore.IDbContextFactory<Spoo.Data.Database.SpooDbContext>>(), configuration, accounts, links, new QuotaOptions(), app.Get<AuditLog>(), TimeProvider.System);
    }
}

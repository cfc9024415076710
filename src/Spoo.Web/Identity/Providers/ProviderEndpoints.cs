using System.Diagnostics;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.OpenIdConnect;
using Microsoft.AspNetCore.Identity;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;
using Spoo.Data.Accounts;
using Spoo.Web.Addresses;
using Spoo.Web.Limits;

namespace Spoo.Web.Identity.Providers;

/// <summary>To a provider, and back from it.</summary>
internal sealed class ProviderEndpoints(
    SignInProviders providers, ProviderTickets tickets, ProviderSignIn signIn, UserManager<SpooUser> users, Sessions sessions)
{
    private const string Purpose = "spoo.purpose";
    private const string Session = "spoo.session";
    private const string Return = "spoo.return";
    private const string Invitation = "spoo.invitation";

    public static void Map(WebApplication app)
    {
        app.MapGet("/" + ProviderAddress.StartRoute, (string name, HttpContext http, ProviderEndpoints endpoints) => endpoints.StartAsync(name, http))
            .WithMetadata(new PageLimitAttribute(RateLimits.Settings)).ExcludeFromDescription();
        app.MapGet("/" + ProviderAddress.FinishRoute, (string name, HttpContext http, ProviderEndpoints endpoints) => endpoints.FinishAsync(name, http))
            .WithMetadata(new PageLimitAttribute(RateLimits.Settings)).ExcludeFromDescription();
    }

    private async Task<IResult> StartAsync(string name, HttpContext http)
    {
        if (providers.Find(name) is not { } provider)
        {
            return Results.NotFound();
        }

        var query = http.Request.Query;
        var session = http.User.SessionId();
        var properties = new OpenIdConnectChallengeProperties { RedirectUri = $"{http.Request.PathBase}/{ProviderAddress.Finish(provider.Name)}" };
        Keep(Return, query[ProviderAddress.ReturnParameter]);
        Keep(Invitation, query[ProviderAddress.InvitationParameter]);
        if (query[ProviderAddress.TicketParameter].ToString() is { Length: > 0 } ticket)
        {
            if (tickets.Open(ticket, session) is not { } purpose)
            {
                return Refuse(http, provider.Name, ProviderRefusal.Expired);
            }

            Keep(Purpose, purpose.ToString());
            Keep(Session, session);
            if (purpose == ProviderPurpose.Connect && !await sessions.IsRecentAsync(session, http.RequestAborted))
            {
                return Results.LocalRedirect("~/" + SpooUrls.PasswordAgainThen(SpooUrls.Settings));
            }

            // That there is a session there already proves nothing about who sits at the browser now.
            if (purpose == ProviderPurpose.Confirm)
            {
                (properties.Prompt, properties.MaxAge) = (OpenIdConnectPrompt.Login, TimeSpan.Zero);
            }
        }

        try
        {
            await http.ChallengeAsync(provider.Scheme, properties);
            return Results.Empty;
        }
        catch (Exception exception) when (
            exception is InvalidOperationException or HttpRequestException or OperationCanceledException or OpenIdConnectProtocolException
            && !http.RequestAborted.IsCancellationRequested)
        {
            ProviderHandlers.SayItFailed(http, provider, exception);
            return Refuse(http, provider.Name, ProviderRefusal.Broken);
        }

        void Keep(string key, string? value)
        {
            if (!string.IsNullOrEmpty(value))
            {
                properties.Items[key] = value;
            }
        }
    }

    private async Task<IResult> FinishAsync(string name, HttpContext http)
    {
        if (await ProviderIdentity.ReadAsync(http) is not (var identity, var properties) || identity.Provider != providers.Find(name)?.Name)
        {
            return Refuse(http, name, ProviderRefusal.Expired);
        }

        var (returnUrl, purpose) = (ItemOf(Return), ItemOf(Purpose));
        var outcome = purpose is null
            ? await signIn.SignInAsync(identity, ItemOf(Invitation), http.RequestAborted)
            : await GoOnAsync(Enum.Parse<ProviderPurpose>(purpose));
        if (outcome is not ProviderOutcome.NeedsCode)
        {
            await http.SignOutAsync(IdentityConstants.ExternalScheme);
        }

        switch (outcome)
        {
            case ProviderOutcome.NeedsCode:
                return Results.LocalRedirect("~/" + SpooUrls.LoginCodeThen(returnUrl, remember: false));
            case ProviderOutcome.Refused(var why):
                return Refuse(http, identity.Provider, why);
            case ProviderOutcome.Done(var user):
                if (purpose is null)
                {
                    Preferences.Keep(http, user);
                }

                return Results.LocalRedirect("~/" + (purpose == nameof(ProviderPurpose.Connect) ? SpooUrls.SettingsDone(SpooUrls.ProvidersSection) : ReturnUrls.BelowBase(returnUrl)));
            default:
                throw new UnreachableException();
        }

        async Task<ProviderOutcome> GoOnAsync(ProviderPurpose asked)
        {
            // In the session that it began in, whoever is signed in by now.
            var session = http.User.SessionId();
            return session is null || session != ItemOf(Session) || await users.GetUserAsync(http.User) is not { } user
                ? new ProviderOutcome.Refused(ProviderRefusal.Expired)
                : asked == ProviderPurpose.Connect
                    ? await signIn.ConnectAsync(identity, user)
                    : await signIn.ConfirmAsync(identity, user, session, http.RequestAborted);
        }

        string? ItemOf(string key) => properties.Items.TryGetValue(key, out var value) ? value : null;
    }

    private static IResult Refuse(HttpContext http, string name, ProviderRefusal why) =>
        Results.LocalRedirect("~/" + ProviderAddress.Refused(Uri.EscapeDataString(name), why));
}

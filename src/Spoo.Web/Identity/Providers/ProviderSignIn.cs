using Microsoft.AspNetCore.Identity;
using Spoo.Data;
using Spoo.Data.Accounts;

namespace Spoo.Web.Identity.Providers;

/// <summary>What came of a provider's answer.</summary>
internal abstract record ProviderOutcome
{
    private ProviderOutcome()
    {
    }

    /// <summary>What was to be done is done.</summary>
    public sealed record Done(SpooUser User) : ProviderOutcome;

    /// <summary>The person is who they say; their account asks for a code as well.</summary>
    public sealed record NeedsCode : ProviderOutcome;

    public sealed record Refused(ProviderRefusal Why) : ProviderOutcome;
}

/// <summary>
/// From the person whom a provider knows to the account here. Accounts are connected by issuer and subject. An address connects only where the
/// provider has verified it and this server, too; otherwise whoever claims the address of another person, there or here, would get their account.
/// </summary>
internal sealed partial class ProviderSignIn(
    SignInProviders providers,
    UserManager<SpooUser> users,
    SpooSignIn signIn,
    InvitedSignUp invited,
    Administrators administrators,
    Sessions sessions,
    SecurityLog security,
    TimeProvider clock,
    ILogger<ProviderSignIn> logger)
{
    private const int MaxEmailLength = 254;

    /// <summary>Signs in the person whom the provider knows.</summary>
    /// <param name="invitation">What lets them make an account. Null: nothing.</param>
    public async Task<ProviderOutcome> SignInAsync(ProviderIdentity identity, string? invitation, CancellationToken cancellationToken)
    {
        if (providers.Find(identity.Provider) is not { } provider)
        {
            return new ProviderOutcome.Refused(ProviderRefusal.Expired);
        }

        if (!provider.Allows(identity))
        {
            return new ProviderOutcome.Refused(ProviderRefusal.OtherDomain);
        }

        var (user, why) = await users.FindByLoginAsync(identity.Issuer, identity.Subject) is { } known
            ? (known, default)
            : await ConnectByEmailAsync(provider, identity, invitation);
        if (user is null)
        {
            return new ProviderOutcome.Refused(why);
        }

        if (!await signIn.CanSignInAsync(user))
        {
            return new ProviderOutcome.Refused(ProviderRefusal.Disabled);
        }

        await FollowGroupAsync(provider, identity, user, cancellationToken);
        var result = await signIn.SignInByProviderAsync(user, identity.Issuer);
        return result.RequiresTwoFactor ? new ProviderOutcome.NeedsCode()
            : result.Succeeded ? new ProviderOutcome.Done(user)
            : new ProviderOutcome.Refused(ProviderRefusal.Disabled);
    }

    /// <summary>Lets a person who is signed in sign in with the provider from now on, too.</summary>
    public async Task<ProviderOutcome> ConnectAsync(ProviderIdentity identity, SpooUser user)
    {
        if (providers.Find(identity.Provider) is not { } provider || !provider.Allows(identity))
        {
            return new ProviderOutcome.Refused(ProviderRefusal.OtherDomain);
        }

        if (await users.FindByLoginAsync(identity.Issuer, identity.Subject) is { } other)
        {
            return other.Id == user.Id ? new ProviderOutcome.Done(user) : new ProviderOutcome.Refused(ProviderRefusal.OtherAccount);
        }

        return (await users.GetLoginsAsync(user)).Any(login => login.LoginProvider == identity.Issuer)
            ? new ProviderOutcome.Refused(ProviderRefusal.OtherPerson)
            : (await users.AddLoginAsync(user, LoginOf(identity))).Succeeded ? new ProviderOutcome.Done(user)
            : new ProviderOutcome.Refused(ProviderRefusal.OtherAccount);
    }

    /// <summary>The person who is signed in has proved again who they are, if the provider says so.</summary>
    public async Task<ProviderOutcome> ConfirmAsync(ProviderIdentity identity, SpooUser user, string session, CancellationToken cancellationToken)
    {
        if ((await users.FindByLoginAsync(identity.Issuer, identity.Subject))?.Id != user.Id)
        {
            return new ProviderOutcome.Refused(ProviderRefusal.OtherPerson);
        }

        // It was asked to ask (max_age=0); one that says nothing of when may not have done so.
        if (identity.AuthenticatedAt is not { } at || clock.GetUtcNow() - at > Sessions.Recent)
        {
            return new ProviderOutcome.Refused(ProviderRefusal.NotRecent);
        }

        await sessions.ConfirmAsync(session, cancellationToken);
        await security.RecordAsync(user.Id, SecurityEventKind.ProviderConfirmed, signIn.ClientName, providers.TitleOf(identity.Issuer), cancellationToken);
        return new ProviderOutcome.Done(user);
    }

    private async Task<(SpooUser? User, ProviderRefusal Why)> ConnectByEmailAsync(SignInProvider provider, ProviderIdentity identity, string? invitation)
    {
        if (identity.VerifiedEmail is not { Length: <= MaxEmailLength } email || !new System.ComponentModel.DataAnnotations.EmailAddressAttribute().IsValid(email))
        {
            return (null, ProviderRefusal.NoVerifiedEmail);
        }

        if (await users.FindByEmailAsync(email) is { } user)
        {
            return !user.EmailConfirmed || (await users.GetLoginsAsync(user)).Any(login => login.LoginProvider == identity.Issuer)
                ? (null, user.EmailConfirmed ? ProviderRefusal.OtherPerson : ProviderRefusal.EmailTaken)
                : (await users.AddLoginAsync(user, LoginOf(identity))).Succeeded ? (user, default)
                : (null, ProviderRefusal.OtherAccount);
        }

        if (provider.Options.SignUp == SignUpPolicy.Closed || (provider.Options.SignUp == SignUpPolicy.Invite && invitation is null))
        {
            return (null, ProviderRefusal.NoAccount);
        }

        var made = SpooUser.New(email, clock.GetUtcNow());
        (made.EmailConfirmed, made.DisplayName) = (true, identity.Name);
        var result = await invited.MakeByProviderAsync(provider, invitation, made, LoginOf(identity));
        if (result is { Succeeded: true })
        {
            return (made, default);
        }

        if (result is not null)
        {
            NotMade(logger, provider.Name, string.Join(", ", result.Errors.Select(error => error.Code)));
        }

        return (null, result is null ? ProviderRefusal.Invitation : ProviderRefusal.NoVerifiedEmail);
    }

    /// <summary>Makes an administrator of a person, or an ordinary person of an administrator, as the provider says.</summary>
    private async Task FollowGroupAsync(SignInProvider provider, ProviderIdentity identity, SpooUser user, CancellationToken cancellationToken)
    {
        if (provider.MakesAdministrator(identity) is not { } isOne || isOne == await administrators.HasAsync(user.Id, cancellationToken))
        {
            return;
        }

        var reason = provider.Title;
        if (isOne)
        {
            await administrators.MakeAsync(user.Id, user.Id, reason, cancellationToken);
        }
        else if (await administrators.UnmakeAsync(user.Id, user.Id, reason, cancellationToken) is not null)
        {
            LastStays(logger, provider.Name, user.Id);
        }
    }

    private static UserLoginInfo LoginOf(ProviderIdentity identity) => new(identity.Issuer, identity.Subject, identity.VerifiedEmail);

    [LoggerMessage(LogLevel.Warning, "The provider {Provider} does not count account {UserId} among the administrators any more. It is the last one, and stays it.")]
    private static partial void LastStays(ILogger logger, string provider, string userId);

    [LoggerMessage(LogLevel.Warning, "No account was made for a person of the provider {Provider}: {Reasons}")]
    private static partial void NotMade(ILogger logger, string provider, string reasons);
}

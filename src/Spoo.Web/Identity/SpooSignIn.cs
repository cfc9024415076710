using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;
using Spoo.Data.Accounts;
using Spoo.Web.Identity.Providers;
using Spoo.Web.Limits;

namespace Spoo.Web.Identity;

/// <summary>
/// Signing in and out, with a record of each session. Wrong passwords are counted for the client and the address that they
/// were entered for, whether it has an account or not: strangers do not learn which addresses have one, and cannot lock an owner out.
/// </summary>
internal sealed class SpooSignIn(
    UserManager<SpooUser> users,
    IHttpContextAccessor contexts,
    IUserClaimsPrincipalFactory<SpooUser> claims,
    IOptions<IdentityOptions> options,
    ILogger<SignInManager<SpooUser>> logger,
    IAuthenticationSchemeProvider schemes,
    IUserConfirmation<SpooUser> confirmation,
    IPasswordHasher<SpooUser> hasher,
    Sessions sessions,
    SecurityLog security,
    SignInAttempts attempts,
    SignInProviders providers,
    PasswordDoor passwords)
    : SignInManager<SpooUser>(users, contexts, claims, options, logger, schemes, confirmation)
{
    /// <summary>Of no account, to be compared with where there is none, so that it takes as long.</summary>
    private static string? _hashOfNobody;

    private bool _isRefreshing;

    /// <summary>Of the passkey with which this sign-in is made. Null: with none.</summary>
    private string? _passkey;

    /// <summary>What the browser of the person is called. Null: not known.</summary>
    public string? ClientName => Clients.NameOf(Context);

    public override async Task<SignInResult> PasswordSignInAsync(string userName, string password, bool isPersistent, bool lockoutOnFailure)
    {
        var address = Context.Connection.RemoteIpAddress;
        if (!attempts.IsLeft(userName, address))
        {
            return SignInResult.LockedOut;
        }

        if (!await passwords.IsOpenAsync(Context.RequestAborted))
        {
            return SignInResult.NotAllowed;
        }

        var user = await UserManager.FindByNameAsync(userName);
        if (user?.PasswordHash is null)
        {
            var nobody = SpooUser.New("nobody@example.com", DateTimeOffset.UnixEpoch);
            _hashOfNobody ??= hasher.HashPassword(nobody, "nobody");
            hasher.VerifyHashedPassword(nobody, _hashOfNobody, password);
            attempts.CountWrong(userName, address);
            return SignInResult.Failed;
        }

        var result = await PasswordSignInAsync(user, password, isPersistent, lockoutOnFailure);
        if (result == SignInResult.Failed)
        {
            attempts.CountWrong(userName, address);
            security.RecordUnseen(user.Id, SecurityEventKind.SignInFailed, Clients.NameOf(Context));
        }

        return result;
    }

    /// <summary>Whether it is the password of the signed-in person, whose session then counts as one in which it was just entered.</summary>
    /// <returns>Null: too many were wrong.</returns>
    public async Task<bool?> EnterPasswordAgainAsync(SpooUser user, string password)
    {
        var address = Context.Connection.RemoteIpAddress;
        if (!attempts.IsLeft(user.UserName!, address))
        {
            return null;
        }

        if (!await UserManager.CheckPasswordAsync(user, password))
        {
            attempts.CountWrong(user.UserName!, address);
            security.RecordUnseen(user.Id, SecurityEventKind.SignInFailed, Clients.NameOf(Context));
            return false;
        }

        if (Context.User.SessionId() is { } session)
        {
            await sessions.ConfirmAsync(session, Context.RequestAborted);
        }

        await security.RecordAsync(user.Id, SecurityEventKind.PasswordEntered, Clients.NameOf(Context));
        return true;
    }

    /// <summary>Signs in a person whom a provider knows, or asks for their code as well.</summary>
    public async Task<SignInResult> SignInByProviderAsync(SpooUser user, string issuer) =>
        await CanSignInAsync(user) ? await SignInOrTwoFactorAsync(user, isPersistent: false, loginProvider: issuer) : SignInResult.NotAllowed;

    /// <summary>Signs in the person whose passkey answered. It has made sure of them, so no code is asked for.</summary>
    public async Task<SignInResult> SignInByPasskeyAsync(string? answer)
    {
        if (await AssertAsync(answer) is not { Succeeded: true } assertion || !(await UserManager.AddOrUpdatePasskeyAsync(assertion.User, assertion.Passkey)).Succeeded)
        {
            return SignInResult.Failed;
        }

        _passkey = assertion.Passkey.Name;
        return await CanSignInAsync(assertion.User)
            ? await SignInOrTwoFactorAsync(assertion.User, isPersistent: false, bypassTwoFactor: true)
            : SignInResult.NotAllowed;
    }

    /// <summary>Whether a passkey of the signed-in person answered, whose session then counts as one in which they have just proved who they are.</summary>
    public async Task<bool> ConfirmByPasskeyAsync(SpooUser user, string? answer)
    {
        if (await AssertAsync(answer) is not { Succeeded: true } assertion || assertion.User.Id != user.Id || Context.User.SessionId() is not { } session)
        {
            return false;
        }

        await UserManager.AddOrUpdatePasskeyAsync(assertion.User, assertion.Passkey);
        await sessions.ConfirmAsync(session, Context.RequestAborted);
        await security.RecordAsync(user.Id, SecurityEventKind.PasskeyConfirmed, ClientName, assertion.Passkey.Name);
        return true;
    }

    /// <summary>Gives a person the passkey that their device has just made. False: it has not.</summary>
    public async Task<bool> AddPasskeyAsync(SpooUser user, string? answer)
    {
        if (string.IsNullOrEmpty(answer))
        {
            return false;
        }

        PasskeyAttestationResult attestation;
        try
        {
            attestation = await PerformPasskeyAttestationAsync(answer);
        }
        catch (InvalidOperationException)
        {
            // It was asked for too long ago, or not here.
            return false;
        }

        if (!attestation.Succeeded || attestation.UserEntity.Id != user.Id || await UserManager.FindByPasskeyIdAsync(attestation.Passkey.CredentialId) is not null)
        {
            return false;
        }

        attestation.Passkey.Name = ClientName ?? "Passkey";
        if (!(await UserManager.AddOrUpdatePasskeyAsync(user, attestation.Passkey)).Succeeded)
        {
            return false;
        }

        await security.RecordAsync(user.Id, SecurityEventKind.PasskeyAdded, ClientName, attestation.Passkey.Name);
        return true;
    }

    private async Task<PasskeyAssertionResult<SpooUser>?> AssertAsync(string? answer)
    {
        try
        {
            return string.IsNullOrEmpty(answer) ? null : await PerformPasskeyAssertionAsync(answer);
        }
        catch (InvalidOperationException)
        {
            // It was asked for too long ago, or not here.
            return null;
        }
    }

    /// <summary>Signs in a person for whom the operator vouches, or asks for their code as well.</summary>
    public async Task<SignInResult> SignInVouchedForAsync(SpooUser user) =>
        await CanSignInAsync(user) ? await SignInOrTwoFactorAsync(user, isPersistent: false) : SignInResult.NotAllowed;

    public override async Task<bool> CanSignInAsync(SpooUser user) => user.DisabledAt is null && await base.CanSignInAsync(user);

    // The framework would lock the account, for its owner too.
    public override async Task<SignInResult> CheckPasswordSignInAsync(SpooUser user, string password, bool lockoutOnFailure) =>
        !await UserManager.CheckPasswordAsync(user, password) ? SignInResult.Failed
        : await CanSignInAsync(user) ? SignInResult.Success
        : SignInResult.NotAllowed;

    public override async Task<SignInResult> TwoFactorAuthenticatorSignInAsync(string code, bool isPersistent, bool rememberClient)
    {
        var user = await GetTwoFactorAuthenticationUserAsync();
        var result = await base.TwoFactorAuthenticatorSignInAsync(code, isPersistent, rememberClient);
        if (user is not null && !result.Succeeded)
        {
            await security.RecordAsync(user.Id, SecurityEventKind.CodeFailed, Clients.NameOf(Context));
        }

        return result;
    }

    public override async Task SignInWithClaimsAsync(SpooUser user, AuthenticationProperties? authenticationProperties, IEnumerable<Claim> additionalClaims)
    {
        if (user.DisabledAt is not null)
        {
            // However they got here: a person who is kept out is not signed in.
            return;
        }

        var session = Context.User.SessionId();
        var provider = Context.User.FindFirstValue(Viewers.ProviderClaim);
        var claims = additionalClaims.ToList();
        if (!_isRefreshing || session is null)
        {
            // A new sign-in begins anew: nothing of what was known before opens the new session.
            await EndCurrentAsync();
            var known = await ProviderOfAsync(claims, authenticationProperties);
            provider = known?.Provider;
            session = (await sessions.BeginAsync(user.Id, ClientName, known?.AuthenticatedAt, CancellationToken.None)).Id;
            await security.RecordAsync(user.Id, SecurityEventKind.SignedIn, ClientName, _passkey ?? providers.Find(provider)?.Title);
        }

        claims.Add(new Claim(Viewers.SessionClaim, session));
        if (provider is not null)
        {
            claims.Add(new Claim(Viewers.ProviderClaim, provider));
        }

        await base.SignInWithClaimsAsync(user, authenticationProperties, claims);
    }

    /// <summary>Whom the provider knows with which this sign-in was made; its token goes into the cookie, to sign out there one day. Null: it was made without one.</summary>
    private async Task<ProviderIdentity?> ProviderOfAsync(List<Claim> claims, AuthenticationProperties? properties)
    {
        var issuer = claims.Find(claim => claim.Type == ClaimTypes.AuthenticationMethod)?.Value;
        if (issuer is null || await ProviderIdentity.ReadAsync(Context) is not (var identity, var said) || identity.Issuer != issuer)
        {
            return null;
        }

        if (properties is not null && said.GetTokenValue(ProviderHandlers.IdToken) is { } token)
        {
            properties.StoreTokens([new AuthenticationToken { Name = ProviderHandlers.IdToken, Value = token }]);
        }

        return identity;
    }

    public override async Task RefreshSignInAsync(SpooUser user)
    {
        _isRefreshing = true;
        try
        {
            await base.RefreshSignInAsync(user);
        }
        finally
        {
            _isRefreshing = false;
        }
    }

    public override async Task SignOutAsync()
    {
        if (await EndCurrentAsync() is { } userId)
        {
            await security.RecordAsync(userId, SecurityEventKind.SignedOut, Clients.NameOf(Context));
        }

        await base.SignOutAsync();
    }

    /// <summary>Whose session it was that has just ended. Null: there was none.</summary>
    private async Task<string?> EndCurrentAsync() =>
        Context.User.SessionId() is { } session && Context.User.Viewer().UserId is { } userId
        && await sessions.EndAsync(userId, session, CancellationToken.None) ? userId : null;
}

using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;
using Spoo.Data.Accounts;
using Spoo.Web.Identity.Providers;

namespace Spoo.Web.Identity;

/// <summary>The framework's accounts, with what changes their safety written down, and with recovery codes that cannot be tried out.</summary>
internal sealed class SpooUsers(
    IUserStore<SpooUser> store,
    IOptions<IdentityOptions> options,
    IPasswordHasher<SpooUser> hasher,
    IEnumerable<IUserValidator<SpooUser>> userValidators,
    IEnumerable<IPasswordValidator<SpooUser>> passwordValidators,
    ILookupNormalizer normalizer,
    IdentityErrorDescriber errors,
    IServiceProvider services,
    ILogger<UserManager<SpooUser>> logger,
    IHttpContextAccessor contexts,
    Sessions sessions,
    SecurityLog security,
    AccountOptions accounts,
    SignInProviders providers)
    : UserManager<SpooUser>(store, options, hasher, userValidators, passwordValidators, normalizer, errors, services, logger)
{
    public override async Task<IdentityResult> CreateAsync(SpooUser user)
    {
        user.RetentionDays ??= accounts.RetentionDays;
        return await RecordAsync(await base.CreateAsync(user), user, SecurityEventKind.AccountMade);
    }

    public override async Task<IdentityResult> AddLoginAsync(SpooUser user, UserLoginInfo login) =>
        await RecordAsync(await base.AddLoginAsync(user, login), user, SecurityEventKind.ProviderConnected, providers.TitleOf(login.LoginProvider));

    public override async Task<IdentityResult> RemoveLoginAsync(SpooUser user, string loginProvider, string providerKey) =>
        await RecordAsync(await base.RemoveLoginAsync(user, loginProvider, providerKey), user, SecurityEventKind.ProviderDisconnected, providers.TitleOf(loginProvider));

    public override async Task<IdentityResult> AddPasswordAsync(SpooUser user, string password) =>
        await RecordAsync(await base.AddPasswordAsync(user, password), user, SecurityEventKind.PasswordChanged);

    public override async Task<IdentityResult> ChangePasswordAsync(SpooUser user, string currentPassword, string newPassword)
    {
        var result = await base.ChangePasswordAsync(user, currentPassword, newPassword);
        if (result.Succeeded)
        {
            // The person who changes it stays signed in where they are, and nowhere else.
            await sessions.EndOthersAsync(user.Id, contexts.HttpContext?.User.SessionId(), CancellationToken.None);
        }

        return await RecordAsync(result, user, SecurityEventKind.PasswordChanged);
    }

    public override async Task<IdentityResult> ResetPasswordAsync(SpooUser user, string token, string newPassword)
    {
        var result = await base.ResetPasswordAsync(user, token, newPassword);
        if (result.Succeeded)
        {
            await sessions.EndOthersAsync(user.Id, null, CancellationToken.None);
        }

        return await RecordAsync(result, user, SecurityEventKind.PasswordReset);
    }

    public override async Task<IdentityResult> SetTwoFactorEnabledAsync(SpooUser user, bool enabled) =>
        await RecordAsync(await base.SetTwoFactorEnabledAsync(user, enabled), user, enabled ? SecurityEventKind.TwoFactorOn : SecurityEventKind.TwoFactorOff);

    public override async Task<IEnumerable<string>?> GenerateNewTwoFactorRecoveryCodesAsync(SpooUser user, int number)
    {
        var codes = await base.GenerateNewTwoFactorRecoveryCodesAsync(user, number);
        await RecordAsync(IdentityResult.Success, user, SecurityEventKind.RecoveryCodesMade);
        return codes;
    }

    public override async Task<IdentityResult> RedeemTwoFactorRecoveryCodeAsync(SpooUser user, string code)
    {
        var result = await base.RedeemTwoFactorRecoveryCodeAsync(user, code);
        return await RecordAsync(result, user, SecurityEventKind.RecoveryCodeUsed);
    }

    protected override string CreateTwoFactorRecoveryCode() => RecoveryCodes.New();

    private async Task<IdentityResult> RecordAsync(IdentityResult result, SpooUser user, SecurityEventKind kind, string? detail = null)
    {
        // In a transaction it has not happened yet; the code that began it writes it down.
        if (result.Succeeded && Store is not SpooUserStore { Context.Database.CurrentTransaction: not null })
        {
            await security.RecordAsync(user.Id, kind, Clients.NameOf(contexts.HttpContext), detail);
        }

        return result;
    }
}

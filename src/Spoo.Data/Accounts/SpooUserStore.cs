using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Identity.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore;
using Spoo.Data.Database;

namespace Spoo.Data.Accounts;

/// <summary>The framework's store of accounts, which would keep recovery codes as they are, and passkeys in a table with a column of JSON.</summary>
public sealed class SpooUserStore(SpooDbContext context, IdentityErrorDescriber describer, TimeProvider clock)
    : UserStore<SpooUser, IdentityRole, SpooDbContext>(context, describer)
{
    // The framework's own names for where the codes are.
    private const string Provider = "[AspNetUserStore]";
    private const string TokenName = "RecoveryCodes";

    public override Task ReplaceCodesAsync(SpooUser user, IEnumerable<string> recoveryCodes, CancellationToken cancellationToken) =>
        base.ReplaceCodesAsync(user, recoveryCodes.Select(code => RecoveryCodes.IsHash(code) ? code : RecoveryCodes.Hash(code)), cancellationToken);

    public override async Task<bool> RedeemCodeAsync(SpooUser user, string code, CancellationToken cancellationToken)
    {
        var kept = (await GetTokenAsync(user, Provider, TokenName, cancellationToken) ?? "").Split(';', StringSplitOptions.RemoveEmptyEntries);
        var rest = kept.Where(one => !RecoveryCodes.Matches(one, code)).ToList();
        if (rest.Count == kept.Length)
        {
            return false;
        }

        await ReplaceCodesAsync(user, rest, cancellationToken);
        return true;
    }

    /// <summary>Hashes what an earlier version kept as it was.</summary>
    public static async Task HashCodesAsync(SpooDbContext context, CancellationToken cancellationToken)
    {
        var tokens = await context.UserTokens
            .Where(token => token.LoginProvider == Provider && token.Name == TokenName && token.Value != null && token.Value != "")
            .ToListAsync(cancellationToken);
        foreach (var token in tokens)
        {
            var codes = token.Value!.Split(';', StringSplitOptions.RemoveEmptyEntries);
            if (!codes.All(RecoveryCodes.IsHash))
            {
                token.Value = string.Join(';', codes.Select(code => RecoveryCodes.IsHash(code) ? code : RecoveryCodes.Hash(code)));
            }
        }

        await context.SaveChangesAsync(cancellationToken);
    }

    private DbSet<UserPasskey> Passkeys => Context.Passkeys;

    /// <summary>Stores a new passkey, or what changed about one by using it.</summary>
    public override async Task AddOrUpdatePasskeyAsync(SpooUser user, UserPasskeyInfo passkey, CancellationToken cancellationToken)
    {
        var id = UserPasskey.IdOf(passkey.CredentialId);
        if (await Passkeys.SingleOrDefaultAsync(row => row.Id == id && row.UserId == user.Id, cancellationToken) is { } known)
        {
            (known.SignCount, known.IsUserVerified, known.IsBackedUp, known.LastUsedAt) =
                (passkey.SignCount, passkey.IsUserVerified, passkey.IsBackedUp, clock.GetUtcNow());
            return;
        }

        Passkeys.Add(new UserPasskey
        {
            Id = id,
            UserId = user.Id,
            CredentialId = passkey.CredentialId,
            PublicKey = passkey.PublicKey,
            Name = passkey.Name ?? "",
            CreatedAt = passkey.CreatedAt,
            SignCount = passkey.SignCount,
            Transports = passkey.Transports is { Length: > 0 } transports ? string.Join(',', transports) : null,
            IsUserVerified = passkey.IsUserVerified,
            IsBackupEligible = passkey.IsBackupEligible,
            IsBackedUp = passkey.IsBackedUp,
        });
    }

    public override async Task<IList<UserPasskeyInfo>> GetPasskeysAsync(SpooUser user, CancellationToken cancellationToken) =>
        (await Passkeys.AsNoTracking().Where(row => row.UserId == user.Id).ToListAsync(cancellationToken)).ConvertAll(InfoOf);

    public override async Task<SpooUser?> FindByPasskeyIdAsync(byte[] credentialId, CancellationToken cancellationToken)
    {
        var id = UserPasskey.IdOf(credentialId);
        return await Passkeys.AsNoTracking().SingleOrDefaultAsync(row => row.Id == id, cancellationToken) is { } known
            ? await FindByIdAsync(known.UserId, cancellationToken)
            : null;
    }

    public override async Task<UserPasskeyInfo?> FindPasskeyAsync(SpooUser user, byte[] credentialId, CancellationToken cancellationToken)
    {
        var id = UserPasskey.IdOf(credentialId);
        return await Passkeys.AsNoTracking().SingleOrDefaultAsync(row => row.Id == id && row.UserId == user.Id, cancellationToken) is { } known ? InfoOf(known) : null;
    }

    public override Task RemovePasskeyAsync(SpooUser user, byte[] credentialId, CancellationToken cancellationToken)
    {
        var id = UserPasskey.IdOf(credentialId);
        return Passkeys.Where(row => row.Id == id && row.UserId == user.Id).ExecuteDeleteAsync(cancellationToken);
    }

    // What the device said of itself when the passkey was made is looked at then, and not kept.
    private static UserPasskeyInfo InfoOf(UserPasskey passkey) => new(
        passkey.CredentialId, passkey.PublicKey, passkey.CreatedAt, (uint)passkey.SignCount, passkey.Transports?.Split(','),
        passkey.IsUserVerified, passkey.IsBackupEligible, passkey.IsBackedUp, [], [])
    {
        Name = passkey.Name,
    };
}

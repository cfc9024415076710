using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Identity.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore;
using Spoo.Data.Database;

namespace Spoo.Data.Accounts;

/// <summary>The framework's store of accounts, which would keep recovery codes as they are.</summary>
public sealed class SpooUserStore(SpooDbContext context, IdentityErrorDescriber describer)
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
}

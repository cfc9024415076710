using System.Security.Cryptography;
using Microsoft.EntityFrameworkCore;

namespace Spoo.Data.Database;

/// <summary>
/// A random value in the database that changes whenever something is done to stored clicks that otherwise never happens, such as
/// judging their User-Agents anew or restoring a backup. A cache of something made from clicks, in memory or in a file, keeps the
/// epoch with it and makes it again when the database has another one. Being random, it also tells databases apart.
/// </summary>
public static class ClickEpoch
{
    private const int Bytes = 32;
    private const string OfOwner = "owner";

    /// <summary>In hexadecimal digits; empty in a database that has none yet. With it, by which it is known, the database's identity.</summary>
    public static async Task<(string Epoch, string? Identity)> OfAsync(SpooDbContext context, CancellationToken cancellationToken)
    {
        var values = await context.InstallationSecrets.AsNoTracking()
            .Where(secret => secret.Name == InstallationSecret.ClickEpoch || secret.Name == InstallationSecret.Database)
            .ToDictionaryAsync(secret => secret.Name, secret => Convert.ToHexStringLower(secret.Value), cancellationToken);
        return (values.GetValueOrDefault(InstallationSecret.ClickEpoch, ""), values.GetValueOrDefault(InstallationSecret.Database));
    }

    /// <summary>
    /// The epoch of the clicks of one account, which also is another one after links with clicks have come to the account or left it: what is
    /// made from the clicks of other accounts stays as it is.
    /// </summary>
    /// <param name="ownerId">Null: clicks on links that were made without an account. Who claims one of those takes its clicks along; what is left needs no new epoch, because nobody asks for all of it.</param>
    public static async Task<(string Epoch, string? Identity)> OfAsync(SpooDbContext context, string? ownerId, CancellationToken cancellationToken)
    {
        var values = await context.InstallationSecrets.AsNoTracking()
            .Where(secret => secret.Name == InstallationSecret.ClickEpoch || secret.Name == InstallationSecret.Database)
            .Select(secret => new { secret.Name, Value = (byte[]?)secret.Value })
            .Concat(context.Users.Where(user => user.Id == ownerId).Select(user => new { Name = OfOwner, Value = user.ClickEpoch }))
            .ToDictionaryAsync(value => value.Name, value => value.Value is null ? null : Convert.ToHexStringLower(value.Value), cancellationToken);
        return (values.GetValueOrDefault(InstallationSecret.ClickEpoch, "") + values.GetValueOrDefault(OfOwner), values.GetValueOrDefault(InstallationSecret.Database));
    }

    /// <summary>Begins a new epoch. To be done in the transaction that changes the clicks, or after it.</summary>
    public static async Task RenewAsync(SpooDbContext context, CancellationToken cancellationToken)
    {
        var value = RandomNumberGenerator.GetBytes(Bytes);
        await context.InstallationSecrets
            .Where(secret => secret.Name == InstallationSecret.ClickEpoch)
            .ExecuteUpdateAsync(set => set.SetProperty(secret => secret.Value, value), cancellationToken);
    }

    /// <summary>Begins a new epoch of these accounts. To be done in the transaction in which links change hands.</summary>
    public static async Task RenewAsync(SpooDbContext context, IReadOnlyCollection<string> ownerIds, CancellationToken cancellationToken)
    {
        var value = RandomNumberGenerator.GetBytes(Bytes);
        await context.Users.Where(user => ownerIds.Contains(user.Id)).ExecuteUpdateAsync(set => set.SetProperty(user => user.ClickEpoch, value), cancellationToken);
    }
}

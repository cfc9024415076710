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

    /// <summary>In hexadecimal digits; empty in a database that has none yet. With it, by which it is known, the database's identity.</summary>
    public static async Task<(string Epoch, string? Identity)> OfAsync(SpooDbContext context, CancellationToken cancellationToken)
    {
        var values = await context.InstallationSecrets.AsNoTracking()
            .Where(secret => secret.Name == InstallationSecret.ClickEpoch || secret.Name == InstallationSecret.Database)
            .ToDictionaryAsync(secret => secret.Name, secret => Convert.ToHexStringLower(secret.Value), cancellationToken);
        return (values.GetValueOrDefault(InstallationSecret.ClickEpoch, ""), values.GetValueOrDefault(InstallationSecret.Database));
    }

    /// <summary>Begins a new epoch. To be done in the transaction that changes the clicks, or after it.</summary>
    public static async Task RenewAsync(SpooDbContext context, CancellationToken cancellationToken)
    {
        var value = RandomNumberGenerator.GetBytes(Bytes);
        await context.InstallationSecrets
            .Where(secret => secret.Name == InstallationSecret.ClickEpoch)
            .ExecuteUpdateAsync(set => set.SetProperty(secret => secret.Value, value), cancellationToken);
    }
}

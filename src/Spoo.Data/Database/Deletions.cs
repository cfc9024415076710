using System.Security.Cryptography;
using Microsoft.EntityFrameworkCore;

namespace Spoo.Data.Database;

/// <summary>
/// A random value in the database that changes whenever links or clicks are deleted, so that every node knows that there is something to
/// clear up: what only they referred to, and what was made from them. A second one says up to which deletion the database itself is cleared up.
/// </summary>
/// <remarks>
/// A transaction that stores clicks holds the second value until its end, and one that clears up changes it first. So entries that clicks
/// share are removed while no transaction is about to refer to them, and a writer that remembers which are there is told to forget it.
/// </remarks>
internal static class Deletions
{
    private const int Bytes = 32;

    /// <summary>In hexadecimal digits. Both are the same where nothing has been deleted since.</summary>
    public static async Task<(string Last, string ClearedUp)> OfAsync(SpooDbContext context, CancellationToken cancellationToken)
    {
        var values = await context.InstallationSecrets.AsNoTracking()
            .Where(secret => secret.Name == InstallationSecret.Deletions || secret.Name == InstallationSecret.ClearedUp)
            .ToDictionaryAsync(secret => secret.Name, secret => Convert.ToHexStringLower(secret.Value), cancellationToken);
        return (values.GetValueOrDefault(InstallationSecret.Deletions, ""), values.GetValueOrDefault(InstallationSecret.ClearedUp, ""));
    }

    /// <summary>Says that something has been deleted. To be done in the transaction that deletes it.</summary>
    public static Task NoteDeletionAsync(this SpooDbContext context, CancellationToken cancellationToken) =>
        SetAsync(context, InstallationSecret.Deletions, RandomNumberGenerator.GetBytes(Bytes), cancellationToken);

    /// <summary>Holds, until the end of the transaction, the entries that clicks share.</summary>
    /// <returns>A value that is another one after some of them have been removed.</returns>
    public static async Task<string> HoldEntriesAsync(this SpooDbContext context, CancellationToken cancellationToken)
    {
        // In SQLite nothing needs to be held: only one can write at a time.
        var secrets = context.Database.IsSqlServer() ? context.InstallationSecrets.FromSqlRaw(TransactSql.SecretsToHold)
            : context.Database.IsNpgsql() ? context.InstallationSecrets.FromSql($"""SELECT * FROM "InstallationSecrets" WHERE "Name" = {InstallationSecret.ClearedUp} FOR SHARE""")
            : context.InstallationSecrets;
        var value = await secrets.AsNoTracking().Where(secret => secret.Name == InstallationSecret.ClearedUp).Select(secret => secret.Value).SingleOrDefaultAsync(cancellationToken);
        return value is null ? "" : Convert.ToHexStringLower(value);
    }

    /// <summary>Keeps all writers from referring to entries until the end of the transaction.</summary>
    /// <param name="upTo">The deletion up to which everything is cleared up by then. Null: there is more to be done.</param>
    public static Task TakeEntriesAsync(this SpooDbContext context, string? upTo, CancellationToken cancellationToken) =>
        SetAsync(context, InstallationSecret.ClearedUp, upTo is null ? RandomNumberGenerator.GetBytes(Bytes) : Convert.FromHexString(upTo), cancellationToken);

    private static Task<int> SetAsync(SpooDbContext context, string name, byte[] value, CancellationToken cancellationToken) =>
        context.InstallationSecrets.Where(secret => secret.Name == name)
            .ExecuteUpdateAsync(set => set.SetProperty(secret => secret.Value, value), cancellationToken);
}

using System.Security.Cryptography;
using Microsoft.EntityFrameworkCore;

namespace Spoo.Data.Database;

/// <summary>
/// A random value in the database that changes whenever something is done to stored clicks that otherwise never happens, such as
/// judging their User-Agents anew or restoring a backup. A cache of something made from clicks, in memory or in a file, keeps the
/// epoch with it and makes it again when the database has another one. Being random, it also tells databases apart.
/// </summary>
/// <remarks>
/// What is done to the clicks of some accounts alone, such as deleting them for their age, gives those accounts another value of their own, so that what is
/// made from the clicks of others stays as it is. A third value changes with every such deletion, for what is made from the clicks of all.
/// </remarks>
public static class ClickEpoch
{
    private const int Bytes = 32;
    private const string OfOwner = "owner";

    /// <summary>In hexadecimal digits; empty in a database that has none yet. With it, by which it is known, the database's identity.</summary>
    public static async Task<(string Epoch, string? Identity)> OfAsync(SpooDbContext context, CancellationToken cancellationToken)
    {
        var values = await ReadAsync(Of(context, InstallationSecret.ClickEpoch), cancellationToken);
        return (values.GetValueOrDefault(InstallationSecret.ClickEpoch, ""), values.GetValueOrDefault(InstallationSecret.Database));
    }

    /// <summary>The epoch of what is made from the clicks of all accounts together.</summary>
    public static async Task<EpochOfAll> OfAllAsync(SpooDbContext context, CancellationToken cancellationToken)
    {
        var values = await ReadAsync(Of(context, InstallationSecret.ClickEpoch, InstallationSecret.RemovedClicks), cancellationToken);
        return new(
            values.GetValueOrDefault(InstallationSecret.ClickEpoch, ""),
            values.GetValueOrDefault(InstallationSecret.RemovedClicks, ""),
            values.GetValueOrDefault(InstallationSecret.Database));
    }

    /// <summary>The epoch of what is made from the clicks of one account.</summary>
    /// <param name="ownerId">
    /// Null: clicks on links that were made without an account. Who claims one of those takes its clicks along, and what is left needs no new
    /// epoch, because nobody asks for all of it.
    /// </param>
    public static async Task<(string Epoch, string? Identity)> OfOwnerAsync(SpooDbContext context, string? ownerId, CancellationToken cancellationToken)
    {
        var values = await ReadAsync(
            Of(context, InstallationSecret.ClickEpoch).Concat(context.Users.Where(user => user.Id == ownerId && user.ClickEpoch != null).Select(user => new Value { Name = OfOwner, Bytes = user.ClickEpoch! })),
            cancellationToken);
        return (values.GetValueOrDefault(InstallationSecret.ClickEpoch, "") + values.GetValueOrDefault(OfOwner), values.GetValueOrDefault(InstallationSecret.Database));
    }

    /// <summary>Begins a new epoch. To be done in the transaction that changes the clicks, or after it.</summary>
    public static Task RenewAsync(SpooDbContext context, CancellationToken cancellationToken) => RenewAsync(context, InstallationSecret.ClickEpoch, cancellationToken);

    /// <summary>Begins a new epoch of accounts whose links change hands. To be done in the transaction in which they do.</summary>
    public static Task RenewOfOwnersAsync(SpooDbContext context, IReadOnlyCollection<string> ownerIds, CancellationToken cancellationToken)
    {
        var value = RandomNumberGenerator.GetBytes(Bytes);
        return context.Users.Where(user => ownerIds.Contains(user.Id)).ExecuteUpdateAsync(set => set.SetProperty(user => user.ClickEpoch, value), cancellationToken);
    }

    /// <summary>Begins a new epoch of an account of which clicks are removed while their links stay. To be done in the transaction that removes them.</summary>
    /// <param name="ownerId">Null: the clicks may be anybody's.</param>
    public static async Task NoteRemovalAsync(SpooDbContext context, string? ownerId, CancellationToken cancellationToken)
    {
        if (ownerId is null)
        {
            await RenewAsync(context, cancellationToken);
            return;
        }

        await RenewOfOwnersAsync(context, [ownerId], cancellationToken);
        await RenewAsync(context, InstallationSecret.RemovedClicks, cancellationToken);
    }

    private static IQueryable<Value> Of(SpooDbContext context, params string[] names)
    {
        string[] read = [.. names, InstallationSecret.Database];
        return context.InstallationSecrets.AsNoTracking().Where(secret => read.Contains(secret.Name)).Select(secret => new Value { Name = secret.Name, Bytes = secret.Value });
    }

    private static Task<Dictionary<string, string>> ReadAsync(IQueryable<Value> values, CancellationToken cancellationToken) =>
        values.ToDictionaryAsync(value => value.Name, value => Convert.ToHexStringLower(value.Bytes), cancellationToken);

    private static async Task RenewAsync(SpooDbContext context, string name, CancellationToken cancellationToken)
    {
        var value = RandomNumberGenerator.GetBytes(Bytes);
        await context.InstallationSecrets.Where(secret => secret.Name == name).ExecuteUpdateAsync(set => set.SetProperty(secret => secret.Value, value), cancellationToken);
    }

    private sealed record Value
    {
        public required string Name { get; init; }

        public required byte[] Bytes { get; init; }
    }
}

/// <summary>The epoch of what is made from the clicks of all accounts together, in hexadecimal digits; empty in a database that has none yet.</summary>
/// <param name="Clicks">Another one after anything may have been done to stored clicks.</param>
/// <param name="Removals">Another one after clicks were removed. As long as <paramref name="Clicks"/> is the same, nothing else was done to them.</param>
/// <param name="Identity">By which the database is known.</param>
public readonly record struct EpochOfAll(string Clicks, string Removals, string? Identity);

using System.Security.Cryptography;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Spoo.Data.Database;

/// <summary>
/// A random value that belongs to the database, and so to every node that stores into it. Most are no secrets by now.
/// </summary>
public sealed class InstallationSecret : IEntityTypeConfiguration<InstallationSecret>
{
    /// <summary>The key behind <see cref="Clicks.VisitorHash"/>, as earlier versions have it here. It has moved into the folder of keys.</summary>
    public const string FormerVisitors = "visitors";

    /// <summary>No secret: by which the database knows the key that its visitors are told apart with.</summary>
    public const string VisitorKey = "visitor-key";

    /// <summary>The value behind <see cref="Clicks.ClickEpoch"/>.</summary>
    public const string ClickEpoch = "click-epoch";

    /// <summary>No secret: another one whenever clicks of some accounts are removed; see <see cref="Clicks.ClickEpoch"/>.</summary>
    public const string RemovedClicks = "removed-clicks";

    /// <summary>No secret: the value behind <see cref="Deletions"/>.</summary>
    public const string Deletions = "deletions";

    /// <summary>No secret: up to which of the <see cref="Deletions"/> has been cleared away what no click refers to any more.</summary>
    public const string ClearedUp = "cleared-up";

    /// <summary>No secret: by what a node tells its database from every other one. A copy of a database has it, too.</summary>
    public const string Database = "database";

    /// <summary>What is asked for at the first run; gone when there is an administrator.</summary>
    public const string Setup = "setup";

    public required string Name { get; init; }

    public required byte[] Value { get; init; }

    public static InstallationSecret New(string name) => new() { Name = name, Value = RandomNumberGenerator.GetBytes(32) };

    /// <summary>The one of this name that the database has, or this one from now on.</summary>
    /// <exception cref="System.Data.Common.DbException">The database does not answer.</exception>
    internal static async Task<InstallationSecret> FindOrAddAsync(SpooDbContext context, InstallationSecret otherwise, CancellationToken cancellationToken)
    {
        var secret = await context.InstallationSecrets.FindAsync([otherwise.Name], cancellationToken);
        if (secret is not null)
        {
            return secret;
        }

        context.InstallationSecrets.Add(otherwise);
        try
        {
            await context.SaveChangesAsync(cancellationToken);
            return otherwise;
        }
        catch (DbUpdateException)
        {
            // Another node was quicker; its secret is that of all nodes.
            context.ChangeTracker.Clear();
            return await context.InstallationSecrets.SingleAsync(other => other.Name == otherwise.Name, cancellationToken);
        }
    }

    public void Configure(EntityTypeBuilder<InstallationSecret> builder)
    {
        builder.ToTable("InstallationSecrets");
        builder.HasKey(secret => secret.Name);
        builder.Property(secret => secret.Name).HasMaxLength(50).IsUnicode(false);
        builder.Property(secret => secret.Value).HasMaxLength(64);
    }
}

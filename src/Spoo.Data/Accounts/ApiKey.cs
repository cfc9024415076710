using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Spoo.Data.Accounts;

/// <summary>A program's permission to act for a user. The token itself is shown once and never stored.</summary>
public sealed class ApiKey : IEntityTypeConfiguration<ApiKey>
{
    public const string TokenStart = "spoo_";
    public const int MaxNameLength = 255;
    public const int MaxDescriptionLength = 1000;

    private const int SecretBytes = 32;
    private const int PrefixLength = 8;

    public required string Id { get; init; }

    public required string OwnerId { get; init; }

    public required string Name { get; init; }

    public string? Description { get; init; }

    /// <summary>Entries of <see cref="ApiKeyScope.All"/>; never empty.</summary>
    public required IReadOnlyList<string> Scopes { get; init; }

    /// <summary>SHA-256, in lower-case hexadecimal, of the token without <see cref="TokenStart"/>.</summary>
    public required string TokenHash { get; init; }

    /// <summary>The first characters of the secret, kept so that its owner can tell keys apart.</summary>
    public required string TokenPrefix { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>Null: does not expire.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>Null: not revoked.</summary>
    public DateTimeOffset? RevokedAt { get; set; }

    /// <summary>When the key last opened a door, to the minute. Null: never.</summary>
    public DateTimeOffset? LastUsedAt { get; set; }

    public bool IsLive(DateTimeOffset now) => RevokedAt is null && (ExpiresAt is null || ExpiresAt > now);

    /// <summary>A new token: <see cref="TokenStart"/> and 43 characters of base64url.</summary>
    public static string NewToken() => TokenStart + Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(SecretBytes));

    public static string HashOf(string token) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(token[TokenStart.Length..])));

    public static string PrefixOf(string token) => token.Substring(TokenStart.Length, PrefixLength);

    public void Configure(EntityTypeBuilder<ApiKey> builder)
    {
        builder.ToTable("ApiKeys");
        builder.Property(key => key.Id).HasMaxLength(PublicId.Length).IsUnicode(false);
        builder.Property(key => key.Name).HasMaxLength(MaxNameLength);
        builder.Property(key => key.Description).HasMaxLength(MaxDescriptionLength);
        builder.Property(key => key.Scopes).HasConversion(
            scopes => string.Join(' ', scopes),
            text => text.Split(' ', StringSplitOptions.RemoveEmptyEntries),
            new Microsoft.EntityFrameworkCore.ChangeTracking.ValueComparer<IReadOnlyList<string>>(
                (left, right) => left!.SequenceEqual(right!), scopes => scopes.Count, scopes => scopes)).HasMaxLength(500);
        builder.Property(key => key.TokenHash).HasMaxLength(64).IsUnicode(false);
        builder.Property(key => key.TokenPrefix).HasMaxLength(PrefixLength).IsUnicode(false);
        builder.HasIndex(key => key.TokenHash).IsUnique();
        builder.HasOne<SpooUser>().WithMany().HasForeignKey(key => key.OwnerId).OnDelete(DeleteBehavior.Cascade);
    }
}

using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Spoo.Data.Accounts;

/// <summary>A link with which one person makes one account, also where sign-up is not open. What it says is kept as a hash.</summary>
public sealed class Invitation : IEntityTypeConfiguration<Invitation>
{
    public const int DefaultDays = 7;
    public const int MaxDays = 90;
    public const int MaxEmailLength = 256;

    private const int TokenBytes = 24;
    private const int HashLength = 64;

    public required string Id { get; init; }

    /// <summary>SHA-256 of the token, in hexadecimal.</summary>
    public required string TokenHash { get; init; }

    /// <summary>The only person it is for. Null: it is for any person who has it.</summary>
    public string? Email { get; init; }

    /// <summary>Whether the account looks after the server, too.</summary>
    public bool MakesAdministrator { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>Null: made on the command line.</summary>
    public string? CreatedById { get; init; }

    public required DateTimeOffset ExpiresAt { get; init; }

    /// <summary>Null: it has not been used.</summary>
    public DateTimeOffset? UsedAt { get; set; }

    public string? UsedById { get; set; }

    public static string NewToken() => Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(TokenBytes));

    public static string HashOf(string token) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(token)));

    public void Configure(EntityTypeBuilder<Invitation> builder)
    {
        builder.ToTable("Invitations");
        builder.Property(invitation => invitation.Id).HasMaxLength(PublicId.Length).IsUnicode(false);
        builder.Property(invitation => invitation.TokenHash).HasMaxLength(HashLength).IsUnicode(false);
        builder.Property(invitation => invitation.Email).HasMaxLength(MaxEmailLength);
        builder.Property(invitation => invitation.CreatedById).HasMaxLength(PublicId.Length).IsUnicode(false);
        builder.Property(invitation => invitation.UsedById).HasMaxLength(PublicId.Length).IsUnicode(false);
        builder.HasIndex(invitation => invitation.TokenHash).IsUnique();
    }
}

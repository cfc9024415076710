using System.Security.Cryptography;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Spoo.Data.Accounts;

/// <summary>A key on a device of a person's, or in their password manager, with which they sign in (WebAuthn). Only its public half is here.</summary>
public sealed class UserPasskey : IEntityTypeConfiguration<UserPasskey>
{
    public const int MaxNameLength = 100;

    private const int IdLength = 64;

    /// <summary>As long as the standard lets ids of credentials be.</summary>
    private const int MaxCredentialLength = 1023;

    private const int MaxPublicKeyLength = 4000;
    private const int MaxTransportsLength = 100;

    /// <summary>SHA-256 of <see cref="CredentialId"/> in hexadecimal: that itself is too long for the index of some databases.</summary>
    public required string Id { get; init; }

    public required string UserId { get; init; }

    public required byte[] CredentialId { get; init; }

    public required byte[] PublicKey { get; init; }

    /// <summary>What its owner calls it.</summary>
    public required string Name { get; set; }

    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>Null: it has not been used.</summary>
    public DateTimeOffset? LastUsedAt { get; set; }

    /// <summary>How often the device says that it was used; a copy of it would fall behind. Many always say 0.</summary>
    public required long SignCount { get; set; }

    /// <summary>How browsers reach it, such as <c>usb,nfc</c>. Null: not said.</summary>
    public string? Transports { get; init; }

    /// <summary>Whether the device made sure of the person, by a finger or a PIN.</summary>
    public required bool IsUserVerified { get; set; }

    public required bool IsBackupEligible { get; init; }

    public required bool IsBackedUp { get; set; }

    public static string IdOf(byte[] credentialId) => Convert.ToHexStringLower(SHA256.HashData(credentialId));

    public void Configure(EntityTypeBuilder<UserPasskey> builder)
    {
        builder.ToTable("UserPasskeys");
        builder.Property(passkey => passkey.Id).HasMaxLength(IdLength).IsUnicode(false);
        builder.Property(passkey => passkey.CredentialId).HasMaxLength(MaxCredentialLength);
        builder.Property(passkey => passkey.PublicKey).HasMaxLength(MaxPublicKeyLength);
        builder.Property(passkey => passkey.Name).HasMaxLength(MaxNameLength);
        builder.Property(passkey => passkey.Transports).HasMaxLength(MaxTransportsLength).IsUnicode(false);
        builder.HasOne<SpooUser>().WithMany().HasForeignKey(passkey => passkey.UserId).OnDelete(DeleteBehavior.Cascade);
    }
}

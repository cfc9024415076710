using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Spoo.Data.Accounts;

/// <summary>What happened to the safety of an account.</summary>
public enum SecurityEventKind
{
    SignedIn,
    SignInFailed,
    SignedOut,

    /// <summary>Sessions in other browsers were ended.</summary>
    SignedOutElsewhere,
    PasswordEntered,

    /// <summary>With a provider, instead of entering the password again.</summary>
    ProviderConfirmed,
    ProviderConnected,
    ProviderDisconnected,
    PasskeyAdded,
    PasskeyRemoved,

    /// <summary>With a passkey, instead of entering the password again.</summary>
    PasskeyConfirmed,
    PasswordChanged,

    /// <summary>Through a link that was mailed, or printed by a command.</summary>
    PasswordReset,
    ResetAsked,
    EmailChanged,
    TwoFactorOn,
    TwoFactorOff,
    RecoveryCodesMade,
    RecoveryCodeUsed,
    CodeFailed,
    KeyMade,
    KeyEnded,
    AppAllowed,
    AppEnded,
    AccountMade,
    AccountDeleted,
    AccountBlocked,

    /// <summary>By this server, because nothing arrived at it.</summary>
    WebhookStopped,
}

/// <summary>One such event, as its owner reads it. It goes with the account, and after <see cref="SecurityLog.Kept"/>.</summary>
public sealed class SecurityEvent : IEntityTypeConfiguration<SecurityEvent>
{
    public const int MaxDetailLength = 255;

    public long Id { get; init; }

    public required string UserId { get; init; }

    public required DateTimeOffset At { get; init; }

    public required SecurityEventKind Kind { get; init; }

    /// <summary>The browser and its system; never an address. Null: not known, or not by a browser.</summary>
    public string? Client { get; init; }

    /// <summary>What it was about, such as the name of a key. Null: the kind says it all.</summary>
    public string? Detail { get; init; }

    public void Configure(EntityTypeBuilder<SecurityEvent> builder)
    {
        builder.ToTable("SecurityEvents");
        builder.Property(happened => happened.Kind).HasConversion<string>().HasMaxLength(32).IsUnicode(false);
        builder.Property(happened => happened.Client).HasMaxLength(UserSession.MaxClientLength);
        builder.Property(happened => happened.Detail).HasMaxLength(MaxDetailLength);
        builder.HasIndex(happened => new { happened.UserId, happened.At });
        builder.HasOne<SpooUser>().WithMany().HasForeignKey(happened => happened.UserId).OnDelete(DeleteBehavior.Cascade);
    }
}

using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Spoo.Data.Accounts;

/// <summary>What an administrator, or a person with a terminal on the server, did.</summary>
public enum AuditAct
{
    AdministratorMade,
    AdministratorUnmade,
    AccountMade,
    AccountDisabled,
    AccountEnabled,
    AccountDeleted,
    PasswordResetOffered,
    SignInOffered,
    TwoFactorTakenOff,
    SignedOutEverywhere,
    QuotaChanged,
    InvitationMade,
    InvitationWithdrawn,
    InvitationUsed,
    LinkBlocked,
    LinkUnblocked,
    LinkTransferred,
    HostBlocked,
    HostUnblocked,
    ReportsClosed,
    DomainAdded,
    DomainSuspended,
    DomainResumed,
    DomainRevoked,
    DomainRemoved,
    SettingChanged,
    ClicksAudited,
    BackupMade,
}

/// <summary>
/// One such act. People and links are named by their ids, which say nothing once they are deleted: so that deleted means gone.
/// </summary>
public sealed class AuditEntry : IEntityTypeConfiguration<AuditEntry>
{
    public const int MaxSubjectLength = 255;
    public const int MaxDetailLength = 1000;

    public long Id { get; init; }

    public required DateTimeOffset At { get; init; }

    /// <summary>The account that did it. Null: a command on the server.</summary>
    public string? ActorId { get; init; }

    public required AuditAct Act { get; init; }

    /// <summary>The id of an account or a link, or the name of a host or a setting. Null: the act says it all.</summary>
    public string? Subject { get; init; }

    /// <summary>Such as the reason, or from which value to which. Null: nothing more is to be said.</summary>
    public string? Detail { get; init; }

    public void Configure(EntityTypeBuilder<AuditEntry> builder)
    {
        builder.ToTable("AuditEntries");
        builder.Property(entry => entry.ActorId).HasMaxLength(PublicId.Length).IsUnicode(false);
        builder.Property(entry => entry.Act).HasConversion<string>().HasMaxLength(40).IsUnicode(false);
        builder.Property(entry => entry.Subject).HasMaxLength(MaxSubjectLength);
        builder.Property(entry => entry.Detail).HasMaxLength(MaxDetailLength);
        builder.HasIndex(entry => entry.Subject);
        builder.HasIndex(entry => new { entry.Act, entry.Id });
    }
}

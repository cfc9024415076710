using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Spoo.Data.Database;

namespace Spoo.Data.Alerts;

/// <summary>Something that a rule has found. It stays as it is, but for being seen and being sent.</summary>
public sealed class Alert : IEntityTypeConfiguration<Alert>, ILeased
{
    public const int MaxKeyLength = 64;
    public const int MaxSubjectLength = 300;
    public const int MaxDetailLength = 500;

    public required string Id { get; init; }

    /// <summary>The rule that found it; it goes with the rule.</summary>
    public required string RuleId { get; init; }

    public required string OwnerId { get; init; }

    public required AlertKind Kind { get; init; }

    /// <summary>What makes it the same alert when it is found again, by this node or another.</summary>
    public required string Key { get; init; }

    /// <summary>When it happened: of an hour, its end.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>The public id of the link that it is about. Null: it is not about one.</summary>
    public string? LinkId { get; init; }

    /// <summary>What it is about, in words that hold when it was raised: a link, a domain, a kind of quota. Null: what its rule watches.</summary>
    public string? Subject { get; init; }

    /// <summary>What was measured.</summary>
    public long Value { get; init; }

    /// <summary>What would have been usual, or what there may be at most. Null: there is no such number.</summary>
    public long? Usual { get; init; }

    /// <summary>Why a check failed. Null: it is not about a check.</summary>
    public string? Detail { get; init; }

    /// <summary>Null: not yet.</summary>
    public DateTimeOffset? SeenAt { get; set; }

    /// <summary>The mail that tells of it, together with others that were raised with it. Null: none does.</summary>
    public string? MailId { get; init; }

    /// <summary>Whether that mail is still to be sent.</summary>
    public bool IsMailDue { get; set; }

    /// <summary>Null: it was not.</summary>
    public DateTimeOffset? MailedAt { get; set; }

    public DateTimeOffset? HeldUntil { get; set; }

    public string? HeldBy { get; set; }

    public void Configure(EntityTypeBuilder<Alert> builder)
    {
        builder.ToTable("Alerts");
        builder.Property(alert => alert.Id).HasMaxLength(PublicId.Length).IsUnicode(false);
        builder.Property(alert => alert.RuleId).HasMaxLength(PublicId.Length).IsUnicode(false);
        builder.Property(alert => alert.OwnerId).HasMaxLength(PublicId.Length).IsUnicode(false);
        builder.Property(alert => alert.Kind).HasConversion<string>().HasMaxLength(32).IsUnicode(false);
        builder.Property(alert => alert.Key).HasMaxLength(MaxKeyLength).IsUnicode(false);
        builder.Property(alert => alert.LinkId).HasMaxLength(PublicId.Length).IsUnicode(false);
        builder.Property(alert => alert.Subject).HasMaxLength(MaxSubjectLength);
        builder.Property(alert => alert.Detail).HasMaxLength(MaxDetailLength);
        builder.Property(alert => alert.MailId).HasMaxLength(PublicId.Length).IsUnicode(false);
        builder.Property(alert => alert.HeldBy).HasMaxLength(Lease.MaxHolderLength).IsUnicode(false);
        builder.HasIndex(alert => new { alert.RuleId, alert.Key }).IsUnique();
        builder.HasIndex(alert => new { alert.OwnerId, alert.At });
        builder.HasIndex(alert => alert.LinkId);
        builder.HasIndex(alert => alert.IsMailDue);
        builder.HasIndex(alert => alert.At);
        builder.HasOne<AlertRule>().WithMany().HasForeignKey(alert => alert.RuleId).OnDelete(DeleteBehavior.Cascade);
    }
}

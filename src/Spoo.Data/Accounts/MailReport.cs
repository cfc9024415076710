using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Spoo.Data.Database;

namespace Spoo.Data.Accounts;

/// <summary>How often a report comes by mail.</summary>
public enum ReportRhythm
{
    /// <summary>Each morning, about the day before.</summary>
    Daily,

    /// <summary>On Mondays, about the week before.</summary>
    Weekly,

    /// <summary>On the first of a month, about the month before.</summary>
    Monthly,
}

/// <summary>Numbers that an account gets by mail: those of a saved view of the dashboard, or of all its links.</summary>
public sealed class MailReport : IEntityTypeConfiguration<MailReport>, ILeased
{
    public const int MaxRhythmLength = 16;

    public required string Id { get; init; }

    public required string OwnerId { get; init; }

    /// <summary>The <see cref="SavedView"/> whose numbers they are; a report of a view that is gone goes, too. Null: of all links.</summary>
    public string? ViewId { get; init; }

    public required ReportRhythm Rhythm { get; init; }

    /// <summary>When the next one is due. It changes once that one is sent, or has nothing to say.</summary>
    public required DateTimeOffset NextAt { get; set; }

    public DateTimeOffset? HeldUntil { get; set; }

    public string? HeldBy { get; set; }

    /// <summary>Null: none yet.</summary>
    public DateTimeOffset? LastSentAt { get; set; }

    public required DateTimeOffset CreatedAt { get; init; }

    public void Configure(EntityTypeBuilder<MailReport> builder)
    {
        builder.ToTable("MailReports");
        builder.Property(report => report.Id).HasMaxLength(PublicId.Length).IsUnicode(false);
        builder.Property(report => report.ViewId).HasMaxLength(PublicId.Length).IsUnicode(false);
        builder.Property(report => report.Rhythm).HasConversion<string>().HasMaxLength(MaxRhythmLength).IsUnicode(false);
        builder.Property(report => report.HeldUntil).HasColumnName("ClaimedUntil");
        builder.Property(report => report.HeldBy).HasMaxLength(Lease.MaxHolderLength).IsUnicode(false);
        builder.HasIndex(report => report.NextAt);
        builder.HasOne<SpooUser>().WithMany().HasForeignKey(report => report.OwnerId).OnDelete(DeleteBehavior.Cascade);
    }
}

using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Spoo.Data.Links.Blocks;

/// <summary>What a visitor says is wrong with where a link leads.</summary>
public enum ReportReason
{
    Phishing,
    Malware,
    Spam,
    IllegalContent,
    Other,
}

/// <summary>How the link reached the visitor.</summary>
public enum ReportVector
{
    Sms,
    Email,
    Dm,
    Social,
    Web,
    Other,
}

public enum ReportState
{
    Open,

    /// <summary>The link was blocked.</summary>
    Actioned,

    Dismissed,
}

/// <summary>A visitor's report of a link. It goes with the link; the person who reported it is forgotten when it is closed.</summary>
public sealed class LinkReport : IEntityTypeConfiguration<LinkReport>
{
    public const int MaxDetailsLength = 2000;
    public const int MaxOrganisationLength = 200;
    public const int MaxEmailLength = 256;

    public long Id { get; init; }

    /// <summary>What was reported together has the same.</summary>
    public required string SubmissionId { get; init; }

    public required long LinkId { get; init; }

    public required ReportReason Reason { get; init; }

    public string? Details { get; init; }

    public ReportVector? Vector { get; init; }

    /// <summary>Null: not said, or closed.</summary>
    public string? ReporterEmail { get; set; }

    /// <summary>Null: not said, or closed.</summary>
    public string? ReporterOrganisation { get; set; }

    public required DateTimeOffset CreatedAt { get; init; }

    public ReportState State { get; set; }

    /// <summary>How often the same was reported; of very many only the number is kept.</summary>
    public int Count { get; set; } = 1;

    public void Configure(EntityTypeBuilder<LinkReport> builder)
    {
        builder.ToTable("LinkReports");
        builder.Property(report => report.SubmissionId).HasMaxLength(PublicId.Length).IsUnicode(false);
        builder.Property(report => report.Reason).HasConversion<string>().HasMaxLength(20).IsUnicode(false);
        builder.Property(report => report.Vector).HasConversion<string>().HasMaxLength(20).IsUnicode(false);
        builder.Property(report => report.State).HasConversion<string>().HasMaxLength(20).IsUnicode(false);
        builder.Property(report => report.Details).HasMaxLength(MaxDetailsLength);
        builder.Property(report => report.ReporterEmail).HasMaxLength(MaxEmailLength);
        builder.Property(report => report.ReporterOrganisation).HasMaxLength(MaxOrganisationLength);
        builder.HasIndex(report => new { report.State, report.Id });
        builder.HasOne<Link>().WithMany().HasForeignKey(report => report.LinkId).OnDelete(DeleteBehavior.Cascade);
    }
}

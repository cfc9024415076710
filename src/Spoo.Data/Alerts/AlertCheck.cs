using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Spoo.Data.Alerts;

/// <summary>How a destination or a domain fared when it was last looked at for a rule.</summary>
public sealed class AlertCheck : IEntityTypeConfiguration<AlertCheck>
{
    public required string RuleId { get; init; }

    /// <summary>The public id of the link or of the domain.</summary>
    public required string SubjectId { get; init; }

    public required DateTimeOffset CheckedAt { get; set; }

    /// <summary>Checks in a row that failed.</summary>
    public int Failures { get; set; }

    /// <summary>Since when it fails. Null: it does not.</summary>
    public DateTimeOffset? FailingSince { get; set; }

    public void Configure(EntityTypeBuilder<AlertCheck> builder)
    {
        builder.ToTable("AlertChecks");
        builder.HasKey(check => new { check.RuleId, check.SubjectId });
        builder.Property(check => check.RuleId).HasMaxLength(PublicId.Length).IsUnicode(false);
        builder.Property(check => check.SubjectId).HasMaxLength(PublicId.Length).IsUnicode(false);
        builder.HasIndex(check => check.SubjectId);
        builder.HasIndex(check => check.CheckedAt);
        builder.HasOne<AlertRule>().WithMany().HasForeignKey(check => check.RuleId).OnDelete(DeleteBehavior.Cascade);
    }
}

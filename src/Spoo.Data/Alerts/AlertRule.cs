using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Spoo.Data.Accounts;
using Spoo.Data.Database;
using Spoo.Data.Links;
using Spoo.Data.Links.Domains;

namespace Spoo.Data.Alerts;

/// <summary>What an account wants to be told of: a kind of event, from when on, and about which of its links.</summary>
public sealed class AlertRule : IEntityTypeConfiguration<AlertRule>, ILeased
{
    public required string Id { get; init; }

    public required string OwnerId { get; init; }

    public required AlertKind Kind { get; init; }

    /// <summary>The public id of the link that it is about; it goes with the link. Null: not one link.</summary>
    public string? LinkId { get; set; }

    /// <summary>Null: not the links with a tag.</summary>
    public string? Tag { get; set; }

    /// <summary>The host of the domain. Null: not one domain; where the other two are null as well, it is about the whole account.</summary>
    public string? DomainHost { get; set; }

    /// <summary>In the unit of its kind (<see cref="AlertKindFacts.Unit"/>).</summary>
    public required int Threshold { get; set; }

    /// <summary>With fewer clicks than that nothing is said. 0: the kind has no such minimum.</summary>
    public int Minimum { get; set; }

    public bool ByMail { get; set; }

    public bool ByWebhook { get; set; }

    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When it is looked at next. What happened since the last time is looked at then.</summary>
    public required DateTimeOffset NextAt { get; set; }

    public DateTimeOffset? HeldUntil { get; set; }

    public string? HeldBy { get; set; }

    public void Configure(EntityTypeBuilder<AlertRule> builder)
    {
        builder.ToTable("AlertRules");
        builder.Property(rule => rule.Id).HasMaxLength(PublicId.Length).IsUnicode(false);
        builder.Property(rule => rule.Kind).HasConversion<string>().HasMaxLength(32).IsUnicode(false);
        builder.Property(rule => rule.LinkId).HasMaxLength(PublicId.Length).IsUnicode(false);
        builder.Property(rule => rule.Tag).HasMaxLength(LinkTag.MaxLength);
        builder.Property(rule => rule.DomainHost).HasMaxLength(Domain.MaxHostLength).IsUnicode(false);
        builder.Property(rule => rule.HeldBy).HasMaxLength(Lease.MaxHolderLength).IsUnicode(false);
        builder.HasIndex(rule => rule.NextAt);
        builder.HasIndex(rule => rule.LinkId);
        builder.HasOne<SpooUser>().WithMany().HasForeignKey(rule => rule.OwnerId).OnDelete(DeleteBehavior.Cascade);
    }
}

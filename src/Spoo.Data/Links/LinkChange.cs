using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Spoo.Data.Links.Destinations;

namespace Spoo.Data.Links;

/// <summary>What of a link can change so that its clicks may look different from then on.</summary>
public enum LinkField
{
    Alias,
    Destination,
    Status,
    Password,
    MaxClicks,
    Expiry,
    BlockBots,
    PassQuery,
    PassPath,
    RedirectStatus,
    Rules,
    Preview,
    ExpiredUrl,
    Domain,
    StartsAt,
    PreStartUrl,
    Archived,
}

/// <summary>One field of a link, changed by its owner. Written in the transaction that changes it, and never afterwards.</summary>
public sealed class LinkChange : IEntityTypeConfiguration<LinkChange>
{
    /// <summary>What stands for a password: that there is one is told, and which one is not.</summary>
    public const string SomePassword = "set";

    public long Id { get; init; }

    public long LinkId { get; init; }

    public required DateTimeOffset At { get; init; }

    public required LinkField Field { get; init; }

    /// <summary>As the API writes the value; dates in ISO 8601. Null: there was none.</summary>
    public string? Before { get; init; }

    /// <summary>As <see cref="Before"/>. Null: there is none any more.</summary>
    public string? After { get; init; }

    public void Configure(EntityTypeBuilder<LinkChange> builder)
    {
        builder.ToTable("LinkChanges");
        builder.Property(change => change.Field).HasConversion<string>().HasMaxLength(16).IsUnicode(false);
        builder.Property(change => change.Before).HasMaxLength(Link.MaxLongUrlLength);
        builder.Property(change => change.After).HasMaxLength(Link.MaxLongUrlLength);
        builder.HasIndex(change => new { change.LinkId, change.At });
        builder.HasOne<Link>().WithMany().HasForeignKey(change => change.LinkId).OnDelete(DeleteBehavior.Cascade);
    }
}

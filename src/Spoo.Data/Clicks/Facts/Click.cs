using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Spoo.Data.Clicks.Facts;

/// <summary>
/// One answered visit through one link; never changes. What many clicks share (who, where, from where) stands once in a table of
/// its own, under a key made from its content, so that writers never have to look one up.
/// </summary>
public sealed class Click : IEntityTypeConfiguration<Click>
{
    public const int MaxLanguageLength = 16;

    /// <summary>
    /// In place of a visitor, for clicks of people who asked not to be followed. It means that and nothing else: no two such clicks are known to be of one
    /// visitor, or of two, so none of them counts in unique visitors.
    /// </summary>
    public const long NoVisitor = long.MinValue;

    /// <summary>An hour: no redirect takes longer, and however many are added up, the sum stays a number.</summary>
    public const int MaxRedirectMs = 60 * 60 * 1000;

    /// <summary>Unix milliseconds of the first and the last time that a click can be of. What lies outside is a mistake of a clock.</summary>
    public static readonly (long First, long Last) Times = (0, new DateTimeOffset(9000, 1, 1, 0, 0, 0, TimeSpan.Zero).ToUnixTimeMilliseconds());

    /// <summary>A packed <see cref="ClickId"/>.</summary>
    public required long Id { get; init; }

    public required long LinkId { get; init; }

    public required DateTimeOffset Time { get; init; }

    /// <summary>A keyed hash of what tells one visitor from another; see <see cref="VisitorHash"/>.</summary>
    public required long Visitor { get; init; }

    /// <summary>Key of a <see cref="ClickAgent"/>.</summary>
    public required long AgentId { get; init; }

    /// <summary>Key of a <see cref="ClickPlace"/>.</summary>
    public required long PlaceId { get; init; }

    /// <summary>Key of a <see cref="ClickSource"/>.</summary>
    public required long SourceId { get; init; }

    /// <summary>Primary language subtag, such as <c>en</c>. Null: not known.</summary>
    public string? Language { get; init; }

    /// <summary>Milliseconds from the request to the redirect. Null: not measured.</summary>
    public int? RedirectMs { get; init; }

    /// <summary>
    /// Makes a repeated import recognisable. Its first bits are those of a neighbourhood, so that clicks which come together lie together in the index, where
    /// the writer says so. Null: the click was not imported.
    /// </summary>
    public long? ImportKey { get; init; }

    public static bool IsRedirectTime(long? milliseconds) => milliseconds is >= 0 and <= MaxRedirectMs;

    public void Configure(EntityTypeBuilder<Click> builder)
    {
        builder.ToTable("Clicks");
        builder.Property(click => click.Id).ValueGeneratedNever();
        builder.Property(click => click.Language).HasMaxLength(MaxLanguageLength).IsUnicode(false);
        builder.HasIndex(click => click.LinkId);
        builder.HasIndex(click => click.ImportKey).IsUnique().HasFilter("ImportKey IS NOT NULL");
    }
}

using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Spoo.Data.Links;

namespace Spoo.Data.Clicks.Facts;

/// <summary>
/// Clicks of a link of which an import has told only how many they were: those of a day, or all of them until it was imported. They are no
/// <see cref="Click"/>s: who clicked, and from where, nobody knows.
/// </summary>
public sealed class ImportedTotal : IEntityTypeConfiguration<ImportedTotal>
{
    /// <summary>A <see cref="Day"/>: the clicks are of no known one.</summary>
    public const int NoDay = 0;

    /// <summary>No link has more; however many are added up, the sum stays a number.</summary>
    public const long MaxClicks = 1_000_000_000_000;

    public required long LinkId { get; init; }

    public Link? Link { get; init; }

    /// <summary>Of the import that has told it.</summary>
    public required int ImportId { get; init; }

    /// <summary>A <see cref="DateOnly.DayNumber"/>, or <see cref="NoDay"/>.</summary>
    public required int Day { get; init; }

    /// <summary>How many clicks the file tells.</summary>
    public required long Clicks { get; init; }

    /// <summary>When the import began. The file tells of nothing later.</summary>
    public required DateTimeOffset Until { get; init; }

    /// <summary>How many of the clicks count: those that no click and no other import tells of.</summary>
    public long Counted { get; set; }

    /// <summary>The day of UTC on which something happened.</summary>
    public static int DayOf(DateTimeOffset time) => DateOnly.FromDateTime(time.UtcDateTime).DayNumber;

    /// <summary>From when a link was at the latest that has clicks of a day.</summary>
    public static DateTimeOffset NoonOf(int day) => new(DateOnly.FromDayNumber(day).ToDateTime(new TimeOnly(12, 0)), TimeSpan.Zero);

    public void Configure(EntityTypeBuilder<ImportedTotal> builder)
    {
        builder.ToTable("ImportedTotals");
        builder.HasKey(total => new { total.LinkId, total.ImportId, total.Day });
        builder.HasIndex(total => total.ImportId);
        builder.HasOne(total => total.Link).WithMany().HasForeignKey(total => total.LinkId).OnDelete(DeleteBehavior.Cascade);
    }
}

using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Spoo.Data.Clicks.Facts;

/// <summary>Where the visitor clicked. Each part is null when it is not known.</summary>
public sealed class ClickPlace : IEntityTypeConfiguration<ClickPlace>
{
    public const int MaxNameLength = 200;

    /// <summary>A <see cref="ContentKey"/> of the parts.</summary>
    public required long Id { get; init; }

    /// <summary>ISO 3166-1 alpha-2, upper case.</summary>
    public string? Country { get; init; }

    public string? Region { get; init; }

    public string? City { get; init; }

    public static ClickPlace Of(string? country, string? region, string? city) =>
        new() { Id = ContentKey.Of(country, region, city), Country = country, Region = region, City = city };

    public void Configure(EntityTypeBuilder<ClickPlace> builder)
    {
        builder.ToTable("ClickPlaces");
        builder.Property(place => place.Id).ValueGeneratedNever();
        builder.Property(place => place.Country).HasMaxLength(2).IsUnicode(false);
        builder.Property(place => place.Region).HasMaxLength(MaxNameLength);
        builder.Property(place => place.City).HasMaxLength(MaxNameLength);
    }
}

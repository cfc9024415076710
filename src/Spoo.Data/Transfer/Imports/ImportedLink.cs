using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Spoo.Data.Links;

namespace Spoo.Data.Transfer.Imports;

/// <summary>What an import did to a link. Written before, or together with it. The clicks that it brought are known by their writers.</summary>
public sealed class ImportedLink : IEntityTypeConfiguration<ImportedLink>
{
    /// <summary>Of the <see cref="ImportRecord"/>.</summary>
    public int ImportId { get; init; }

    public long LinkId { get; init; }

    public Link? Link { get; init; }

    /// <summary>Whether the link is there because of this import.</summary>
    public required bool IsMade { get; init; }

    /// <summary>Where the file of clicks says that a link leads which had no destination before any import. Null: it had one, or the file does not say.</summary>
    public string? Destination { get; init; }

    /// <summary>From when the link was before any import dated it back. Null: it was not there.</summary>
    public DateTimeOffset? CreatedBefore { get; init; }

    /// <summary>When the source made it, as the file says. Null: it does not.</summary>
    public DateTimeOffset? CreatedAtSource { get; init; }

    public void Configure(EntityTypeBuilder<ImportedLink> builder)
    {
        builder.ToTable("ImportedLinks");
        builder.HasKey(link => new { link.ImportId, link.LinkId });
        builder.Property(link => link.Destination).HasMaxLength(Spoo.Data.Links.Link.MaxLongUrlLength);
        builder.HasOne(link => link.Link).WithMany().HasForeignKey(link => link.LinkId).OnDelete(DeleteBehavior.Cascade);
    }
}

using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Spoo.Data.Accounts;

namespace Spoo.Data.Links.Pictures;

/// <summary>A picture of an account's for the cards of its links.</summary>
public sealed class KeptPicture : IEntityTypeConfiguration<KeptPicture>
{
    /// <summary>So much of its SHA-256 names a picture.</summary>
    internal const int NameBytes = 16;

    private const int MaxNameLength = (2 * NameBytes) + 5;

    public long Id { get; init; }

    public required string OwnerId { get; init; }

    /// <summary>As <see cref="PictureFile.Name"/> gives it. Several accounts may have the same picture; each keeps its own.</summary>
    public required string Name { get; init; }

    public required string MediaType { get; init; }

    public required byte[] Content { get; init; }

    /// <summary>When it was last brought. One that no link shows is kept for a while from then on.</summary>
    public required DateTimeOffset BroughtAt { get; set; }

    public void Configure(EntityTypeBuilder<KeptPicture> builder)
    {
        builder.ToTable("Pictures");
        builder.Property(picture => picture.Name).HasMaxLength(MaxNameLength).IsUnicode(false);
        builder.Property(picture => picture.MediaType).HasMaxLength(20).IsUnicode(false);
        builder.HasIndex(picture => new { picture.Name, picture.OwnerId }).IsUnique();
        builder.HasOne<SpooUser>().WithMany().HasForeignKey(picture => picture.OwnerId).OnDelete(DeleteBehavior.Cascade);
    }
}

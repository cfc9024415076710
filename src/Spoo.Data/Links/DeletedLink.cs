using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Spoo.Data.Links;

/// <summary>A link that is gone while its clicks, too many for one statement, are still being deleted.</summary>
public sealed class DeletedLink : IEntityTypeConfiguration<DeletedLink>
{
    /// <summary>The key that the link had; no other gets it.</summary>
    public required long Id { get; init; }

    public void Configure(EntityTypeBuilder<DeletedLink> builder)
    {
        builder.ToTable("DeletedLinks");
        builder.Property(link => link.Id).ValueGeneratedNever();
    }
}

using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Spoo.Data.Accounts;

/// <summary>A question to ask again: an address of the dashboard or of the list of links, and the name that its owner gave it.</summary>
public sealed class SavedView : IEntityTypeConfiguration<SavedView>
{
    public const int MaxNameLength = 80;
    public const int MaxUrlLength = 4000;

    public required string Id { get; init; }

    public required string OwnerId { get; init; }

    /// <summary>Only one of an owner's views has it.</summary>
    public required string Name { get; set; }

    /// <summary>Path and query, with a slash at its start, as if the server had its host to itself. What hangs on now, such as the last 28 days, moves along.</summary>
    public required string Url { get; set; }

    public required DateTimeOffset CreatedAt { get; init; }

    public void Configure(EntityTypeBuilder<SavedView> builder)
    {
        builder.ToTable("SavedViews");
        builder.Property(view => view.Id).HasMaxLength(PublicId.Length).IsUnicode(false);
        builder.Property(view => view.Name).HasMaxLength(MaxNameLength);
        builder.Property(view => view.Url).HasMaxLength(MaxUrlLength);
        builder.HasIndex(view => new { view.OwnerId, view.Name }).IsUnique();
        builder.HasOne<SpooUser>().WithMany().HasForeignKey(view => view.OwnerId).OnDelete(DeleteBehavior.Cascade);
    }
}

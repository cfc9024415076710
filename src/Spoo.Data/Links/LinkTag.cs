using System.Diagnostics.CodeAnalysis;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Spoo.Data.Links;

/// <summary>A word that an account finds links by. Small letters, so that the same word is not two tags.</summary>
public sealed class LinkTag : IEntityTypeConfiguration<LinkTag>
{
    public const int MaxLength = 40;

    /// <summary>Tags of one link.</summary>
    public const int MaxCount = 10;

    public long LinkId { get; init; }

    /// <summary>The owner of the link, kept here as well so that an account's tags are counted within one index.</summary>
    public required string? OwnerId { get; init; }

    public required string Name { get; init; }

    /// <summary>What is expected of a tag, for people.</summary>
    public static Message Shape { get; } = new Message("A tag should have 1 to {0} characters, and no comma or emoji", MaxLength);

    /// <summary>The tag that this text means; false when it cannot be one.</summary>
    public static bool TryParse(string? text, [NotNullWhen(true)] out string? tag)
    {
        tag = text?.Trim().ToLowerInvariant();
        if (tag is not { Length: >= 1 and <= MaxLength } || tag.Any(c => c == ',' || char.IsControl(c) || char.IsSurrogate(c)))
        {
            tag = null;
        }

        return tag is not null;
    }

    public void Configure(EntityTypeBuilder<LinkTag> builder)
    {
        builder.ToTable("LinkTags");
        builder.HasKey(tag => new { tag.LinkId, tag.Name });
        builder.Property(tag => tag.Name).HasMaxLength(MaxLength);
        builder.Property(tag => tag.OwnerId).HasMaxLength(PublicId.Length).IsUnicode(false);
        builder.HasIndex(tag => new { tag.OwnerId, tag.Name, tag.LinkId });
        builder.HasOne<Link>().WithMany(link => link.Tags).HasForeignKey(tag => tag.LinkId).OnDelete(DeleteBehavior.Cascade);
    }
}

using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Spoo.Data.Links.Blocks;

/// <summary>A host to which no link leads, nor to any host below it.</summary>
public sealed class BlockedHost : IEntityTypeConfiguration<BlockedHost>
{
    /// <summary>In small letters and ASCII, as a name server is asked for it.</summary>
    public required string Host { get; init; }

    public string? Reason { get; set; }

    public required DateTimeOffset CreatedAt { get; init; }

    public void Configure(EntityTypeBuilder<BlockedHost> builder)
    {
        builder.ToTable("BlockedHosts");
        builder.HasKey(blocked => blocked.Host);
        builder.Property(blocked => blocked.Host).HasMaxLength(HostBlocks.MaxHostLength).IsUnicode(false);
        builder.Property(blocked => blocked.Reason).HasMaxLength(Link.MaxBlockedReasonLength);
    }
}

using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Spoo.Data.Database;

/// <summary>What one process has counted of calls within a moment, for the other nodes. It is gone within minutes.</summary>
internal sealed class NodeCalls : IEntityTypeConfiguration<NodeCalls>
{
    /// <summary>The process that counted: a name made up at its start.</summary>
    public required string Node { get; init; }

    /// <summary>1, 2, 3, … of this process, so that others miss none and hear none twice.</summary>
    public required long Sequence { get; init; }

    public required DateTimeOffset At { get; init; }

    /// <summary>Callers by their hashes, and how many calls of each. How it is written is known to those who count.</summary>
    public required byte[] Counts { get; init; }

    public void Configure(EntityTypeBuilder<NodeCalls> builder)
    {
        builder.ToTable("NodeCalls");
        builder.HasKey(calls => new { calls.Node, calls.Sequence });
        builder.Property(calls => calls.Node).HasMaxLength(CallExchange.NameLength).IsUnicode(false);
    }
}

using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Spoo.Data.Clicks.Facts;

namespace Spoo.Data.Clicks.Storing;

/// <summary>A writer that stores clicks under a sequence of its own: a node's journal, or one run of an import.</summary>
public sealed class ClickWriterNode : IEntityTypeConfiguration<ClickWriterNode>
{
    public const int MaxNameLength = 200;

    /// <summary>Name and owner of an import whose account was deleted.</summary>
    public const string Deleted = "deleted";

    /// <summary>The writer's number in a <see cref="ClickId"/>, from 1.</summary>
    public int Id { get; init; }

    /// <summary>For people: the node's name, or the imported file's.</summary>
    public required string Name { get; init; }

    /// <summary>Whose clicks an import brought. Null: a node, which writes everybody's.</summary>
    public string? OwnerId { get; init; }

    /// <summary>The number of the import that it is a run of, by which its clicks are known. Null: a node, or an import of a version that kept no record.</summary>
    public int? ImportId { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>
    /// Everything up to this number of the writer's sequence has been stored, or had no link left to be stored for. It moves in the
    /// same transaction as the rows, so it says where to go on after a crash.
    /// </summary>
    public long LastSequence { get; set; }

    /// <summary>When an import came to its end, good or bad; it does not write again. Null: it may at any time.</summary>
    public DateTimeOffset? FinishedAt { get; set; }

    /// <summary>
    /// Whether the clicks of an import have keys that begin with a neighbourhood (<see cref="Click.ImportKey"/>). False: it is of a version before, whose keys were hashes and nothing else,
    /// or a node.
    /// </summary>
    public bool HasNearKeys { get; init; }

    public void Configure(EntityTypeBuilder<ClickWriterNode> builder)
    {
        builder.ToTable("ClickWriters");
        builder.Property(writer => writer.Name).HasMaxLength(MaxNameLength);
        builder.Property(writer => writer.OwnerId).HasMaxLength(PublicId.Length).IsUnicode(false);
    }
}

using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Spoo.Data.Clicks.Facts;
using Spoo.Data.Database;

namespace Spoo.Data.Clicks.Moved;

/// <summary>
/// How far clicks have been moved from the database to ClickHouse. It moves in the transaction that takes their rows out of the database, so that every click
/// is in one of the two. One row; none where no click ever was moved.
/// </summary>
public sealed class ClickMove : IEntityTypeConfiguration<ClickMove>, ILeased
{
    /// <summary>The key of the one row.</summary>
    public const int Only = 1;

    /// <summary>In place of a key: all that ever were moved are back.</summary>
    internal const long AllAreBack = long.MaxValue;

    public int Id { get; init; } = Only;

    /// <summary>Clicks that came to ClickHouse in a piece of up to this number live there. Those of a higher one are copies that were not needed: their rows are in the database.</summary>
    public long Piece { get; set; }

    /// <summary>How often something was done to moved clicks: by how many it grows, so many <see cref="MovedRemoval"/>s are noted.</summary>
    public long Removals { get; set; }

    /// <summary>Moved clicks with keys up to this one are in the database again. Null: none are being brought back. <see cref="AllAreBack"/>: none live in ClickHouse.</summary>
    public long? BackUntil { get; set; }

    /// <summary>The servers that they are spread over.</summary>
    public int Servers { get; set; }

    public DateTimeOffset? HeldUntil { get; set; }

    public string? HeldBy { get; set; }

    public void Configure(EntityTypeBuilder<ClickMove> builder)
    {
        builder.ToTable("ClickMoves");
        builder.Property(move => move.Id).ValueGeneratedNever();
        builder.Property(move => move.HeldBy).HasMaxLength(Lease.MaxHolderLength).IsUnicode(false);
    }
}

/// <summary>
/// Moved clicks that are gone, and have to be taken out of ClickHouse still: written down in the transaction that takes the others out of the database, because nothing can change both at
/// once. Whoever reads moved clicks leaves them out, and clearing up takes them out.
/// </summary>
public sealed class MovedRemoval : IEntityTypeConfiguration<MovedRemoval>
{
    /// <summary>In place of a piece: it has been seen to, and is kept because clicks are being brought back.</summary>
    internal const long NoPiece = 0;

    public long Id { get; init; }

    /// <summary>Only clicks of this link. Null: of any.</summary>
    public long? LinkId { get; init; }

    /// <summary>Only clicks before this instant. Null: of any time.</summary>
    public DateTimeOffset? Before { get; init; }

    /// <summary>Only clicks with a key from this one on. Null: from the first.</summary>
    public long? FirstId { get; init; }

    /// <summary>Only clicks with a key below this one. Null: up to the last.</summary>
    public long? EndId { get; init; }

    /// <summary>Only clicks of pieces up to this one: a click that is moved later came later.</summary>
    public long Piece { get; set; }

    /// <summary>Whether it is about this click, of whichever piece that is.</summary>
    internal bool Takes(Click click) =>
        (LinkId is null || LinkId == click.LinkId) && (Before is null || click.Time < Before) && (FirstId is null || click.Id >= FirstId) && (EndId is null || click.Id < EndId);

    public void Configure(EntityTypeBuilder<MovedRemoval> builder) => builder.ToTable("MovedRemovals");
}

using System.Linq.Expressions;
using Microsoft.EntityFrameworkCore;
using Spoo.Data.Clicks.Facts;
using Spoo.Data.Clicks.Storing;
using Spoo.Data.Database;

namespace Spoo.Data.Stats.Live;

/// <summary>How far a writer has got.</summary>
/// <param name="CreatedAt">Unix milliseconds; a number that is given out again, after a backup was restored, is not the same writer.</param>
/// <param name="LastClickId">Everything up to this key has been stored; its first possible key when it has stored none.</param>
internal readonly record struct ClickWriterState(int Id, long CreatedAt, long LastClickId, bool IsFinished);

/// <summary>How far every writer had got at one moment.</summary>
/// <param name="Finished">Those that never write again. Imports leave one each, so there may be thousands: they are read once and then handed on.</param>
/// <param name="Open">Those that may write at any time: the nodes, and the imports that are running.</param>
internal sealed record FollowedWriters(IReadOnlyList<ClickWriterState> Finished, IReadOnlyList<ClickWriterState> Open)
{
    public static FollowedWriters None { get; } = new([], []);

    public int Count => Finished.Count + Open.Count;

    public IEnumerable<ClickWriterState> All => Finished.Concat(Open);

    public static FollowedWriters Of(IEnumerable<ClickWriterState> writers)
    {
        var byState = writers.ToLookup(writer => writer.IsFinished);
        return new([.. byState[true]], [.. byState[false]]);
    }

    /// <param name="known">What was seen in the same <see cref="ClickEpoch"/>. Null: nothing.</param>
    public static async Task<FollowedWriters> NowAsync(SpooDbContext context, FollowedWriters? known, CancellationToken cancellationToken)
    {
        var open = await ReadAsync(context, writer => writer.FinishedAt == null, cancellationToken);

        // Within an epoch a writer that has finished stays so, so as many as before are the same as before.
        var finished = await context.ClickWriters.CountAsync(writer => writer.FinishedAt != null, cancellationToken);
        return known?.Finished.Count == finished ? known with { Open = open } : Of(await ReadAsync(context, _ => true, cancellationToken));
    }

    /// <summary>The writers that have stored something since, with the keys they had got to by then.</summary>
    public IEnumerable<(long After, long Until)> Since(FollowedWriters before)
    {
        var known = (ReferenceEquals(Finished, before.Finished) ? before.Open : before.All).ToDictionary(writer => writer.Id, writer => writer.LastClickId);
        return (ReferenceEquals(Finished, before.Finished) ? Open : All)
            .Select(writer => (After: known.GetValueOrDefault(writer.Id, ClickId.FirstOf(writer.Id)), Until: writer.LastClickId))
            .Where(stretch => stretch.After < stretch.Until);
    }

    public bool IsSameAs(FollowedWriters other) =>
        Open.SequenceEqual(other.Open) && (ReferenceEquals(Finished, other.Finished) || Finished.SequenceEqual(other.Finished));

    private static async Task<IReadOnlyList<ClickWriterState>> ReadAsync(
        SpooDbContext context, Expression<Func<ClickWriterNode, bool>> which, CancellationToken cancellationToken)
    {
        // The number moves in the transaction of the rows, so a reader that sees it can read all rows up to it.
        var writers = await context.ClickWriters.AsNoTracking().Where(which).OrderBy(writer => writer.Id)
            .Select(writer => new { writer.Id, writer.CreatedAt, writer.LastSequence, writer.FinishedAt })
            .ToListAsync(cancellationToken);
        return
        [
            .. writers.Select(writer => new ClickWriterState(
                writer.Id,
                writer.CreatedAt.ToUnixTimeMilliseconds(),
                new ClickId(writer.Id, writer.LastSequence).Packed,
                writer.FinishedAt is not null)),
        ];
    }
}

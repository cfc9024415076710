using System.Buffers.Binary;
using System.Globalization;
using System.Linq.Expressions;
using System.Security.Cryptography;
using System.Text;
using Microsoft.EntityFrameworkCore;
using Spoo.Data.Clicks.Facts;
using Spoo.Data.Clicks.Storing;
using Spoo.Data.Database;

namespace Spoo.Data.Stats.Live;

/// <summary>How far a writer has got.</summary>
/// <param name="CreatedAt">Unix milliseconds; a number that is given out again, after a backup was restored, is not the same writer.</param>
/// <param name="LastClickId">Everything up to this key has been stored; its first possible key when it has stored none.</param>
/// <param name="Last">Of the last row that it has stored; nothing when there is none.</param>
internal readonly record struct ClickWriterState(int Id, long CreatedAt, long LastClickId, bool IsFinished, ClickFingerprint Last = default);

/// <summary>By what a row is known again: another click that was stored under the same key, in another life of the database, has another one.</summary>
/// <param name="LinkId">Its link, with which it may have been deleted.</param>
/// <param name="Sum">A checksum of everything that the row says.</param>
internal readonly record struct ClickFingerprint(long ClickId, long LinkId, long Sum);

/// <summary>How far every writer had got at one moment.</summary>
/// <param name="Finished">Those that never write again. Imports leave one each, so there may be thousands: they are read once and then handed on.</param>
/// <param name="Open">Those that may write at any time: the nodes, and the imports that are running.</param>
internal sealed record FollowedWriters(IReadOnlyList<ClickWriterState> Finished, IReadOnlyList<ClickWriterState> Open)
{
    /// <summary>Keys in one question to the database.</summary>
    private const int AtOnce = 1_000;

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

    /// <summary>The rows that had been stored by then.</summary>
    public IQueryable<Click> ClicksIn(SpooDbContext context)
    {
        var end = ClickId.FirstOf(All.Select(writer => writer.Id).DefaultIfEmpty().Max() + 1);
        var clicks = context.Clicks.Where(click => click.Id < end);
        foreach (var writer in Open)
        {
            var (last, next) = (writer.LastClickId, ClickId.FirstOf(writer.Id + 1));
            clicks = clicks.Where(click => click.Id <= last || click.Id >= next);
        }

        return clicks;
    }

    public bool IsSameAs(FollowedWriters other) =>
        Open.SequenceEqual(other.Open) && (ReferenceEquals(Finished, other.Finished) || Finished.SequenceEqual(other.Finished));

    /// <summary>Whether no writer has less than before: it can only have when the whole database has gone back.</summary>
    public bool HaveAllOf(FollowedWriters before)
    {
        var now = All.ToDictionary(writer => writer.Id);
        return before.All.All(writer => now.TryGetValue(writer.Id, out var same) && same.CreatedAt == writer.CreatedAt && same.LastClickId >= writer.LastClickId);
    }

    /// <summary>The same with the fingerprints of their last rows, of which those that have not moved are as they were before.</summary>
    public async Task<FollowedWriters> WithFingerprintsAsync(SpooDbContext context, FollowedWriters before, CancellationToken cancellationToken)
    {
        const long KeysPerWriter = 1L << ClickId.SequenceBits;
        var known = before.All.ToDictionary(writer => writer.Id);
        var moved = (ReferenceEquals(Finished, before.Finished) ? Open : All)
            .Where(writer => !known.TryGetValue(writer.Id, out var same) || same.LastClickId != writer.LastClickId)
            .Select(writer => writer.Id)
            .ToHashSet();
        var last = new Dictionary<int, long>();
        foreach (var ids in moved.Chunk(AtOnce))
        {
            var found = await context.ClickWriters.Where(writer => ids.Contains(writer.Id))
                .Select(writer => new
                {
                    writer.Id,
                    Last = context.Clicks
                        .Where(click => click.Id >= writer.Id * KeysPerWriter && click.Id < (writer.Id + 1) * KeysPerWriter)
                        .Max(click => (long?)click.Id),
                })
                .ToListAsync(cancellationToken);
            foreach (var writer in found.Where(writer => writer.Last is not null))
            {
                last[writer.Id] = writer.Last!.Value;
            }
        }

        var rows = await FingerprintsAsync(context, last.Values, cancellationToken);
        return new(ReferenceEquals(Finished, before.Finished) ? Finished : [.. Finished.Select(Fingerprinted)], [.. Open.Select(Fingerprinted)]);

        ClickWriterState Fingerprinted(ClickWriterState writer) => writer with
        {
            Last = moved.Contains(writer.Id)
                ? rows.GetValueOrDefault(last.GetValueOrDefault(writer.Id))
                : known.GetValueOrDefault(writer.Id, writer).Last,
        };
    }

    /// <summary>
    /// A writer whose last row is another one in this database, or is not there although its link is: the database was replaced by an older
    /// state of itself, and has gone on from there. Null: there is none.
    /// </summary>
    public async Task<int?> FirstChangedAsync(SpooDbContext context, CancellationToken cancellationToken)
    {
        var rows = await FingerprintsAsync(context, All.Select(writer => writer.Last.ClickId).Where(click => click != 0), cancellationToken);
        foreach (var writer in All.Where(writer => writer.Last != default))
        {
            if (rows.TryGetValue(writer.Last.ClickId, out var row)
                ? row != writer.Last
                : await context.Links.AnyAsync(link => link.Id == writer.Last.LinkId, cancellationToken))
            {
                return writer.Id;
            }
        }

        return null;
    }

    private static async Task<Dictionary<long, ClickFingerprint>> FingerprintsAsync(
        SpooDbContext context, IEnumerable<long> clicks, CancellationToken cancellationToken)
    {
        var found = new Dictionary<long, ClickFingerprint>();
        foreach (var ids in clicks.Distinct().Chunk(AtOnce))
        {
            foreach (var click in await context.Clicks.AsNoTracking().Where(click => ids.Contains(click.Id)).ToListAsync(cancellationToken))
            {
                var said = string.Create(
                    CultureInfo.InvariantCulture,
                    $"{click.LinkId} {click.Time.ToUnixTimeMilliseconds()} {click.Visitor} {click.AgentId} {click.PlaceId} {click.SourceId} {click.Language} {click.RedirectMs}");
                found[click.Id] = new ClickFingerprint(click.Id, click.LinkId, BinaryPrimitives.ReadInt64LittleEndian(SHA256.HashData(Encoding.UTF8.GetBytes(said))));
            }
        }

        return found;
    }

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

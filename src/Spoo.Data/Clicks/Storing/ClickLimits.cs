using System.Collections.Concurrent;
using System.Diagnostics;
using Microsoft.EntityFrameworkCore;
using Spoo.Data.Clicks.Journal;
using Spoo.Data.Clicks.Reading;
using Spoo.Data.Database;

namespace Spoo.Data.Clicks.Storing;

/// <summary>
/// Keeps links with a limit of clicks to it, exactly, however many ask at once: a click is taken from the count before the visitor
/// is answered. Link previews are not among them.
/// </summary>
/// <remarks>
/// The counts are this node's. It begins with what is stored and what waits in its journal, and learns of the clicks of others,
/// other nodes over the same database or an import, when it looks at the link again. So one node is exact; several nodes
/// together may go beyond the limit by what they answer within those seconds.
/// </remarks>
public sealed class ClickLimits(IDbContextFactory<SpooDbContext> contexts, ClickJournal journal, Bots bots)
{
    /// <summary>After so many looks it was no batch in between: the database has gone back, and the journal does not have all that it lacks.</summary>
    private const int Attempts = 100;

    /// <summary>Storing takes a moment; the caller does not wait longer for it, because the database may be away.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    private readonly ConcurrentDictionary<long, Lazy<Task<ClickCount>>> _counts = [];

    private long _lastEnd;

    /// <summary>The clicks of a link so far.</summary>
    /// <exception cref="System.Data.Common.DbException">The link is counted for the first time and the database does not answer.</exception>
    public Task<ClickCount> OfAsync(long linkId)
    {
        var count = _counts.GetOrAdd(linkId, id => new Lazy<Task<ClickCount>>(() => FirstCountAsync(id)));
        if (count.Value.IsFaulted)
        {
            _counts.TryRemove(KeyValuePair.Create(linkId, count));
        }

        return count.Value;
    }

    /// <summary>Remembers that a link's last allowed click has just been written down.</summary>
    public void Ended()
    {
        var end = journal.LastSequence;
        for (var seen = Interlocked.Read(ref _lastEnd); seen < end;)
        {
            seen = Interlocked.CompareExchange(ref _lastEnd, end, seen);
        }
    }

    /// <summary>Waits until the links that have been used up here say so in the database as well.</summary>
    public async Task SettleAsync(CancellationToken cancellationToken)
    {
        var started = Stopwatch.GetTimestamp();
        while (journal.StoredSequence < Interlocked.Read(ref _lastEnd) && Stopwatch.GetElapsedTime(started) < Patience)
        {
            await Task.Delay(5, cancellationToken);
        }
    }

    private async Task<ClickCount> FirstCountAsync(long linkId)
    {
        for (var attempt = 1; ; attempt++)
        {
            var (total, stored) = await StoredAsync(linkId);
            if (stored is { } sequence
                && journal.CountUnstored(linkId, sequence, IsNoPreview, takeWhatIsThere: attempt > Attempts) is { } unstored)
            {
                return new ClickCount(total + unstored);
            }

            // A batch was committed between the two, and its part of the journal deleted.
            await Task.Delay(1);
        }
    }

    private bool IsNoPreview(RawClick click) => bots.Judge(click.UserAgent) is not { Kind: BotKind.Preview };

    // The counter and the writer's number of one moment; without a number when they moved meanwhile.
    private async Task<(long Total, long? Sequence)> StoredAsync(long linkId)
    {
        await using var context = await contexts.CreateToAnswerAsync(CancellationToken.None);
        var sequence = context.ClickWriters.Where(writer => writer.Id == journal.Writer).Select(writer => (long?)writer.LastSequence);
        var before = await sequence.SingleOrDefaultAsync() ?? throw new StoreAwayException("the database that answers does not know this server");
        var total = await context.Links.Where(link => link.Id == linkId).Select(link => link.TotalClicks + link.ForgottenClicks - link.PreviewClicks).SingleOrDefaultAsync();
        return (total, before == await sequence.SingleOrDefaultAsync() ? before : null);
    }
}

/// <summary>How often a link with a limit has been clicked. Safe for many threads.</summary>
public sealed class ClickCount(long clicks)
{
    private long _clicks = clicks;

    public long Clicks => Interlocked.Read(ref _clicks);

    public bool HasReached(long limit) => Interlocked.Read(ref _clicks) >= limit;

    /// <summary>Takes one click, if that many are allowed.</summary>
    public bool TryTake(long limit)
    {
        for (var clicks = Interlocked.Read(ref _clicks); clicks < limit;)
        {
            var seen = Interlocked.CompareExchange(ref _clicks, clicks + 1, clicks);
            if (seen == clicks)
            {
                return true;
            }

            clicks = seen;
        }

        return false;
    }

    /// <summary>So many clicks are stored, by whomever: there have been no fewer.</summary>
    public void AtLeast(long stored)
    {
        for (var clicks = Interlocked.Read(ref _clicks); clicks < stored;)
        {
            clicks = Interlocked.CompareExchange(ref _clicks, stored, clicks);
        }
    }
}

using System.Security.Cryptography;
using Microsoft.EntityFrameworkCore;

namespace Spoo.Data.Database;

/// <summary>
/// Through which the nodes over one database tell each other what they have counted of calls: each adds a row with what it counted since the last time, and reads the rows that others have
/// added since. One at a time may ask.
/// </summary>
public sealed class CallExchange(IDbContextFactory<SpooDbContext> contexts, TimeProvider clock)
{
    internal const int NameLength = 16;

    /// <summary>For a node that could not read for a while, or whose clock differs.</summary>
    private static readonly TimeSpan Kept = TimeSpan.FromMinutes(5);

    /// <summary>What a node that starts hears of the time before; what is older it does not know when it was.</summary>
    private static readonly TimeSpan HeardAtStart = TimeSpan.FromMinutes(1);

    private static readonly TimeSpan BetweenCleanings = TimeSpan.FromSeconds(30);

    private readonly string _node = RandomNumberGenerator.GetHexString(NameLength, lowercase: true);
    private readonly Dictionary<string, long> _heard = new(StringComparer.Ordinal);
    private long _said;
    private DateTimeOffset _cleanedAt;

    /// <summary>Tells the others what was counted here, and hears what they did.</summary>
    /// <param name="counts">Null: nothing was counted.</param>
    /// <returns>Each is what another node has told, and comes once.</returns>
    /// <exception cref="System.Data.Common.DbException">The database does not answer. What was counted may have been told or not, and is not told again.</exception>
    public async Task<IReadOnlyList<byte[]>> ExchangeAsync(byte[]? counts, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateToAnswerAsync(cancellationToken);
        var now = clock.GetUtcNow();
        if (counts is not null)
        {
            context.Add(new NodeCalls { Node = _node, Sequence = ++_said, At = now, Counts = counts });
            await context.SaveChangesAsync(cancellationToken);
        }

        var heard = await HearAsync(context, now, cancellationToken);
        if (now - _cleanedAt > BetweenCleanings)
        {
            var old = now - Kept;
            await context.Set<NodeCalls>().Where(calls => calls.At < old).ExecuteDeleteAsync(cancellationToken);
            _cleanedAt = now;
        }

        return heard;
    }

    private async Task<List<byte[]>> HearAsync(SpooDbContext context, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var others = await context.Set<NodeCalls>().Where(calls => calls.Node != _node)
            .GroupBy(calls => calls.Node)
            .Select(node => new { Node = node.Key, Last = node.Max(calls => calls.Sequence) })
            .ToListAsync(cancellationToken);
        var heard = new List<byte[]>();
        foreach (var other in others.Where(other => _heard.GetValueOrDefault(other.Node) < other.Last))
        {
            var (isNew, last) = (!_heard.ContainsKey(other.Node), _heard.GetValueOrDefault(other.Node));
            var since = isNew ? now - HeardAtStart : DateTimeOffset.UnixEpoch;
            heard.AddRange(await context.Set<NodeCalls>().Where(calls => calls.Node == other.Node && calls.Sequence > last && calls.Sequence <= other.Last && calls.At >= since)
                .OrderBy(calls => calls.Sequence)
                .Select(calls => calls.Counts)
                .ToListAsync(cancellationToken));
            _heard[other.Node] = other.Last;
        }

        // Nodes of which nothing is left have ended, or have counted nothing for minutes; what they count from then on is new.
        foreach (var gone in _heard.Keys.Except(others.Select(other => other.Node)).ToList())
        {
            _heard.Remove(gone);
        }

        return heard;
    }
}

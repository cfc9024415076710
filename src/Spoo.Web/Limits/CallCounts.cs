using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;

namespace Spoo.Web.Limits;

/// <summary>Calls that one caller was allowed under one limit.</summary>
/// <param name="Limit">The limit's name, the same on all nodes.</param>
/// <param name="Caller">See <see cref="CallCounts.KeyOf"/>.</param>
/// <param name="Calls">Fewer than none: so many were taken back.</param>
internal readonly record struct CountedCalls(string Limit, UInt128 Caller, int Calls);

/// <summary>
/// Everything of which a caller may have only so much in a time. Counting takes no question to the database: what this node has counted is told to the other nodes a moment later, and what
/// they have counted is added here (<see cref="CallExchangeRounds"/>). So several nodes together allow what one allows, and what is called within that moment.
/// </summary>
/// <param name="key">Made once, at the first call; the same on all nodes. Callers are known by a hash under this key, so that no address of a visitor or a person comes into the database.</param>
/// <param name="isShared">Whether there can be other nodes.</param>
public sealed class CallCounts(TimeProvider clock, Func<byte[]> key, bool isShared)
{
    private readonly ConcurrentDictionary<string, CallCount> _counts = new(StringComparer.Ordinal);
    private readonly Lazy<byte[]> _key = new(key);

    /// <summary>Whether what is counted is to be told to others.</summary>
    public bool IsShared => isShared;

    internal TimeProvider Clock => clock;

    /// <summary>A limit of calls in windows of time.</summary>
    /// <param name="name">Stays the same over versions: nodes of two versions tell each other by it.</param>
    internal CallLimit Limit(string name, IReadOnlyList<RateWindow> windows)
    {
        var limit = new CallLimit(name, windows, this);
        Add(limit);
        return limit;
    }

    internal void Add(CallCount count)
    {
        if (!_counts.TryAdd(count.Name, count))
        {
            throw new ArgumentException($"'{count.Name}' is counted already.", nameof(count));
        }
    }

    /// <summary>By what a caller is known.</summary>
    internal UInt128 KeyOf(string caller)
    {
        Span<byte> hash = stackalloc byte[HMACSHA256.HashSizeInBytes];
        HMACSHA256.HashData(_key.Value, Encoding.UTF8.GetBytes(caller), hash);
        return System.Buffers.Binary.BinaryPrimitives.ReadUInt128LittleEndian(hash);
    }

    /// <summary>Takes what was counted here since the last time, at most so many callers; the others follow the next time.</summary>
    internal List<CountedCalls> Take(int most)
    {
        var taken = new List<CountedCalls>();
        foreach (var count in _counts.Values)
        {
            count.Take(taken, most);
        }

        return taken;
    }

    /// <summary>Adds what another node has counted. Limits that this version does not know are left out.</summary>
    internal void Hear(CountedCalls counted)
    {
        if (_counts.TryGetValue(counted.Limit, out var count))
        {
            count.Hear(counted.Caller, counted.Calls);
        }
    }

    /// <summary>Forgets callers who have not called for as long as it matters.</summary>
    internal void Forget()
    {
        foreach (var count in _counts.Values)
        {
            count.Forget();
        }
    }
}

/// <summary>One thing that is counted for each caller, and what of it other nodes have not heard yet.</summary>
internal abstract class CallCount(string name, CallCounts counts)
{
    private readonly ConcurrentDictionary<UInt128, int> _unsaid = new();

    public string Name => name;

    protected CallCounts Counts => counts;

    /// <summary>Adds what another node has counted.</summary>
    public abstract void Hear(UInt128 caller, int calls);

    /// <summary>Forgets callers who have not called for as long as it matters.</summary>
    public abstract void Forget();

    /// <summary>Moves what the others have not heard into a list that may have so many entries.</summary>
    public void Take(List<CountedCalls> taken, int most)
    {
        foreach (var caller in _unsaid.Keys)
        {
            if (taken.Count == most)
            {
                return;
            }

            if (_unsaid.TryRemove(caller, out var calls) && calls != 0)
            {
                taken.Add(new CountedCalls(name, caller, calls));
            }
        }
    }

    /// <summary>To be said of calls that were counted here.</summary>
    protected void Note(UInt128 caller, int calls)
    {
        if (counts.IsShared && calls != 0)
        {
            _unsaid.AddOrUpdate(caller, calls, (_, before) => before + calls);
        }
    }
}

/// <summary>How many calls each caller may make in windows of time. Safe for many threads.</summary>
internal sealed class CallLimit(string name, IReadOnlyList<RateWindow> windows, CallCounts counts) : CallCount(name, counts)
{
    private readonly ConcurrentDictionary<UInt128, FixedWindows> _callers = new();

    /// <summary>How many callers are remembered.</summary>
    public int Callers => _callers.Count;

    private IReadOnlyList<RateWindow> Windows => windows;

    /// <summary>Counts calls where there is room for them.</summary>
    /// <param name="calls">0: only says where the caller stands.</param>
    public RateStanding Count(string caller, int calls = 1)
    {
        var key = Counts.KeyOf(caller);
        while (true)
        {
            if (Of(key).Count(calls) is not { } standing)
            {
                continue;
            }

            if (standing is not { RetryAfter: null, GiveBack: { } giveBack })
            {
                return standing;
            }

            Note(key, calls);
            return standing with
            {
                GiveBack = () =>
                {
                    Note(key, -calls);
                    return giveBack();
                },
            };
        }
    }

    public override void Hear(UInt128 caller, int calls)
    {
        while (!Of(caller).Hear(calls))
        {
        }
    }

    public override void Forget()
    {
        foreach (var (caller, counted) in _callers)
        {
            if (counted.Forget())
            {
                _callers.TryRemove(KeyValuePair.Create(caller, counted));
            }
        }
    }

    // Those that are being forgotten at this moment are out of the way at once.
    private FixedWindows Of(UInt128 caller)
    {
        var counted = _callers.GetOrAdd(caller, static (_, limit) => new FixedWindows(limit.Windows, limit.Counts.Clock), this);
        if (counted.IsForgotten)
        {
            _callers.TryRemove(KeyValuePair.Create(caller, counted));
        }

        return counted;
    }
}

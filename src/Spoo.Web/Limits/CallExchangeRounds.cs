using System.Text;
using Spoo.Data;
using Spoo.Data.Accounts;
using Spoo.Data.Database;

namespace Spoo.Web.Limits;

/// <summary>
/// Tells the other nodes each second what was counted here, and counts what they tell. While the database is away each node counts for itself: what it could not tell then it tells
/// nobody, so that old calls do not fill anybody's window afterwards.
/// </summary>
internal sealed class CallExchangeRounds(CallCounts counts, CallExchange exchange, TimeProvider clock, ILogger<CallExchangeRounds> logger) : Rounds(clock, logger)
{
    private static readonly TimeSpan Pause = OtherNodes.Delay / 2;

    private static readonly TimeSpan BetweenForgetting = TimeSpan.FromSeconds(30);

    /// <summary>Callers in one message, which takes some 20 bytes for each.</summary>
    private const int MostAtOnce = 20_000;

    private DateTimeOffset _forgotAt;

    protected override TimeSpan FirstPause => Pause;

    protected override TimeSpan PauseAfterFailure => OtherNodes.PauseAfterFailure;

    protected override async Task<TimeSpan> RoundAsync(CancellationToken cancellationToken)
    {
        if (Clock.GetUtcNow() - _forgotAt >= BetweenForgetting)
        {
            counts.Forget();
            _forgotAt = Clock.GetUtcNow();
        }

        if (!counts.IsShared)
        {
            return BetweenForgetting;
        }

        var counted = counts.Take(MostAtOnce);
        foreach (var told in await exchange.ExchangeAsync(counted.Count > 0 ? CallMessage.Write(counted) : null, cancellationToken))
        {
            foreach (var calls in CallMessage.Read(told))
            {
                counts.Hear(calls);
            }
        }

        return Pause;
    }
}

/// <summary>How counted calls are written for other nodes, which may be of the version before or the next.</summary>
internal static class CallMessage
{
    private const byte Version = 1;

    public static byte[] Write(IEnumerable<CountedCalls> counted)
    {
        using var memory = new MemoryStream();
        using (var writer = new BinaryWriter(memory, Encoding.UTF8))
        {
            writer.Write(Version);
            foreach (var limit in counted.GroupBy(calls => calls.Limit))
            {
                var callers = limit.ToList();
                writer.Write(limit.Key);
                writer.Write7BitEncodedInt(callers.Count);
                foreach (var (_, caller, calls) in callers)
                {
                    writer.Write((ulong)caller);
                    writer.Write((ulong)(caller >> 64));
                    writer.Write7BitEncodedInt(calls);
                }
            }
        }

        return memory.ToArray();
    }

    /// <returns>Nothing, where it is written as this version does not know.</returns>
    /// <exception cref="InvalidDataException">It is no such message.</exception>
    public static IReadOnlyList<CountedCalls> Read(byte[] message)
    {
        var counted = new List<CountedCalls>();
        try
        {
            using var reader = new BinaryReader(new MemoryStream(message), Encoding.UTF8);
            if (reader.ReadByte() != Version)
            {
                return [];
            }

            while (reader.BaseStream.Position < message.Length)
            {
                var limit = reader.ReadString();
                for (var left = reader.Read7BitEncodedInt(); left > 0; left--)
                {
                    var low = reader.ReadUInt64();
                    counted.Add(new CountedCalls(limit, new UInt128(reader.ReadUInt64(), low), reader.Read7BitEncodedInt()));
                }
            }

            return counted;
        }
        catch (Exception exception) when (exception is EndOfStreamException or FormatException)
        {
            throw new InvalidDataException("What another node has counted cannot be read.", exception);
        }
    }
}

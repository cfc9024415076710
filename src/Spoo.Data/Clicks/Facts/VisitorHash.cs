using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;

namespace Spoo.Data.Clicks.Facts;

/// <summary>
/// Tells visitors apart without keeping who they are: a keyed 64-bit hash, whose key never leaves the installation. Two of ten
/// million visitors share a number with a probability of one in 370,000. Safe for many threads.
/// </summary>
public sealed class VisitorHash
{
    private const int LongestAddress = 16;

    private readonly TimeProvider _clock;
    private readonly Lock _changing = new();
    private volatile Current _current;
    private volatile Other? _other;

    public VisitorHash(VisitorKey key, VisitorKeyLife life, TimeProvider clock)
    {
        _clock = clock;
        Life = life;
        _current = new Current(key.At(clock.GetUtcNow(), life));
    }

    /// <summary>For how long a visitor keeps a number.</summary>
    public VisitorKeyLife Life { get; }

    /// <summary>The key as it is now; it changes with the period.</summary>
    public VisitorKey Key => Now().Key;

    /// <summary>The visitor at this address with this User-Agent, now. Made while the visitor waits, so by a hash that is quick for short texts.</summary>
    public long Of(IPAddress address, string? userAgent) => Of(Now().Addresses, address, userAgent);

    /// <summary>As the other, for a visitor who came at this time.</summary>
    public long Of(IPAddress address, string? userAgent, DateTimeOffset time)
    {
        var now = Now();
        var period = VisitorKey.PeriodOf(Life, time);
        if (period == now.Key.Period)
        {
            return Of(now.Addresses, address, userAgent);
        }

        // Files come in the order of time, more or less.
        var other = _other;
        if (other is null || other.Now != now || other.Period != period)
        {
            _other = other = new Other(now, period, Hash(now.Key.AddressesOf(period)));
        }

        return Of(other.Addresses, address, userAgent);
    }

    /// <summary>The visitor that an import calls by this name.</summary>
    public long OfName(string name) => Somebody(ContentKey.Keyed(_current.Key.Names, "name", name));

    /// <summary>The visitor of an import that has no addresses: all it has is what the browser said and where it was.</summary>
    public long OfTraits(string? userAgent, string? language, string? country, string? region, string? city) =>
        Somebody(ContentKey.Keyed(_current.Key.Names, "traits", userAgent, language, country, region, city));

    /// <summary>A key for another purpose, from which neither this one nor that of a third purpose can be found out.</summary>
    public byte[] KeyFor(string purpose, string? context) =>
        HMACSHA256.HashData(_current.Key.Names, Encoding.UTF8.GetBytes($"{purpose}\n{context}"));

    private static long Of(SipHash addresses, IPAddress address, string? userAgent)
    {
        // One address has one spelling, whichever way the socket was opened.
        Span<byte> bytes = stackalloc byte[LongestAddress];
        address.TryWriteBytes(bytes, out var length);
        if (address.AddressFamily == AddressFamily.InterNetworkV6 && address.IsIPv4MappedToIPv6)
        {
            bytes = bytes[12..length];
        }
        else
        {
            bytes = bytes[..length];
        }

        return Somebody(addresses.Of(bytes, userAgent is null ? [] : MemoryMarshal.AsBytes(userAgent.AsSpan()), (byte)(userAgent is null ? 0 : 1)));
    }

    // One of all numbers is no visitor's, because it says that there is none.
    private static long Somebody(long visitor) => visitor == Click.NoVisitor ? Click.NoVisitor + 1 : visitor;

    private static SipHash Hash(byte[] key) => new(HMACSHA256.HashData(key, "visitors by address"u8));

    private Current Now()
    {
        var current = _current;
        if (Life == VisitorKeyLife.Permanent || VisitorKey.PeriodOf(Life, _clock.GetUtcNow()) <= current.Key.Period)
        {
            return current;
        }

        lock (_changing)
        {
            var key = _current.Key.At(_clock.GetUtcNow(), Life);
            return ReferenceEquals(key, _current.Key) ? _current : _current = new Current(key);
        }
    }

    private sealed class Current(VisitorKey key)
    {
        public VisitorKey Key => key;

        public SipHash Addresses { get; } = Hash(key.Addresses);
    }

    private sealed record Other(Current Now, int Period, SipHash Addresses);
}

using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Spoo.Data.Clicks.Facts;

/// <summary>For how long a visitor keeps a number, and so counts once.</summary>
public enum VisitorKeyLife
{
    /// <summary>For ever: a visitor who comes again is known again.</summary>
    Permanent,

    /// <summary>A month of UTC. After it there is no way to tell which number an address had.</summary>
    Monthly,

    /// <summary>A day of UTC.</summary>
    Daily,
}

/// <summary>
/// With what visitors are told apart. A key that changes is made from the one before it, which is forgotten then: from today's key yesterday's
/// cannot be found out, and nodes that had the same key once have the same one on every day after that.
/// </summary>
/// <param name="Identity">No secret: by what a database knows the key that its visitors were told apart with, however often it has changed since.</param>
/// <param name="Names">For what is no address: visitors that an import names, and what is derived for other purposes. Stays as it is.</param>
/// <param name="Period">Of the calendar, counted from 1970. 0 when the key is permanent.</param>
/// <param name="Addresses">For addresses.</param>
public sealed record VisitorKey(byte[] Identity, byte[] Names, VisitorKeyLife Life, int Period, byte[] Addresses)
{
    private const string Title = "spoo-visitors-1";
    private const int Bytes = 32;

    /// <summary>The first period for which a key is made from a permanent one: that of January 2026, so that it does not matter when that is done.</summary>
    private static readonly DateTimeOffset Origin = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public static VisitorKey New() => Of(RandomNumberGenerator.GetBytes(Bytes));

    /// <summary>The key of a version that had one for everything.</summary>
    public static VisitorKey Of(byte[] key) => new(Made(key, "identity"), key, VisitorKeyLife.Permanent, 0, key);

    /// <exception cref="FormatException">The file holds something else.</exception>
    public static VisitorKey Parse(string text) => text.Trim().Split(' ') switch
    {
        [Title, var life, var period, var identity, var names, var addresses] => new(
            Convert.FromHexString(identity),
            Convert.FromHexString(names),
            Enum.Parse<VisitorKeyLife>(life),
            int.Parse(period, NumberStyles.None, CultureInfo.InvariantCulture),
            Convert.FromHexString(addresses)),
        [var key] => Of(Convert.FromHexString(key)),
        _ => throw new FormatException("it does not hold a key for visitors"),
    };

    /// <summary>Whether a database that knows this identity means this key.</summary>
    public bool Has(byte[]? identity) => identity is not null && Identity.AsSpan().SequenceEqual(identity);

    /// <summary>The period of the calendar in which this moment lies.</summary>
    public static int PeriodOf(VisitorKeyLife life, DateTimeOffset time) => life switch
    {
        VisitorKeyLife.Daily => (int)(time.UtcTicks / TimeSpan.TicksPerDay) - (int)(DateTime.UnixEpoch.Ticks / TimeSpan.TicksPerDay),
        VisitorKeyLife.Monthly => ((time.UtcDateTime.Year - 1970) * 12) + time.UtcDateTime.Month - 1,
        _ => 0,
    };

    /// <summary>The same key as it is at this moment, or the one that takes its place when it is to live for another time.</summary>
    public VisitorKey At(DateTimeOffset now, VisitorKeyLife life)
    {
        if (Life == VisitorKeyLife.Permanent)
        {
            return life == VisitorKeyLife.Permanent ? this
                : new VisitorKey(Identity, Made(Names, "names"), life, PeriodOf(life, Origin), Made(Addresses, $"addresses {life}")).At(now);
        }

        var here = At(now);
        return life == Life ? here
            : here with { Life = life, Period = PeriodOf(life, now), Addresses = Made(here.Addresses, $"addresses {life}") };
    }

    /// <summary>What tells apart the addresses of another period, such as an import brings. It is not the key that the period had itself, which is forgotten.</summary>
    public byte[] AddressesOf(int period) => period == Period ? Addresses : Made(Addresses, string.Create(CultureInfo.InvariantCulture, $"period {period}"));

    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"{Title} {Life} {Period} {Convert.ToHexStringLower(Identity)} {Convert.ToHexStringLower(Names)} {Convert.ToHexStringLower(Addresses)}");

    // A clock that was put back makes no earlier key.
    private VisitorKey At(DateTimeOffset now)
    {
        var (period, addresses) = (PeriodOf(Life, now), Addresses);
        for (var at = Period; at < period; at++)
        {
            addresses = Made(addresses, "next");
        }

        return period <= Period ? this : this with { Period = period, Addresses = addresses };
    }

    private static byte[] Made(byte[] key, string purpose) => HMACSHA256.HashData(key, Encoding.UTF8.GetBytes($"spoo visitors: {purpose}"));
}

using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using Microsoft.Extensions.Time.Testing;
using Spoo.Data.Clicks.Facts;

namespace Spoo.Tests.Clicks.Facts;

public sealed class VisitorHashTests
{
    private static readonly VisitorHash Visitors = Hash([1, 2, 3]);

    [Theory] // From the reference implementation: the key is 00 01 … 0f, the text 00 01 … of this length.
    [InlineData(0, 0x726fdb47dd0e0e31)]
    [InlineData(1, 0x74f839c593dc67fd)]
    [InlineData(7, 0xab0200f58b01d137)]
    [InlineData(8, 0x93f5f5799a932462)]
    [InlineData(15, 0xa129ca6149be45e5)]
    public void The_hash_is_its_authors(int length, ulong expected) =>
        Assert.Equal(expected, new SipHash(Numbers(16)).Of(Numbers(length)));

    [Fact]
    public void Visitors_differ_by_address_by_browser_and_by_installation()
    {
        var address = IPAddress.Parse("192.0.2.7");
        long[] visitors =
        [
            Visitors.Of(address, "a"),
            Visitors.Of(address, "b"),
            Visitors.Of(address, ""),
            Visitors.Of(address, null),
            Visitors.Of(IPAddress.Parse("192.0.2.8"), "a"),
            Visitors.Of(IPAddress.Parse("2001:db8::7"), "a"),
            Visitors.Of(IPAddress.Parse("2001:db8::8"), "a"),
            Hash([1, 2, 4]).Of(address, "a"),
        ];

        Assert.Equal(visitors.Length, visitors.Distinct().Count());
        Assert.Equal(visitors[0], Visitors.Of(address, "a"));
    }

    [Fact]
    public void An_address_is_one_visitor_whichever_way_the_socket_was_opened() =>
        Assert.Equal(Visitors.Of(IPAddress.Parse("192.0.2.7"), "a"), Visitors.Of(IPAddress.Parse("::ffff:192.0.2.7"), "a"));

    [Fact]
    public void A_visitor_of_a_permanent_key_has_the_number_of_earlier_versions() =>
        Assert.Equal(
            new SipHash(HMACSHA256.HashData([1, 2, 3], "visitors by address"u8)).Of([192, 0, 2, 7], "a\0"u8, 1),
            Visitors.Of(IPAddress.Parse("192.0.2.7"), "a"));

    [Theory]
    [InlineData(VisitorKeyLife.Daily, "2026-11-27T23:59:59Z", "2026-11-28T00:00:00Z")]
    [InlineData(VisitorKeyLife.Monthly, "2026-11-30T23:59:59Z", "2026-12-01T00:00:00Z")]
    public void A_key_that_changes_knows_a_visitor_until_the_period_ends(VisitorKeyLife life, string last, string next)
    {
        var clock = new FakeTimeProvider(Instant(last).AddHours(-1));
        var visitors = new VisitorHash(VisitorKey.Of([1, 2, 3]), life, clock);
        var address = IPAddress.Parse("192.0.2.7");
        var (first, key) = (visitors.Of(address, "a"), visitors.Key);
        clock.SetUtcNow(Instant(last));
        Assert.Equal(first, visitors.Of(address, "a"));
        clock.SetUtcNow(Instant(next));

        Assert.NotEqual(first, visitors.Of(address, "a"));
        Assert.Equal(visitors.Of(address, "a"), visitors.Of(address, "a", Instant(next).AddHours(1)));

        // Nothing of the key before is left in the one after, and with that one the number cannot be made again.
        Assert.DoesNotContain(Convert.ToHexStringLower(key.Addresses), visitors.Key.ToString(), StringComparison.Ordinal);
        Assert.NotEqual(first, visitors.Of(address, "a", Instant(last)));
    }

    [Theory]
    [InlineData(VisitorKeyLife.Daily)]
    [InlineData(VisitorKeyLife.Monthly)]
    public void Nodes_make_the_same_keys_whenever_they_began_and_however_long_they_were_away(VisitorKeyLife life)
    {
        var (now, later) = (Instant("2026-11-27T12:00:00Z"), Instant("2027-03-02T12:00:00Z"));
        var key = VisitorKey.New();
        var early = VisitorKey.Parse(key.At(now, life).ToString());

        Assert.Equal(key.At(later, life).ToString(), early.At(later, life).ToString());
        Assert.Equal(early.At(later, life).ToString(), early.At(now.AddDays(40), life).At(later, life).ToString());
        Assert.Equal(early.ToString(), early.At(now.AddDays(-40), life).ToString());
        Assert.True(early.At(later, VisitorKeyLife.Permanent).Has(key.Identity));
    }

    private static DateTimeOffset Instant(string text) => DateTimeOffset.Parse(text, CultureInfo.InvariantCulture);

    private static VisitorHash Hash(byte[] key) => new(VisitorKey.Of(key), VisitorKeyLife.Permanent, TimeProvider.System);

    private static byte[] Numbers(int length) => [.. Enumerable.Range(0, length).Select(i => (byte)i)];
}

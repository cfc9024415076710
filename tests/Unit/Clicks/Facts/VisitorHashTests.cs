using System.Net;
using Spoo.Data.Clicks.Facts;

namespace Spoo.Tests.Clicks.Facts;

public sealed class VisitorHashTests
{
    private static readonly VisitorHash Visitors = new([1, 2, 3]);

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
            new VisitorHash([1, 2, 4]).Of(address, "a"),
        ];

        Assert.Equal(visitors.Length, visitors.Distinct().Count());
        Assert.Equal(visitors[0], Visitors.Of(address, "a"));
    }

    [Fact]
    public void An_address_is_one_visitor_whichever_way_the_socket_was_opened() =>
        Assert.Equal(Visitors.Of(IPAddress.Parse("192.0.2.7"), "a"), Visitors.Of(IPAddress.Parse("::ffff:192.0.2.7"), "a"));

    private static byte[] Numbers(int length) => [.. Enumerable.Range(0, length).Select(i => (byte)i)];
}

using Spoo.Web.Addresses;



namespace Spoo.Tests.Addresses;

public sealed class ReturnUrlsTests
{
    [Theory]
    [InlineData("/dashboard/links/abc?period=7d")]
    [InlineData("/links")]
    public void Our_own_addresses_are_returned_to(string url) => Assert.Equal("." + url, ReturnUrls.OwnOrDashboard(url));

    [Theory]
    [InlineData("/dashboard/links/🚀", "/dashboard/links/%F0%9F%9A%80")]
    [InlineData("/links?q=größe&tag=a%20b", "/links?q=gr%C3%B6%C3%9Fe&tag=a%20b")]
    public void An_address_is_returned_to_as_headers_take_it(string url, string escaped)
    {
        Assert.Equal("." + escaped, ReturnUrls.OwnOrDashboard(url));
        Assert.Equal(escaped[1..], ReturnUrls.BelowBase(url));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("https://evil.example")]
    [InlineData("//evil.example")]
    [InlineData("/\\evil.example")]
    [InlineData("/\n/evil.example")]
    [InlineData("javascript:alert(1)")]
    public void Nobody_is_sent_anywhere_else(string? url) => Assert.Equal("dashboard", ReturnUrls.OwnOrDashboard(url));
}

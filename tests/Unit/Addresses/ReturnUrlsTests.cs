using Spoo.Web.Addresses;



namespace Spoo.Tests.Addresses;

public sealed class ReturnUrlsTests
{
    [Theory]
    [InlineData("/dashboard/links/abc?period=7d")]
    [InlineData("/links")]
    public void Our_own_addresses_are_returned_to(string url) => Assert.Equal("." + url, ReturnUrls.OwnOrDashboard(url));

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

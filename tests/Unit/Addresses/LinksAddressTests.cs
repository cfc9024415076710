using Spoo.Data.Links;
using Spoo.Data.Links.Codes;
using Spoo.Web.Addresses;



namespace Spoo.Tests.Addresses;

public sealed class LinksAddressTests
{
    [Theory]
    [InlineData("/links")]
    [InlineData("/links?q=launch%20%26%20mail&status=inactive&tag=b%C3%BCro&password=yes&limit=no&ending=yes&private=no&sort=clicks&order=asc&page=3&size=50&dialog=edit&link=abc")]
    [InlineData("/links?sort=code&order=desc")]
    [InlineData("/links?sort=last_click")]
    public void An_address_says_what_it_means_and_means_what_it_says(string url) =>
        Assert.Equal(url, "/" + LinksAddress.Parse(new Uri("http://x" + url).Query).Url);

    [Theory]
    [InlineData("?page=0&size=7&status=3&sort=colour&order=up&tag=a,b&password=perhaps&q=%20")]
    [InlineData("?page=-1&status=nonsense&page=x")]
    public void What_is_said_wrongly_counts_as_not_said(string query) => Assert.Equal("links", LinksAddress.Parse(query).Url);

    [Fact]
    public void A_second_look_at_a_column_turns_its_order_round_and_begins_at_the_first_page()
    {
        var first = (LinksAddress.Start with { Page = 4 }).Sorted(LinkOrder.TotalClicks);

        Assert.Equal("links?sort=clicks", first.Url);
        Assert.Equal("links?sort=clicks&order=asc", first.Sorted(LinkOrder.TotalClicks).Url);
        Assert.Equal("links?sort=code", first.Sorted(LinkOrder.ShortCode).Url);
    }

    [Fact]
    public void An_export_has_the_filters_and_neither_page_nor_dialog() =>
        Assert.Equal(
            "links/export.csv?q=a&tag=b",
            (LinksAddress.Start with { Search = "a", Tag = "b", Page = 3, Order = LinkOrder.TotalClicks, Dialog = "new" }).ExportUrl);
}

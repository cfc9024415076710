using Spoo.Data.Clicks.Facts;
using Spoo.Data.Clicks.Reading;
using Spoo.Data.Stats;
using Spoo.Tests.Clicks.Journal;
using Spoo.Tests.Support;



namespace Spoo.Tests.Clicks.Reading;

public sealed class ChannelsTests
{
    [Theory]
    [InlineData(null, null, "direct")]
    [InlineData("google.com", null, "search")]
    [InlineData("google.co.uk", "https://www.google.co.uk/", "search")]
    [InlineData("google.com", "https://mail.google.com/mail/u/0/", "email")]
    [InlineData("google.com", "https://gemini.google.com/app", "ai")]
    [InlineData("google.com", "https://news.google.com/read", "referral")]
    [InlineData("google.com", "https://translate.google.com/translate?u=x", "referral")]
    [InlineData("google.de", "https://translate.google.de/", "referral")]
    [InlineData("yandex.ru", "https://mail.yandex.ru/", "email")]
    [InlineData("yandex.ru", "https://translate.yandex.ru/", "referral")]
    [InlineData("google.com", "https://www.google.com/", "search")]
    [InlineData("ya.ru", null, "search")]
    [InlineData("ya.ru", "https://ya.ru/search/?text=x", "search")]
    [InlineData("ycombinator.com", "https://news.ycombinator.com/item?id=1", "social")]
    [InlineData("ycombinator.com", null, "social")]
    [InlineData("medium.com", "https://someone.medium.com/x", "social")]
    [InlineData("googleblog.com", null, "referral")]
    [InlineData("t.co", null, "social")]
    [InlineData("android-app://com.twitter.android", null, "social")]
    [InlineData("android-app://com.google.android.gm", null, "email")]
    [InlineData("chatgpt.com", null, "ai")]
    [InlineData("example.org", "not an address", "referral")]
    public void A_place_belongs_to_its_channel(string? referrer, string? url, string channel) =>
        Assert.Equal(channel, ChannelOf(Click() with { Referrer = referrer, ReferrerUrl = url }));

    [Theory]
    [InlineData("newsletter", null, null, "email")]
    [InlineData(null, "Email", null, "email")]
    [InlineData("google", "cpc", null, "ads")]
    [InlineData("Facebook", null, null, "social")]
    [InlineData("chatgpt.com", null, null, "ai")]
    [InlineData(null, null, "spring", "campaign")]
    [InlineData("partner", "flyer", null, "campaign")]
    public void What_the_maker_of_a_link_wrote_into_it_counts_for_more_than_where_it_was_clicked(string? source, string? medium, string? campaign, string channel)
    {
        var click = Click() with { UtmSource = source, UtmMedium = medium, UtmCampaign = campaign };

        Assert.Equal(channel, ChannelOf(click));

        // Words that everybody uses win over the place; words of one's own do not.
        Assert.Equal(channel == "campaign" ? "search" : channel, ChannelOf(click with { Referrer = "bing.com" }));
    }

    [Fact]
    public void A_scanned_code_was_scanned_whatever_else_is_said() =>
        Assert.Equal("qr", ChannelOf(Click() with { Trigger = ClickSource.Qr, UtmMedium = "email", Referrer = "google.com" }));

    [Fact]
    public void Every_channel_can_be_filtered_by_as_it_is_reported() =>
        Assert.All(Channels.All, channel => Assert.Equal(channel, Dimension.Channel.ValueOf(Dimension.Channel.LabelOf(channel))));

    private static string? ChannelOf(ClickFacts click) => Dimension.Channel.Read(click);

    private static ClickFacts Click() => Some.Click(Some.Link(id: 1));
}

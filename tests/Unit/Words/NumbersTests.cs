using Spoo.Web.Words;



namespace Spoo.Tests.Words;

public sealed class NumbersTests
{
    [Theory]
    [InlineData(0, "0")]
    [InlineData(999, "999")]
    [InlineData(1_000, "1k")]
    [InlineData(1_249, "1.2k")]
    [InlineData(12_345, "12.3k")]
    [InlineData(123_456, "123k")]
    [InlineData(999_950, "999k")]
    [InlineData(999_999, "999k")]
    [InlineData(1_000_000, "1M")]
    [InlineData(1_250_000, "1.2M")]
    [InlineData(999_999_999, "999M")]
    [InlineData(1_000_000_000, "1B")]
    [InlineData(1_000_000_000_000, "1T")]
    [InlineData(-1_500, "-1.5k")]
    public void Short_numbers_never_announce_what_is_not_reached(long number, string text) => Assert.Equal(text, Numbers.Short(number));

    [Theory]
    [InlineData(3_440, "3,440")]
    [InlineData(999_999, "999,999")]
    [InlineData(1_234_567, "1.2M")]
    public void A_headline_has_every_digit_up_to_a_million(long number, string text) => Assert.Equal(text, Numbers.Headline(number));

    [Theory]
    [InlineData(null, "–")]
    [InlineData(0.0, "0%")]
    [InlineData(0.04, "<0.1%")]
    [InlineData(0.7, "0.7%")]
    [InlineData(9.94, "9.9%")]
    [InlineData(10.4, "10%")]
    [InlineData(100.0, "100%")]
    [InlineData(99.53, ">99%")]
    public void A_share_that_is_unknown_is_not_a_share_of_zero(double? share, string text) => Assert.Equal(text, Numbers.Share(share));

    [Theory]
    [InlineData(0, "0 kB")]
    [InlineData(1, "1 kB")]
    [InlineData(12_001, "13 kB")]
    [InlineData(999_999, "1000 kB")]
    [InlineData(1_000_000, "1.0 MB")]
    [InlineData(4_560_000_000, "4.6 GB")]
    public void Something_on_a_disk_is_not_nothing(long bytes, string text) => Assert.Equal(text, Numbers.Size(bytes));

    [Fact]
    public void Nothing_per_nobody_is_unknown() => Assert.Equal(Numbers.Unknown, Numbers.Ratio(0, 0));

    [Fact]
    public void One_click_is_not_one_clicks() => Assert.Equal("1 click", Numbers.Clicks(1));
}

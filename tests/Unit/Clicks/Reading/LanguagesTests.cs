using Spoo.Data.Clicks.Reading;
using Spoo.Tests.Clicks.Journal;
using Xunit;

namespace Spoo.Tests.Clicks.Reading;

public class LanguagesTests
{
    [Theory]
    [InlineData("en-US,en;q=0.8", "en")]
    [InlineData("de", "de")]
    [InlineData("DE-at", "de")]
    [InlineData("en;q=0.5, fr;q=0.9", "fr")]
    [InlineData("en;q=0.5, fr;q=0.5", "en")]
    [InlineData("fr;q=0, en", "en")]
    [InlineData("*, pt-BR;q=0.5", "pt")]
    [InlineData("zh-Hant-TW", "zh")]
    [InlineData("zh_CN", "zh")]
    [InlineData("fil-PH", "fil")]
    [InlineData("iw-IL", "he")]
    [InlineData("xx, es ; q=0.3", "es")]
    [InlineData("en;q=what", "en")]
    public void The_language_is_the_one_asked_for_most(string header, string language) => Assert.Equal(language, Languages.Read(header));

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("*")]
    [InlineData(",;,;q=1")]
    [InlineData("i-klingon")]
    [InlineData("english")]
    [InlineData("en;q=0")]
    [InlineData("<script>")]
    public void Where_no_language_is_named_none_is_known(string? header) => Assert.Null(Languages.Read(header));

    [Fact]
    public void A_header_without_end_is_read_from_its_beginning_only() =>
        Assert.Null(Languages.Read(new string(',', 100_000) + "en"));

    [Theory]
    [InlineData("German", "de")]
    [InlineData("german", "de")]
    [InlineData("de", "de")]
    [InlineData("de-CH", "de")]
    [InlineData("Elvish", null)]
    public void A_filter_names_a_language_by_code_or_by_name(string text, string? language) => Assert.Equal(language, Languages.Find(text));

    [Fact]
    public void A_code_has_an_English_name()
    {
        Assert.Equal("German", Languages.NameOf("de"));
        Assert.Equal("qq", Languages.NameOf("qq"));
    }
}

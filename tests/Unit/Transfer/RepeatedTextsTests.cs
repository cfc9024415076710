using System.Globalization;
using System.Text;
using Spoo.Data.Transfer;

namespace Spoo.Tests.Transfer;

public sealed class RepeatedTextsTests
{
    [Fact]
    public void A_text_that_comes_again_is_the_same_object()
    {
        var texts = new RepeatedTexts();
        var first = texts.Of("Mozilla/5.0 (X11; Linux x86_64)");

        Assert.Same(first, texts.Of("Mozilla/5.0 (X11; Linux x86_64)"));
        Assert.Same(first, texts.Of("Mozilla/5.0 (X11; Linux x86_64)"u8));
    }

    [Theory]
    [InlineData(10, "texts that repeat")]
    [InlineData(100_000, "texts that push each other out")]
    [InlineData(int.MaxValue, "texts that never come again")]
    public void Every_text_is_what_was_read(int different, string why)
    {
        var (random, texts) = (new Random(1), new RepeatedTexts());
        for (var i = 0; i < 50_000; i++)
        {
            var number = random.Next(different);
            var text = string.Concat(number.ToString(CultureInfo.InvariantCulture), "é€🙂", new string('x', number % 300));

            Assert.True(texts.Of(text) == text && texts.Of(Encoding.UTF8.GetBytes(text)) == text, $"{why}: {text}");
        }
    }
}

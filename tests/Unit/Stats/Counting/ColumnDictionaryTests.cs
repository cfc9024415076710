using Spoo.Data.Stats.Counting.Columns;
using Xunit;

namespace Spoo.Tests.Stats.Counting;

public sealed class ColumnDictionaryTests
{
    [Fact]
    public void Code_zero_is_what_is_not_known()
    {
        var dictionary = new ColumnDictionary();

        Assert.Equal(0, dictionary.Add(null));
        Assert.Equal(0, dictionary.Find(null));
        Assert.Null(dictionary[0]);
    }

    [Fact]
    public void A_text_keeps_the_code_it_got_first()
    {
        var dictionary = new ColumnDictionary();
        var texts = Enumerable.Range(0, 1_000).Select(string? (i) => $"example-{i}.com").ToList();

        var codes = texts.ConvertAll(dictionary.Add);

        Assert.Equal(Enumerable.Range(1, 1_000), codes);
        Assert.Equal(codes, texts.ConvertAll(dictionary.Add));
        Assert.Equal(texts, codes.ConvertAll(code => dictionary[code]));
        Assert.Equal(1_001, dictionary.Count);
    }

    [Fact]
    public void Looking_for_a_text_does_not_add_it()
    {
        var dictionary = new ColumnDictionary();

        Assert.Null(dictionary.Find("never clicked"));
        Assert.Equal(1, dictionary.Count);
    }

    [Fact]
    public void Texts_that_differ_in_case_are_different()
    {
        var dictionary = new ColumnDictionary();

        Assert.NotEqual(dictionary.Add("Spring"), dictionary.Add("spring"));
    }
}

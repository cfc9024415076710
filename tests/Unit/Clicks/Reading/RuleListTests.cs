using System.Text;
using System.Text.RegularExpressions;
using Spoo.Data.Clicks.Reading;
using Spoo.Data.Clicks.Reading.Rules;
using Xunit;

namespace Spoo.Tests.Clicks.Reading;

public class RuleListTests
{
    [Fact]
    public void The_first_rule_is_the_one_that_trying_all_of_them_finds()
    {
        var userAgents = Fixture.UserAgents().ToList();
        var random = new Random(4711);
        var sample = Enumerable.Range(0, 250).Select(_ => userAgents[random.Next(userAgents.Count)])
            .Concat(Enumerable.Range(0, 150).Select(_ => MixedUp(userAgents, random)));

        foreach (var userAgent in sample)
        {
            foreach (var list in UapRulesTests.Rules.Lists)
            {
                Assert.Equal(list.FirstByTryingAll(userAgent), list.First(userAgent, out _));
            }
        }
    }

    [Fact]
    public void Random_rules_are_found_in_random_texts_as_trying_all_of_them_finds()
    {
        var random = new Random(1968);
        for (var round = 0; round < 400; round++)
        {
            var list = new RuleList([.. Enumerable.Range(0, 12).Select(_ => new Rule(RandomPattern(random, depth: 3), random.Next(3) == 0))]);
            for (var i = 0; i < 40; i++)
            {
                var text = new string(random.GetItems<char>("aAbBc.-", random.Next(14)));

                Assert.True(list.FirstByTryingAll(text) == list.First(text, out _), $"{text} in {string.Join("   ", list.Patterns)}");
            }
        }
    }

    [Theory]
    [InlineData("(iPad|iPod);.{0,9}OS (\\d+)", "ipad;|ipod; & os ")]
    [InlineData("[Bb]ot/(\\d)", "bot/")]
    [InlineData("; {0,2}(AP)-?x", ";  ap-x|;  apx|; ap-x|; apx|;ap-x|;apx")]
    [InlineData("foo(?:bar|)baz", "foobarbaz|foobaz")]
    [InlineData("foo(bar)?\\d", "foo|foobar")]
    [InlineData("foo(?!bar)baz", "foobaz")]
    [InlineData("foo(bar)+x", "foo & bar")]
    [InlineData("(alpha\\d|beta)x", "alpha|beta")]
    [InlineData("foo[^a]bar", "foo & bar")]
    [InlineData("^Mozilla$", "mozilla")]
    [InlineData("a{2,3}b", "aaab|aab")]
    [InlineData("a{b}c", "a{b}c")]
    [InlineData("[]x]+foo", "foo")]
    [InlineData("\\.com\\b", ".com")]
    public void A_rule_says_which_words_it_needs(string pattern, string clauses)
    {
        var got = RequiredLiterals.Of(pattern).Select(clause => string.Join('|', clause.Order(StringComparer.Ordinal)));

        Assert.Equal(clauses, string.Join(" & ", got));
    }

    [Theory]
    [InlineData("(alpha|\\d)")]
    [InlineData("(alpha)?")]
    [InlineData("(alpha)*")]
    [InlineData("(alpha){0,3}x")]
    [InlineData("(?i)alpha")]
    [InlineData("alpha\\p{L}")]
    [InlineData("(alpha)\\k<1>")]
    [InlineData("alpha|")]
    [InlineData("ä")]
    public void A_rule_that_needs_no_word_or_is_not_understood_is_always_tried(string pattern) =>
        Assert.Empty(RequiredLiterals.Of(pattern));

    [Fact]
    public void A_letter_that_ignoring_case_takes_for_another_is_not_overlooked()
    {
        var everyCharacter = Enumerable.Range(1, char.MaxValue - 1).Select(c => (char)c).Where(c => !char.IsSurrogate(c)).ToList();
        for (var letter = 'a'; letter <= 'z'; letter++)
        {
            var rule = new Rule($"{letter}{letter}", IgnoreCase: true);
            var list = new RuleList([rule]);
            var regex = new Regex(rule.Pattern, RegexOptions.IgnoreCase | RegexOptions.CultureInvariant);

            Assert.All(everyCharacter, c => Assert.Equal(regex.IsMatch($"{c}{letter}") ? 0 : -1, list.First($"{c}{letter}", out _)));
        }
    }

    [Fact]
    public void A_thousand_hostile_characters_take_milliseconds_not_minutes()
    {
        var words = Lists.SelectMany(list => list.Patterns)
            .SelectMany(pattern => RequiredLiterals.Of(pattern).Select(clause => clause[0]))
            .Distinct();

        foreach (var word in words)
        {
            var hostile = string.Concat(Enumerable.Repeat(word, UserAgents.LongestRead / word.Length));
            foreach (var list in Lists)
            {
                list.First(hostile, out _);
            }
        }

        Assert.All(Lists, list => Assert.Equal(0, list.GivenUp));
    }

    private static IEnumerable<RuleList> Lists => [.. UapRulesTests.Rules.Lists, Bots.List.Value.Rules];

    // Groups repeat a counted number of times only: repeats within repeats would take the regular expressions for ever.
    private static string RandomPattern(Random random, int depth) => string.Concat(Enumerable.Range(0, random.Next(1, 5)).Select(_ =>
        depth > 0 && random.Next(3) == 0 ? RandomGroup(random, depth - 1) + OneOf(random, "", "?", "{0,2}", "{2}")
        : RandomAtom(random) + OneOf(random, "", "", "", "", "?", "*", "+", "+?", "{0,2}", "{2}", "{1,}")));

    private static string RandomGroup(Random random, int depth) => random.Next(3) switch
    {
        0 => $"(?:{RandomPattern(random, depth)}|{RandomPattern(random, depth)})",
        1 => $"(?:{RandomPattern(random, depth)}|)",
        _ => $"(?:{RandomPattern(random, depth)})",
    };

    private static string RandomAtom(Random random) => random.Next(8) switch
    {
        0 => "[ab]",
        1 => "[^a]",
        2 => @"\.",
        3 => ".",
        4 => @"\w",
        _ => new string(random.GetItems<char>("aAbBc-", random.Next(1, 4))),
    };

    private static string OneOf(Random random, params string[] choices) => choices[random.Next(choices.Length)];

    private static string MixedUp(List<string> userAgents, Random random)
    {
        var mixed = new StringBuilder();
        while (mixed.Length < 300)
        {
            var piece = userAgents[random.Next(userAgents.Count)];
            var start = random.Next(piece.Length);
            mixed.Append(piece, start, random.Next(piece.Length - start) + 1);
        }

        return mixed.ToString();
    }
}

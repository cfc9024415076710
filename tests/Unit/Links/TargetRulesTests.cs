using Spoo.Data.Clicks.Reading;
using Spoo.Data.Links;
using Spoo.Data.Links.Targets;
using Spoo.Tests.Support;

namespace Spoo.Tests.Links;

public sealed class TargetRulesTests
{
    private static readonly TargetVisit Somebody = new(LinkId: 7, Visitor: 42, Some.Noon);

    [Fact]
    public void The_first_rule_that_holds_says_where_to_and_otherwise_none_does()
    {
        var rules = TargetRules.Of(
        [
            new TargetRule { Url = "https://example.com/de-phone", Countries = ["DE"], Devices = ["mobile"] },
            new TargetRule { Url = "https://example.com/de", Countries = ["AT", "DE"] },
            new TargetRule { Url = "https://example.com/app", Systems = ["iOS"] },
            new TargetRule { Url = "https://example.com/fr", Languages = ["fr"] },
            new TargetRule { Url = "https://example.com/noon", From = Some.Noon, Until = Some.Noon.AddHours(1) },
        ])!;

        Assert.Equal("https://example.com/de-phone", rules.For(Somebody with { Country = "DE", Device = "mobile" })?.Url);
        Assert.Equal("https://example.com/de", rules.For(Somebody with { Country = "DE", Device = "desktop" })?.Url);
        Assert.Equal("https://example.com/app", rules.For(Somebody with { Country = "CH", System = "iOS", Language = "fr" })?.Url);
        Assert.Equal("https://example.com/fr", rules.For(Somebody with { Language = "fr" })?.Url);
        Assert.Equal("https://example.com/noon", rules.For(Somebody)?.Url);
        Assert.Null(rules.For(Somebody with { Time = Some.Noon.AddHours(1) }));
        Assert.Null(rules.For(Somebody with { Time = Some.Noon.AddSeconds(-1), Country = "CH" }));
        Assert.True(rules is { AskForAgent: true, AskForLanguage: true });
    }

    [Fact]
    public void A_visitor_is_always_on_the_same_side_of_a_split_test_and_each_side_gets_its_part()
    {
        var rules = TargetRules.Of([new TargetRule { Url = "https://example.com/b", Weight = 30 }, new TargetRule { Url = "https://example.com/c", Weight = 20 }])!;
        var counts = new Dictionary<string, int>();
        for (var visitor = 0L; visitor < 20_000; visitor++)
        {
            // Hashes of visitors are any numbers; numbers in a row are the hardest to spread.
            var visit = Somebody with { Visitor = visitor };
            var first = rules.For(visit)?.Url ?? "";
            Assert.Equal(first, rules.For(visit with { Time = Some.Noon.AddDays(30) })?.Url ?? "");
            counts[first] = counts.GetValueOrDefault(first) + 1;
        }

        Assert.InRange(counts["https://example.com/b"], 5_700, 6_300);
        Assert.InRange(counts["https://example.com/c"], 3_700, 4_300);
        Assert.InRange(counts[""], 9_600, 10_400);

        // Who is in one test's first part is not in another's by that.
        var both = Enumerable.Range(0, 20_000).Count(visitor =>
            rules.For(Somebody with { Visitor = visitor })?.Weight == 30 && rules.For(Somebody with { Visitor = visitor, LinkId = 8 })?.Weight == 30);
        Assert.InRange(both, 1_500, 2_100);
    }

    [Fact]
    public void Rules_are_stored_as_they_are_and_each_has_a_name_of_its_own()
    {
        var rules = TargetRules.Of(
        [
            new TargetRule { Url = "https://example.com/a", Countries = ["DE", "AT"] },
            new TargetRule { Url = "https://example.com/b?x=1", Weight = 10, From = Some.Noon, Until = Some.Noon.AddDays(1) },
            new TargetRule { Url = "https://example.com/b?x=2", Weight = 20 },
            new TargetRule { Name = "Mine", Url = "https://example.com/c", Systems = ["iOS"], Devices = ["tablet"], Languages = ["de"] },
        ])!;

        Assert.Equal(["DE,AT", "example.com/b", "example.com/b 2", "Mine"], rules.All.Select(rule => rule.Name));
        Assert.Equal(rules, TargetRules.Parse(rules.ToString()));
        Assert.Equal(rules.ToString(), TargetRules.Parse(rules.ToString())!.ToString());
        Assert.Null(TargetRules.Of([]));
        Assert.Null(TargetRules.Parse(null));
        Assert.True(TargetRules.Of([new TargetRule { Url = "https://example.com/" + new string('x', 200), Weight = 1 }])!.All[0].Name.Length <= TargetRule.MaxNameLength);
    }

    [Fact]
    public void What_is_said_of_countries_leaves_other_rules_alone()
    {
        var before = TargetRules.Of(
        [
            new TargetRule { Name = "app", Url = "https://example.com/app", Systems = ["iOS"] },
            new TargetRule { Url = "https://example.com/de", Countries = ["DE", "AT"] },
            new TargetRule { Url = "https://example.com/b", Weight = 50 },
        ]);

        Assert.Equal([("DE", "https://example.com/de"), ("AT", "https://example.com/de")], TargetsEdit.CountriesOf(before!.All));
        Assert.Equal(before, new TargetsEdit { Countries = TargetsEdit.CountriesOf(before.All) }.Apply(before));
        var changed = new TargetsEdit { Countries = [("FR", "https://example.com/fr")], Systems = [("Android", "https://example.com/play"), ("iOS", null)], Variants = [("https://example.com/c", 10)] }.Apply(before)!;
        Assert.Equal(["Android", "FR", "example.com/c"], changed.All.Select(rule => rule.Name));
        Assert.Null(new TargetsEdit { All = [] }.Apply(before));
        Assert.Equal(["FR", "example.com/b"], new TargetsEdit { Variants = [("https://example.com/b", 1)], Countries = [("FR", "https://example.com/fr")] }.Apply(null)!.All.Select(rule => rule.Name));
    }

    [Theory]
    [InlineData("Germany", "mobile", "ios", "German", null)]
    [InlineData("DE", "Mobile", "Mac OS X", "de-AT", null)]
    [InlineData("ZZ", "mobile", "iOS", "de", "countries")]
    [InlineData("DE", "phone", "iOS", "de", "devices")]
    [InlineData("DE", "mobile", "Andriod", "de", "systems")]
    [InlineData("DE", "mobile", "iOS", "xx", "languages")]
    public void Words_of_rules_are_those_by_which_clicks_are_counted(string country, string device, string system, string language, string? fault)
    {
        var (rule, field, problem) = TargetWords.Read(new TargetRule { Url = "https://example.com/", Countries = [country], Devices = [device], Systems = [system], Languages = [language] });

        Assert.Equal(fault, field);
        Assert.Equal(fault is null, problem is null);
        if (rule is not null)
        {
            Assert.Equal(("DE", "mobile", "de"), (rule.Countries[0], rule.Devices[0], rule.Languages[0]));
            Assert.True(rule.Systems[0] is "iOS" or "macOS");
        }
    }

    [Theory]
    [InlineData("https://example.com/?a=1&b=2#top", "?b=3&c=4", "https://example.com/?a=1&b=3&c=4#top")]
    [InlineData("https://example.com/?a=1&b=2&b=3", "?b=4&b=5&a=6", "https://example.com/?a=6&b=4&b=5")]
    [InlineData("https://example.com/", "?b=%C3%BC&qr=1&password=x", "https://example.com/?b=%C3%BC")]
    [InlineData("https://example.com/?a", "?qr=1", "https://example.com/?a")]
    [InlineData("https://example.com/#/app?x=1", "?a=1", "https://example.com/?a=1#/app?x=1")]
    public void A_query_that_is_passed_on_replaces_what_the_destination_has(string location, string query, string expected) =>
        Assert.Equal(expected, LinkRedirects.WithQuery(location, query));

    [Theory]
    [InlineData("https://example.com", "/a/b", "https://example.com/a/b")]
    [InlineData("https://example.com/docs/?v=1#top", "/a%20b", "https://example.com/docs/a%20b?v=1#top")]
    [InlineData("https://example.com/docs", "//other.example/x", "https://example.com/docs//other.example/x")]
    [InlineData("mailto:someone@example.com", "/a", "mailto:someone@example.com")]
    [InlineData("https://example.com/docs", "/", "https://example.com/docs")]
    public void A_path_that_is_passed_on_stays_on_the_destinations_host(string location, string rest, string expected) =>
        Assert.Equal(expected, LinkRedirects.WithPath(location, rest));
}

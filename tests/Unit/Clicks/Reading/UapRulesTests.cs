using Spoo.Data.Clicks.Reading.Rules;
using Xunit;

namespace Spoo.Tests.Clicks.Reading;

public class UapRulesTests
{
    internal static readonly UapRules Rules = UapRules.Parse(RuleFile.Open("regexes.yaml"));

    [Theory]
    [InlineData("test_ua", 1425)]
    [InlineData("firefox_user_agent_strings", 243)]
    [InlineData("opera_mini_user_agent_strings", 203)]
    [InlineData("podcasting_user_agent_strings", 144)]
    [InlineData("pgts_browser_list", 12500)]
    public void Browsers_are_read_as_the_rules_project_expects(string file, int count) =>
        AssertCases(file, count, Rules.Browser, "family", "major", "minor", "patch");

    [Theory]
    [InlineData("test_os", 456)]
    [InlineData("additional_os_tests", 23)]
    public void Systems_are_read_as_the_rules_project_expects(string file, int count) =>
        AssertCases(file, count, Rules.System, "family", "major", "minor", "patch", "patch_minor");

    [Fact]
    public void Devices_are_read_as_the_rules_project_expects() =>
        AssertCases("test_device", 16111, Rules.Device, "family", "brand", "model");

    private static void AssertCases(string file, int count, Func<string, string?[]?> read, params string[] parts)
    {
        var cases = Fixture.UapCases(file);
        Assert.Equal(count, cases.Count);

        var different = cases
            .Select(each => (Case: each, Got: read(each["user_agent_string"])))
            .Select(each => (
                UserAgent: each.Case["user_agent_string"],
                Expected: string.Join(" | ", parts.Select(part => each.Case.GetValueOrDefault(part))),
                Got: string.Join(" | ", parts.Select((_, i) => each.Got?[i] ?? (i == 0 ? "Other" : null)))))
            .Where(each => each.Expected != each.Got)
            .Select(each => $"{each.UserAgent}\n  expected {each.Expected}\n  got      {each.Got}");

        Assert.Equal([], different);
    }
}

using System.Text.RegularExpressions;
using Spoo.Data.Alerts;
using Spoo.Data.Stats.Question;
using Spoo.Web.Words;

namespace Spoo.Tests.Words;

/// <summary>One of anything is called by its singular.</summary>
public sealed partial class PluralsTests
{
    // Whose numbers are never one: they are bounds and rhythms that are written in the code.
    private static readonly string[] AlwaysMany =
    [
        "Last {0} hours", "Last {0} days", "Last {0} months", "No clicks in the last {0} days", "In the last {0} days it would have said nothing.",
        "What happened in the last {0} days", "Switched off: nothing arrived {0} times in a row", "Up to {0} tags of up to {1} characters, separated by commas.",
        "There is room for {0} views. Delete one that is no longer needed.", "Name up to {0} links.", "Clocks went forward by {0} minutes",
        "Clocks went back by {0} minutes", "{0:N0} clicks in {1:N0} more", "The first {0:N0} of {1:N0} rows; the file has all of them.",
        "You have {0} passkeys, which are as many as there can be.", "You have {0} reports already. Stop one first.", "{0} times", "{0} filters", "{0} files",
        "You have {0} keys that work, and no account may have more. Revoke one that you no longer need.", "{0:0.#} hours", "{0} of {1} clicks",
    ];

    /// <summary>The words stand behind their number, so that they are found.</summary>
    [Fact]
    public void A_text_that_counts_has_a_form_for_one()
    {
        var texts = Directory.EnumerateFiles(HouseRulesTests.SourceFolder("src", "Spoo.Web"), "*", SearchOption.AllDirectories)
            .Where(file => Path.GetExtension(file) is ".cs" or ".razor" && !Regex.IsMatch(file, @"[/\\](bin|obj)[/\\]"))
            .SelectMany(file => Text().Matches(File.ReadAllText(file)).Select(match => match.Groups[1].Value));

        Assert.Empty(texts.Where(text => Counted().IsMatch(text)).Except(AlwaysMany, StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("1min", "Last minute")]
    [InlineData("1h", "Last hour")]
    [InlineData("1d", "Today")]
    [InlineData("1w", "The last seven days")]
    [InlineData("1mo", "Month to date")]
    [InlineData("1y", "The last twelve months")]
    [InlineData("2w", "Last 2 weeks")]
    public void Every_period_has_a_name_without_a_wrong_plural(string period, string name) =>
        Assert.Equal(name, PeriodLabels.Of(Assert.IsType<Period>(Period.Find(period))));

    [Theory]
    [InlineData(AlertKind.Spike, 3, 1, "At 3 times what is usual in the hour of the week, from 1 click an hour")]
    [InlineData(AlertKind.Bots, 3, 1, "At 3 times what is usual in the hour of the week, from 1 visit an hour")]
    [InlineData(AlertKind.Silence, 1, 1, "After 1 hour, where 1 or more clicks are usual in such a time")]
    [InlineData(AlertKind.LinkEnding, 1, 0, "1 hour before")]
    [InlineData(AlertKind.LinkEnding, 72, 0, "72 hours before")]
    public void A_rule_of_alerts_speaks_of_one_as_of_one(AlertKind kind, int threshold, int minimum, string sentence) =>
        Assert.Equal(sentence, AlertWords.Of(new AlertRule { Id = "a", OwnerId = "b", Kind = kind, Threshold = threshold, Minimum = minimum, CreatedAt = default, NextAt = default }));

    [Theory]
    [InlineData(60, "one hour")]
    [InlineData(61, "one hour")]
    [InlineData(90, "1.5 hours")]
    [InlineData(120, "2 hours")]
    public void Hours_are_many_unless_one_is_shown(int minutes, string words) => Assert.Equal(words, Numbers.Hours(TimeSpan.FromMinutes(minutes)));

    [GeneratedRegex("\\bT\\(\"((?:[^\"\\\\]|\\\\.)*)\"")]
    private static partial Regex Text();

    [GeneratedRegex(@"\{\d[^}]*\} (?:clicks|visits|links|files|rows|lines|minutes|hours|days|weeks|months|years|seconds|times|filters|keys|views|tags|reports|passkeys|people|visitors|domains|imports|webhooks|accounts|rules|alerts|attempts)\b")]
    private static partial Regex Counted();
}

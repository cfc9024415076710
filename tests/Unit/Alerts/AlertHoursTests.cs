using Spoo.Data;
using Spoo.Data.Alerts;
using Spoo.Data.Stats.Question;
using Spoo.Tests.Support;

namespace Spoo.Tests.Alerts;

/// <summary>What is usual in an hour of the week, and what is so unusual that it is told.</summary>
public sealed class AlertHoursTests
{
    /// <summary>A Monday, midnight in Berlin.</summary>
    private static readonly DateTimeOffset Start = new(2026, 1, 4, 23, 0, 0, TimeSpan.Zero);

    private static readonly TimeZoneInfo Berlin = TimeZones.Resolve("Europe/Berlin");

    [Fact]
    public void An_ordinary_Monday_after_a_weekend_raises_nothing()
    {
        var hours = Hours(Working, days: 8 * 7);

        Assert.Empty(hours.Find(Rule(AlertKind.Spike), Start, Start.AddDays(100)));
        Assert.Empty(hours.Find(Rule(AlertKind.Silence, threshold: 48), Start, Start.AddDays(100)));
    }

    [Fact]
    public void A_planted_spike_is_told_with_what_is_usual_and_no_other_hour_is()
    {
        var planted = Start.AddDays(44).AddHours(10); // a Wednesday
        var hours = Hours(local => Berlin.At(local) == planted ? 200 : Working(local), days: 8 * 7);

        var finding = Assert.Single(hours.Find(Rule(AlertKind.Spike), Start, Start.AddDays(100)));
        Assert.Equal((200, 40), (finding.Value, finding.Usual));
        Assert.Equal(planted.AddHours(1), finding.At.ToUniversalTime());
        Assert.Equal("Clicks within an hour: 200; usual in this hour of the week: 40", finding.Message.ToString());
    }

    [Fact]
    public void One_loud_week_does_not_make_the_next_look_quiet_and_few_clicks_are_no_spike()
    {
        // The same hour of the week before had a hundred times as many: the median does not care.
        var loud = Start.AddDays(37).AddHours(10);
        var planted = Start.AddDays(44).AddHours(10);
        var hours = Hours(local => Berlin.At(local) == loud ? 4_000 : Berlin.At(local) == planted ? 160 : Working(local), days: 8 * 7);
        Assert.Equal([loud.AddHours(1), planted.AddHours(1)], hours.Find(Rule(AlertKind.Spike), Start, Start.AddDays(100)).Select(finding => finding.At.ToUniversalTime()));
        Assert.Equal([loud.AddHours(1)], hours.Find(Rule(AlertKind.Spike, minimum: 200), Start, Start.AddDays(100)).Select(finding => finding.At.ToUniversalTime()));
    }

    [Fact]
    public void Before_two_weeks_are_known_nothing_is_usual()
    {
        var hours = Hours(local => Berlin.At(local) >= Start.AddDays(20) ? Working(local) * 10 : 0, days: 8 * 7, begin: Start.AddDays(20));

        Assert.Empty(hours.Find(Rule(AlertKind.Spike), Start, Start.AddDays(34)));
        Assert.Empty(hours.Find(Rule(AlertKind.Spike), Start, Start.AddDays(100)));
    }

    [Fact]
    public void A_silence_is_told_once_it_has_lasted_and_is_the_same_silence_from_then_on()
    {
        var end = Start.AddDays(43).AddHours(12); // Tuesday noon: the last clicks
        var hours = Hours(local => Berlin.At(local) < end ? Working(local) : 0, days: 46);

        var findings = hours.Find(Rule(AlertKind.Silence, threshold: 6), end, Start.AddDays(46)).ToList();

        Assert.Equal(end.AddHours(6), findings[0].At.ToUniversalTime());
        Assert.Equal(6, findings[0].Value);
        Assert.Equal(40 * 6, findings[0].Usual);
        Assert.Single(findings.Select(finding => finding.Key).Distinct());
    }

    [Fact]
    public void A_night_without_clicks_is_no_silence()
    {
        var hours = Hours(Working, days: 8 * 7);

        Assert.Empty(hours.Find(Rule(AlertKind.Silence, threshold: 8), Start, Start.AddDays(100)));
    }

    [Fact]
    public void The_hour_that_happens_twice_is_no_spike_and_the_one_that_does_not_is_missed_by_nobody()
    {
        // From the last week of August over the end of summer time, and from January over its beginning.
        foreach (var first in new[] { new DateTime(2026, 8, 31), new DateTime(2026, 2, 2) })
        {
            var range = new TimeRange(Berlin.At(first), Berlin.At(first.AddDays(70)).AddMilliseconds(-1), Berlin);
            var buckets = TimeBuckets.Of(range, TimeBucketWidth.Hour).All;
            var hours = new AlertHours(buckets, [.. buckets.Select(bucket => (long)(30 * bucket.Length.TotalHours))], range.Start);

            Assert.Empty(hours.Find(Rule(AlertKind.Spike, threshold: 2, minimum: 1), range.Start, range.End.AddDays(1)));
        }
    }

    // Forty clicks an hour from eight to eight on working days, few on weekends, none at night.
    private static long Working(DateTime local) =>
        local.Hour is < 8 or >= 20 ? 0 : local.DayOfWeek is DayOfWeek.Saturday or DayOfWeek.Sunday ? 1 : local.DayOfWeek == DayOfWeek.Monday && local.Hour == 9 ? 150 : 40;

    private static AlertHours Hours(Func<DateTime, long> clicks, int days, DateTimeOffset? begin = null)
    {
        var buckets = TimeBuckets.Of(new TimeRange(Start, Start.AddDays(days).AddMilliseconds(-1), Berlin), TimeBucketWidth.Hour).All;
        return new AlertHours(buckets, [.. buckets.Select(bucket => clicks(bucket.Start.DateTime))], begin ?? Start);
    }

    private static AlertRule Rule(AlertKind kind, int? threshold = null, int? minimum = null) => new()
    {
        Id = PublicId.New(Some.Noon),
        OwnerId = "somebody",
        Kind = kind,
        Threshold = threshold ?? AlertKindFacts.Of(kind).Threshold,
        Minimum = minimum ?? AlertKindFacts.Of(kind).Minimum ?? 0,
        CreatedAt = Some.Noon,
        NextAt = Some.Noon,
    };
}

file static class Zones
{
    public static DateTimeOffset At(this TimeZoneInfo zone, DateTime local) => new DateTimeOffset(local, zone.GetUtcOffset(local)).ToUniversalTime();
}

using System.Globalization;
using Spoo.Data.Stats.Question;
using Xunit;

namespace Spoo.Tests.Stats.Question;

public sealed class TimeBucketsTests
{
    [Theory]
    [InlineData("2024-01-01T12:03:00Z", "2024-01-01T12:25:00Z", "10_minute", "2024-01-01 12:00|2024-01-01 12:10|2024-01-01 12:20")]
    [InlineData("2024-01-01T02:30:00Z", "2024-01-01T04:00:00Z", "hour", "2024-01-01 02:00|2024-01-01 03:00|2024-01-01 04:00")]
    [InlineData("2024-01-01T12:00:00Z", "2024-01-03T06:00:00Z", "day", "2024-01-01|2024-01-02|2024-01-03")]
    [InlineData("2024-01-05T12:00:00Z", "2024-01-05T12:00:00Z", "day", "2024-01-05")]
    [InlineData("2024-01-03T00:00:00Z", "2024-01-14T00:00:00Z", "week", "2024-W01|2024-W02")]
    [InlineData("2024-12-30T00:00:00Z", "2024-12-31T00:00:00Z", "week", "2025-W01")]
    [InlineData("2023-11-15T00:00:00Z", "2024-01-10T00:00:00Z", "month", "2023-11|2023-12|2024-01")]
    public void Every_bucket_that_the_range_touches_is_there_in_order(string start, string end, string width, string labels)
    {
        var buckets = TimeBuckets.Of(Range("UTC", start, end), TimeBucketWidth.Find(width)!);

        Assert.Equal(labels.Split('|'), buckets.All.Select(bucket => bucket.Label));
    }

    [Theory]
    [InlineData(60, "10_minute")]
    [InlineData(61, "hour")]
    [InlineData(24 * 60, "hour")]
    [InlineData((24 * 60) + 1, "day")]
    [InlineData(90 * 24 * 60, "day")]
    [InlineData((90 * 24 * 60) + 1, "week")]
    [InlineData(366 * 24 * 60, "week")]
    [InlineData((366 * 24 * 60) + 1, "month")]
    public void The_width_follows_the_length_of_the_range(int minutes, string width) =>
        Assert.Equal(width, TimeBucketWidth.For(TimeSpan.FromMinutes(minutes)).Name);

    [Fact]
    public void The_hour_that_happens_twice_is_one_bucket_two_hours_long()
    {
        var buckets = TimeBuckets.Of(Range("Europe/Berlin", "2025-10-25T22:00:00Z", "2025-10-26T05:00:00Z"), TimeBucketWidth.Hour);

        var twice = Assert.Single(buckets.All, bucket => bucket.Label == "2025-10-26 02:00");
        Assert.Equal(TimeSpan.FromHours(2), twice.Length);
        Assert.Equal(TimeSpan.FromHours(2), twice.Start.Offset);
        Assert.Equal(TimeSpan.FromHours(1), twice.End.Offset);
    }

    [Fact]
    public void The_hour_that_does_not_happen_is_not_there()
    {
        var buckets = TimeBuckets.Of(Range("Europe/Berlin", "2025-03-29T23:00:00Z", "2025-03-30T05:00:00Z"), TimeBucketWidth.Hour);

        Assert.DoesNotContain(buckets.All, bucket => bucket.Label == "2025-03-30 02:00");
        Assert.Contains(buckets.All, bucket => bucket.Label == "2025-03-30 03:00");
    }

    [Fact]
    public void Ten_minutes_that_happen_twice_an_hour_apart_are_one_bucket_twenty_minutes_long()
    {
        var buckets = TimeBuckets.Of(Range("America/New_York", "2025-11-02T05:00:00Z", "2025-11-02T06:59:00Z"), TimeBucketWidth.TenMinutes);

        var twice = Assert.Single(buckets.All, bucket => bucket.Label == "2025-11-02 01:10");
        Assert.Equal(TimeSpan.FromMinutes(20), twice.Length);
        Assert.Equal(buckets.NumberOf(At("2025-11-02T05:15:00Z")), buckets.NumberOf(At("2025-11-02T06:15:00Z")));
    }

    [Fact]
    public void A_day_whose_midnight_does_not_exist_begins_at_one()
    {
        // Chile puts its clocks forward at midnight.
        var buckets = TimeBuckets.Of(Range("America/Santiago", "2025-09-05T12:00:00Z", "2025-09-08T12:00:00Z"), TimeBucketWidth.Day);

        var day = Assert.Single(buckets.All, bucket => bucket.Label == "2025-09-07");
        Assert.Equal(1, day.Start.Hour);
        Assert.Equal(TimeSpan.FromHours(23), day.Length);
    }

    [Fact]
    public void The_day_that_Samoa_skipped_is_not_there()
    {
        var buckets = TimeBuckets.Of(Range("Pacific/Apia", "2011-12-28T12:00:00Z", "2012-01-02T12:00:00Z"), TimeBucketWidth.Day);

        Assert.Equal(
            ["2011-12-28", "2011-12-29", "2011-12-31", "2012-01-01", "2012-01-02", "2012-01-03"],
            buckets.All.Select(bucket => bucket.Label));
    }

    [Fact]
    public void A_range_with_more_buckets_than_anybody_wants_is_too_many()
    {
        var range = Range("UTC", "2015-01-01T00:00:00Z", "2025-01-01T00:00:00Z");

        Assert.True(TimeBuckets.TooMany(range, TimeBucketWidth.TenMinutes));
        Assert.False(TimeBuckets.TooMany(range, TimeBucketWidth.Day));
    }

    /// <summary>
    /// The slow way: look at the clock on the wall, every minute while it is being changed and every few minutes otherwise, around
    /// every change of every zone.
    /// </summary>
    [Theory]
    [MemberData(nameof(Widths))]
    public void Buckets_agree_with_the_clock_on_the_wall_around_every_change_of_every_zone(string widthName)
    {
        var width = TimeBucketWidth.Find(widthName)!;
        var margin = width == TimeBucketWidth.Month ? TimeSpan.FromDays(40) : width == TimeBucketWidth.Week ? TimeSpan.FromDays(9) : TimeSpan.FromDays(2);
        foreach (var (zone, change) in ChangesOfDifferentZones.Value)
        {
            var range = new TimeRange(change - margin, change + margin, zone);
            var buckets = TimeBuckets.Of(range, width);
            var lengths = new Dictionary<string, TimeSpan>();
            var step = TimeSpan.Zero;
            for (var at = range.Start; at <= range.End; at += step)
            {
                var calm = TimeSpan.FromMinutes(width == TimeBucketWidth.TenMinutes ? 5 : 15);
                step = zone.GetUtcOffset(at) == zone.GetUtcOffset(at + calm)
                    ? TimeSpan.FromTicks(calm.Ticks - (at.Ticks % calm.Ticks))
                    : TimeSpan.FromMinutes(1);
                var label = OnTheWall(TimeZoneInfo.ConvertTime(at, zone).DateTime, width);
                if (buckets.All[buckets.NumberOf(at)].Label != label)
                {
                    Assert.Fail($"{zone.Id} {at:O}: {buckets.All[buckets.NumberOf(at)].Label} instead of {label}");
                }

                lengths[label] = lengths.GetValueOrDefault(label) + step;
            }

            Assert.Equal(lengths.Keys, buckets.All.Select(bucket => bucket.Label));
            foreach (var bucket in buckets.All.Skip(1).SkipLast(1).Where(bucket => bucket.Start >= range.Start && bucket.End <= range.End))
            {
                if (bucket.Length != lengths[bucket.Label])
                {
                    Assert.Fail($"{zone.Id} {bucket.Label}: {bucket.Length} instead of {lengths[bucket.Label]}");
                }
            }
        }
    }

    [Fact]
    public void A_day_begins_at_the_first_instant_that_shows_its_date()
    {
        foreach (var (zone, change) in ChangesOfDifferentZones.Value)
        {
            for (var days = -1; days <= 1; days++)
            {
                var date = TimeZoneInfo.ConvertTime(change, zone).Date.AddDays(days);

                var start = Period.StartOfDay(date, zone);

                if (TimeZoneInfo.ConvertTime(start, zone).Date != date || TimeZoneInfo.ConvertTime(start.AddMilliseconds(-1), zone).Date == date)
                {
                    Assert.Fail($"{zone.Id}: {date:yyyy-MM-dd} does not begin at {start:O}");
                }
            }
        }
    }

    public static TheoryData<string> Widths() => [.. TimeBucketWidth.All.Select(width => width.Name)];

    /// <summary>Every change from 2020 to 2030, to the hour; of zones that change alike, one stands for all.</summary>
    private static readonly Lazy<List<(TimeZoneInfo Zone, DateTimeOffset Change)>> ChangesOfDifferentZones = new(() =>
    {
        var seen = new HashSet<string>();
        var changes = new List<(TimeZoneInfo, DateTimeOffset)>();
        foreach (var zone in TimeZones.Names.Select(name => TimeZones.Find(name)!))
        {
            var own = ChangesOf(zone);
            var signature = zone.BaseUtcOffset + string.Join('|', own.Select(change => $"{change:O}{zone.GetUtcOffset(change)}"));
            if (seen.Add(signature))
            {
                changes.AddRange(own.Count == 0 ? [(zone, At("2024-02-29T00:00:00Z"))] : own.Select(change => (zone, change)));
            }
        }

        return changes;
    });

    private static List<DateTimeOffset> ChangesOf(TimeZoneInfo zone)
    {
        var changes = new List<DateTimeOffset>();
        for (var half = At("2020-01-01T00:00:00Z"); half < At("2031-01-01T00:00:00Z"); half = half.AddHours(12))
        {
            if (zone.GetUtcOffset(half) != zone.GetUtcOffset(half.AddHours(12)))
            {
                changes.Add(Enumerable.Range(1, 12).Select(hour => half.AddHours(hour)).First(at => zone.GetUtcOffset(at) != zone.GetUtcOffset(half)));
            }
        }

        return changes;
    }

    private static string OnTheWall(DateTime local, TimeBucketWidth width) => width.Name switch
    {
        "10_minute" => local.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture)[..^1] + "0",
        "hour" => local.ToString("yyyy-MM-dd HH", CultureInfo.InvariantCulture) + ":00",
        "day" => local.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
        "week" => $"{ISOWeek.GetYear(local)}-W{ISOWeek.GetWeekOfYear(local):00}",
        _ => local.ToString("yyyy-MM", CultureInfo.InvariantCulture),
    };

    private static TimeRange Range(string zone, string start, string end) => new(At(start), At(end), TimeZones.Find(zone)!);

    private static DateTimeOffset At(string text) => DateTimeOffset.Parse(text, CultureInfo.InvariantCulture);
}

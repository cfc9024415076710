using Spoo.Data.Accounts;
using Spoo.Data.Clicks.Facts;
using Spoo.Data.Stats.Question;
using Spoo.Data.Stats.Report;
using Spoo.Data.Stats;
using Spoo.Tests.Support;



namespace Spoo.Tests.Stats.Report;

public sealed class WeekReportTests(SpooApp app) : IClassFixture<SpooApp>
{
    public static TheoryData<string> Zones => ["UTC", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu", "Pacific/Chatham"];

    [Theory, MemberData(nameof(Zones))]
    public void Hours_of_the_week_share_the_range_among_them_minute_by_minute(string zone)
    {
        // Over both changes of the clock on both halves of the Earth, and begun and ended within an hour.
        var range = RangeOf(zone, new DateTimeOffset(2025, 3, 1, 7, 20, 0, TimeSpan.Zero), new DateTimeOffset(2025, 11, 20, 15, 45, 0, TimeSpan.Zero));

        var hours = TimeBuckets.HoursOfWeek(range).All;

        var minutes = new int[WeekReport.Days * WeekReport.HoursOfDay];
        for (var at = range.Start; at < range.End; at = at.AddMinutes(1))
        {
            minutes[HourOf(range.Local(at))]++;
        }

        Assert.Equal(minutes, hours.Select(hour => (int)Math.Round(hour.Length.TotalMinutes)));
    }

    [Theory, MemberData(nameof(Zones))]
    public async Task Clicks_fall_into_the_hour_that_the_viewers_clock_showed(string zone)
    {
        var random = new Random(7);
        var (viewer, link) = await OwnerAsync();
        var range = RangeOf(zone, new DateTimeOffset(2025, 9, 1, 0, 0, 0, TimeSpan.Zero), new DateTimeOffset(2025, 11, 30, 0, 0, 0, TimeSpan.Zero));
        List<ClickFacts> clicks =
            [.. Enumerable.Range(0, 2000).Select(_ => Some.Click(link, range.Start.AddMilliseconds(random.NextInt64(-86_400_000, 92L * 86_400_000)), random.Next(50)))];
        await app.AddAsync(clicks);

        var week = await AskAsync(viewer, range);

        var inside = clicks.Where(click => range.Contains(click.Time)).ToLookup(click => HourOf(range.Local(click.Time)));
        Assert.Equal(
            Enumerable.Range(0, 168).Select(hour => new Count(inside[hour].Count(), inside[hour].Select(click => click.Visitor).Distinct().Count())),
            week.Hours.Select(hour => hour.Count));
    }

    [Fact]
    public async Task An_hour_is_as_bright_as_it_was_busy_however_often_its_weekday_occurred()
    {
        var (viewer, link) = await OwnerAsync();

        // From Monday to the Monday after next: three Mondays, two Tuesdays.
        var monday = new DateTimeOffset(2026, 2, 2, 0, 0, 0, TimeSpan.Zero);
        List<int> days = [0, 7, 14, 1, 8];
        await app.AddAsync(days.Select(day => Some.Click(link, monday.AddDays(day).AddHours(9))));

        var week = await AskAsync(viewer, RangeOf("UTC", monday, monday.AddDays(15).AddMilliseconds(-1)));

        Assert.Equal((3, TimeSpan.FromHours(3), 1.0), (week.At(0, 9).Count.Clicks, week.At(0, 9).Length, week.At(0, 9).PerHour));
        Assert.Equal((2, TimeSpan.FromHours(2), 1.0), (week.At(1, 9).Count.Clicks, week.At(1, 9).Length, week.At(1, 9).PerHour));
        Assert.Equal(1.0, week.Bright);
    }

    [Fact]
    public async Task An_hour_that_the_range_does_not_have_is_not_one_without_clicks()
    {
        var (viewer, link) = await OwnerAsync();
        await app.AddAsync(Some.Click(link));

        var week = await AskAsync(viewer, RangeOf("UTC", Some.Noon, Some.Noon.AddHours(1).AddMilliseconds(-1)));

        Assert.Equal(1, week.At(2, 12).PerHour);
        Assert.Equal(167, week.Hours.Count(hour => hour.PerHour is null));
    }

    [Fact]
    public void One_outlier_does_not_leave_all_the_others_pale()
    {
        var hours = Enumerable.Range(0, 168).Select(hour => new WeekHour(new Count(hour == 5 ? 10_000 : 10, 1), TimeSpan.FromHours(1))).ToList();

        Assert.Equal(10, new WeekReport { Range = RangeOf("UTC", Some.Noon, Some.Noon), Hours = hours, AsOf = Some.Noon }.Bright);
    }

    private static int HourOf(DateTimeOffset local) => ((((int)local.DayOfWeek + 6) % 7) * 24) + local.Hour;

    private static TimeRange RangeOf(string zone, DateTimeOffset start, DateTimeOffset end) => new(start, end, TimeZoneInfo.FindSystemTimeZoneById(zone));

    private async Task<(Viewer Viewer, Spoo.Data.Links.Link Link)> OwnerAsync()
    {
        var owner = await app.AddUserAsync();
        return (Viewer.User(owner.Id), await app.AddAsync(Some.Link(owner: owner)));
    }

    private async Task<WeekReport> AskAsync(Viewer viewer, TimeRange range)
    {
        var query = new StatsQuery { Start = range.Start, End = range.End, Zone = range.Zone };
        var stats = app.Get<StatsService>();
        var (week, refusal) = await stats.AskWeekAsync(query, viewer, stats.Now(), TestContext.Current.CancellationToken);
        Assert.Null(refusal);
        return week!;
    }
}

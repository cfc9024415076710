using System.Globalization;
using Spoo.Data.Stats.Question;
using Spoo.Web.Words;



namespace Spoo.Tests.Words;

public sealed class DateFormatsTests
{
    [Theory]
    [InlineData("2012-03-16T00:00:00Z", "2012-03-16T23:59:59.999Z", "16 Mar 2012")]
    [InlineData("2012-03-02T00:00:00Z", "2012-03-16T23:59:59.999Z", "2 – 16 Mar 2012")]
    [InlineData("2012-02-28T00:00:00Z", "2012-03-16T23:59:59.999Z", "28 Feb – 16 Mar 2012")]
    [InlineData("2011-12-28T00:00:00Z", "2012-03-16T23:59:59.999Z", "28 Dec 2011 – 16 Mar 2012")]
    [InlineData("2012-03-16T18:40:00Z", "2012-03-16T19:40:00Z", "16 Mar 2012 18:40 – 19:40")]
    [InlineData("2012-03-15T19:40:00Z", "2012-03-16T19:40:00Z", "15 Mar 19:40 – 16 Mar 2012 19:40")]
    [InlineData("2012-03-02T00:00:00Z", "2012-03-16T00:00:00Z", "2 Mar 00:00 – 16 Mar 2012 00:00")]
    [InlineData("2011-12-30T12:00:00Z", "2012-03-15T23:59:59.999Z", "30 Dec 2011 12:00 – 15 Mar 2012 23:59")]
    public void A_range_is_as_short_as_it_can_be_said(string start, string end, string text) =>
        Assert.Equal(text, DateFormats.Of(new TimeRange(At(start), At(end), TimeZones.Utc)));

    [Theory]
    [InlineData("en-US", "Mar 2 – 16, 2012", "Friday, March 16, 2012", DayOfWeek.Sunday)]
    [InlineData("en-GB", "2 – 16 Mar 2012", "Friday, 16 March 2012", DayOfWeek.Monday)]
    [InlineData("en", "2 – 16 Mar 2012", "Friday, 16 March 2012", DayOfWeek.Monday)]
    [InlineData("de-DE", "2. – 16. März 2012", "Freitag, 16. März 2012", DayOfWeek.Monday)]
    public void Dates_and_weeks_are_as_in_the_readers_region(string region, string range, string day, DayOfWeek first)
    {
        var (culture, language) = (CultureInfo.CurrentCulture, CultureInfo.CurrentUICulture);
        try
        {
            CultureInfo.CurrentCulture = CultureInfo.GetCultureInfo(region);
            CultureInfo.CurrentUICulture = CultureInfo.GetCultureInfo(region[..2]);

            Assert.Equal(range, DateFormats.Of(new TimeRange(At("2012-03-02T00:00:00Z"), At("2012-03-16T23:59:59.999Z"), TimeZones.Utc)));
            var bucket = TimeBuckets.Of(new TimeRange(At("2012-03-16T00:00:00Z"), At("2012-03-16T23:59:59.999Z"), TimeZones.Utc), TimeBucketWidth.Day).All[0];
            Assert.Equal(day, DateFormats.Full(bucket, TimeBucketWidth.Day));
            Assert.Equal(first, Weeks.FirstDay);
        }
        finally
        {
            (CultureInfo.CurrentCulture, CultureInfo.CurrentUICulture) = (culture, language);
        }
    }

    [Fact]
    public void What_has_not_come_yet_and_what_was_before_the_first_link_go_without_saying()
    {
        var range = new TimeRange(At("2012-02-28T09:30:00Z"), At("2012-03-16T18:40:00Z"), TimeZones.Utc);

        Assert.Equal("28 Feb – 16 Mar 2012", DateFormats.Of(range, isSinceCreation: true, endsNow: true));
        Assert.Equal("28 Feb 09:30 – 16 Mar 2012 18:40", DateFormats.Of(range, endsNow: true));
        Assert.Equal("28 Feb 09:30 – 16 Mar 2012 18:40", DateFormats.Of(range, isSinceCreation: true));
    }

    [Fact]
    public void A_week_says_its_days_and_its_number()
    {
        var range = new TimeRange(At("2012-03-12T00:00:00Z"), At("2012-03-20T00:00:00Z"), TimeZones.Utc);
        var bucket = TimeBuckets.Of(range, TimeBucketWidth.Week).All[0];

        Assert.Equal("12 Mar – 18 Mar 2012 (week 11)", DateFormats.Full(bucket, TimeBucketWidth.Week));
    }

    [Fact]
    public void An_hour_names_its_day_once_the_chart_has_more_than_one()
    {
        var range = new TimeRange(At("2012-03-12T00:00:00Z"), At("2012-03-20T00:00:00Z"), TimeZones.Utc);
        var bucket = TimeBuckets.Of(range, TimeBucketWidth.Hour).All[5];

        Assert.Equal("12 Mar 05:00", DateFormats.Axis(bucket, TimeBucketWidth.Hour, range));
        Assert.Equal("05:00", DateFormats.Axis(bucket, TimeBucketWidth.Hour, range with { End = range.Start.AddHours(24) }));
    }

    private static DateTimeOffset At(string text) => DateTimeOffset.Parse(text, CultureInfo.InvariantCulture);
}

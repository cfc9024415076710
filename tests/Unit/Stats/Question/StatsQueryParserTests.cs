using Microsoft.Extensions.Time.Testing;
using Spoo.Data.Stats.Question;
using Spoo.Data.Stats;
using Spoo.Data;
using Spoo.Tests.Support;



namespace Spoo.Tests.Stats.Question;

public sealed class StatsQueryParserTests
{
    private readonly StatsQueryParser _parser = new(new FakeTimeProvider(Some.Noon), new StatsOptions());

    [Fact]
    public void Without_parameters_the_question_is_all_links_by_time_in_both_metrics()
    {
        var query = Parse();

        Assert.Equal(StatsScope.All, query.Scope);
        Assert.Equal([Dimension.Time], query.GroupBy);
        Assert.Equal(Metric.All, query.Metrics);
        Assert.Equal((null, null, null), (query.Start, query.End, query.Limit));
        Assert.Empty(query.Filters);
    }

    [Fact]
    public void Of_a_repeated_parameter_the_last_counts_and_an_empty_one_is_not_given()
    {
        var query = Parse(("interval", "day"), ("interval", "week"), ("group_by", "os"), ("group_by", ""), ("metrics", ","));

        Assert.Equal(TimeBucketWidth.Find("week"), query.Interval);
        Assert.Equal([Dimension.Time], query.GroupBy);
        Assert.Equal(Metric.All, query.Metrics);
    }

    [Fact]
    public void A_list_that_names_nothing_leaves_the_filter_of_the_json_alone()
    {
        var filter = Assert.Single(Parse(("filters", """{"browser":["Chrome"]}"""), ("browser", " , ")).Filters);

        Assert.Equal(["Chrome"], filter.Values);
    }

    [Fact]
    public void Lengths_are_counted_in_characters_however_many_bytes_or_code_units_they_take()
    {
        var longest = string.Concat(Enumerable.Repeat("😀", 500));

        Assert.Equal([longest], Parse(("browser", longest)).Filters[0].Values);
        Assert.Equal("browser!: String should have at most 500 characters", Refuse(("browser!", longest + "x")).Message);
        Assert.Equal("browser: String should have at most 500 characters", Refuse(("browser", "e" + new string('\u0301', 500))).Message);
    }

    [Fact]
    public void What_is_not_known_is_left_alone_however_long_it_is() =>
        Assert.Equal(Parse().GroupBy, Parse(("start_date!", new string('x', 100)), ("colour", new string('x', 10_000))).GroupBy);

    [Fact]
    public void A_date_in_the_future_is_now() => Assert.Equal(Some.Noon, Parse(("end_date", "2099-01-01")).End);

    [Fact]
    public void A_start_after_now_is_not_after_the_end_because_both_are_now()
    {
        var query = Parse(("start_date", "2099-01-01"), ("end_date", "2098-01-01"));

        Assert.Equal((Some.Noon, Some.Noon), (query.Start, query.End));
    }

    [Fact]
    public void A_start_after_now_without_an_end_is_now_though_the_clock_goes_on()
    {
        var clock = new FakeTimeProvider(Some.Noon) { AutoAdvanceAmount = TimeSpan.FromTicks(1) };
        var parser = new StatsQueryParser(clock, new StatsOptions());

        Assert.True(parser.TryParse([new("start_date", "2099-01-01")], out _, out var refusal), refusal?.Message);
    }

    [Fact]
    public void A_start_is_measured_against_now_when_no_end_is_given() =>
        Assert.Equal("start_date must be before end_date", Refuse(("start_date", "2026-02-01"), ("end_date", "2026-01-01")).Message);

    [Fact]
    public void The_start_is_looked_at_before_the_end_and_dates_before_the_scope() =>
        Assert.Equal("invalid start_date format", Refuse(("end_date", "x"), ("start_date", "y"), ("scope", "anon")).Message);

    [Fact]
    public void A_date_of_its_own_takes_the_place_of_that_end_of_a_preset()
    {
        var query = Parse(("period", "7d"), ("end_date", "2026-02-17"));

        Assert.Null(query.Period);
        Assert.Equal(new DateTimeOffset(2026, 2, 17, 23, 59, 59, 999, TimeSpan.Zero), query.End);
        Assert.Equal(new DateTimeOffset(2026, 2, 12, 0, 0, 0, TimeSpan.Zero), query.Start);
    }

    [Theory]
    [InlineData("UTC", "2025-11-16T00:00:00.000Z", "2025-11-16T23:59:59.999Z")]
    [InlineData("Asia/Tokyo", "2025-11-15T15:00:00.000Z", "2025-11-16T14:59:59.999Z")]
    [InlineData("America/New_York", "2025-11-16T05:00:00.000Z", "2025-11-17T04:59:59.999Z")]
    public void A_date_without_a_time_is_a_whole_day_in_the_zone_of_the_question(string zone, string first, string last)
    {
        var query = Parse(("start_date", "2025-11-16"), ("end_date", "20251116"), ("timezone", zone), ("compare_start", "2025-11-16"), ("compare_end", "2025-W46-7"));

        (DateTimeOffset?, DateTimeOffset?) day = (DateTimeOffset.Parse(first, null), DateTimeOffset.Parse(last, null));
        Assert.Equal(day, (query.Start, query.End));
        Assert.Equal(day, (query.Compare!.Start, query.Compare.End));
    }

    [Fact]
    public void Today_ends_now_and_is_no_error() =>
        Assert.Equal(
            (new DateTimeOffset(2026, 2, 18, 0, 0, 0, TimeSpan.Zero), (DateTimeOffset?)Some.Noon),
            Parse(("start_date", "2026-02-18"), ("end_date", "2026-02-18")) is var query ? (query.Start!.Value, query.End) : default);

    [Theory]
    [InlineData("")]
    [InlineData("group_by=time,os,os&metrics=unique_clicks&limit=3&cross=true&interval=week")]
    [InlineData("scope=anon&short_code=abc&timezone=Asia/Kathmandu")]
    [InlineData("period=30d&browser=Chrome,Firefox&os!=Windows&city~=ber&referrer!~=goo")]
    [InlineData("start_date=2025-01-01T10:20:30.250Z&end_date=1735776000")]
    [InlineData("short_code=abc,def&short_code!=ghi")]
    [InlineData("compare=previous&url_id=0123456789abcdef01234567,0123456789abcdef01234568")]
    [InlineData("compare=period")]
    [InlineData("compare=year&compare_match=weekday&period=month")]
    [InlineData("compare_start=2025-01-01&compare_end=2025-02-01T10:00:00.5Z")]
    [InlineData("filters={\"city\":[\"Washington, D.C.\",\"Bonn\"],\"city!\":[\"a,b\"]}&utm_source=x")]
    public void What_is_printed_is_understood_as_the_same_question(string text)
    {
        var query = Parse(Pairs(text));

        var again = Parse([.. StatsQueryParser.Print(query).Select(pair => (pair.Key, pair.Value))]);

        Assert.Equal(
            query with { GroupBy = [], Metrics = [], Filters = [], LinkIds = [] },
            again with { GroupBy = [], Metrics = [], Filters = [], LinkIds = [] });
        Assert.Equal(query.GroupBy, again.GroupBy);
        Assert.Equal(query.Metrics, again.Metrics);
        Assert.Equal(query.LinkIds, again.LinkIds);
        Assert.Equal(query.Filters.OrderBy(filter => filter.Name), again.Filters.OrderBy(filter => filter.Name));
    }

    private static (string, string)[] Pairs(string text) =>
        [.. text.Split('&', StringSplitOptions.RemoveEmptyEntries).Select(pair => pair.Split('=', 2)).Select(pair => (pair[0], pair[1]))];

    private StatsQuery Parse(params (string Name, string Value)[] parameters)
    {
        var understood = _parser.TryParse(parameters.Select(pair => KeyValuePair.Create(pair.Name, pair.Value)), out var query, out var refusal);
        Assert.True(understood, refusal?.Message);
        return query!;
    }

    private Refusal Refuse(params (string Name, string Value)[] parameters)
    {
        Assert.False(_parser.TryParse(parameters.Select(pair => KeyValuePair.Create(pair.Name, pair.Value)), out _, out var refusal));
        return refusal;
    }
}

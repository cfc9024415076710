using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Time.Testing;
using Spoo.Data.Accounts;
using Spoo.Data.Links;
using Spoo.Data.Links.Codes;
using Spoo.Tests.ClickHouse;
using Spoo.Tests.Support;

namespace Spoo.Tests.Api;

/// <summary>What spoo.me's own tests assert about its statistics, and what its documentation promises beyond them.</summary>
[OnEveryEngine]
[OnEveryDatabase]
public sealed class StatsApiTests(SpooApp app) : IClassFixture<SpooApp>
{
    private const string Stats = "/api/v1/stats";

    /// <summary>Three days of the contract's example.</summary>
    private const string NewYear = "start_date=2025-01-01T00:00:00Z&end_date=2025-01-03T23:59:59Z";

    [Fact]
    public async Task Without_parameters_it_is_about_all_links_by_time_in_utc()
    {
        var (client, _) = await OwnerAsync();

        var body = await client.JsonAsync(Stats);

        Assert.Equal("all", body.Text("scope"));
        Assert.Equal("""["time"]""", body.GetProperty("group_by").GetRawText());
        Assert.Equal("UTC", body.Text("timezone"));
        Assert.Equal(["clicks_by_time", "unique_clicks_by_time"], body.GetProperty("metrics").Names());
    }

    [Fact]
    public async Task The_parts_of_an_answer_stand_in_the_order_of_spoo_me()
    {
        var (client, link) = await OwnerAsync();
        await app.AddAsync(Some.Click(link));

        var body = await client.JsonAsync(Stats);

        Assert.Equal(
            [
                "scope", "filters", "group_by", "timezone", "time_range", "summary", "metrics", "generated_at", "api_version",
                "time_bucket_info", "computed_metrics", "quality",
            ],
            body.Names());
        Assert.Equal("v1", body.Text("api_version"));
        Assert.Equal(
            ["total_clicks", "unique_clicks", "first_click", "last_click", "avg_redirection_time"], body.GetProperty("summary").Names());
    }

    [Fact]
    public async Task The_example_of_the_contract_comes_out_as_it_stands()
    {
        var (client, link) = await OwnerAsync();
        var first = DateTimeOffset.Parse("2025-01-01T08:15:30.250Z", null);
        var last = DateTimeOffset.Parse("2025-01-03T22:00:01Z", null);
        await app.AddAsync(
        [
            .. from click in Enumerable.Range(0, 25)
               select Some.Click(link, first.AddMinutes(click), visitor: click % 9) with
               {
                   Browser = "Chrome", Country = "US", RedirectMs = click % 2 == 0 ? 41 : 42,
               },
            .. from click in Enumerable.Range(0, 15)
               select Some.Click(link, last.AddMinutes(-click), visitor: 100 + (click % 6)) with
               {
                   Browser = click < 3 ? "Chrome" : click < 12 ? "Mobile Safari" : null, Country = "US",
               },
            Some.Click(link, last) with { Browser = "Chrome", Country = "DE" },
        ]);

        var body = await client.JsonAsync($$"""{{Stats}}?scope=all&group_by=time,browser&{{NewYear}}&filters={"country":["United States"]}""");

        Assert.Equal("""{"country":["United States"]}""", body.GetProperty("filters").GetRawText());
        Assert.Equal(
            """{"start_date":"2025-01-01T00:00:00Z","end_date":"2025-01-03T23:59:59Z"}""", body.GetProperty("time_range").GetRawText());
        Assert.Equal(
            """{"total_clicks":40,"unique_clicks":15,"first_click":"2025-01-01T08:15:30.250000Z","last_click":"2025-01-03T22:00:01Z","avg_redirection_time":41.48}""",
            body.GetProperty("summary").GetRawText());
        var metrics = body.GetProperty("metrics");
        Assert.Equal(["clicks_by_time", "unique_clicks_by_time", "clicks_by_browser", "unique_clicks_by_browser"], metrics.Names());
        Assert.Equal(
            """[{"time":"2025-01-01","clicks":25,"clicks_percentage":62.5},{"time":"2025-01-02","clicks":0,"clicks_percentage":0},{"time":"2025-01-03","clicks":15,"clicks_percentage":37.5}]""",
            metrics.GetProperty("clicks_by_time").GetRawText());
        Assert.Equal(
            """[{"time":"2025-01-01","unique_clicks":9,"unique_clicks_percentage":60},{"time":"2025-01-02","unique_clicks":0,"unique_clicks_percentage":0},{"time":"2025-01-03","unique_clicks":6,"unique_clicks_percentage":40}]""",
            metrics.GetProperty("unique_clicks_by_time").GetRawText());
        Assert.Equal(
            """[{"browser":"Chrome","clicks":28,"clicks_percentage":70},{"browser":"Mobile Safari","clicks":9,"clicks_percentage":22.5},{"browser":"Unknown","clicks":3,"clicks_percentage":7.5}]""",
            metrics.GetProperty("clicks_by_browser").GetRawText());
        Assert.Equal(
            """{"strategy":"daily","mongo_format":"%Y-%m-%d","display_format":"%Y-%m-%d","timezone":"UTC","interval_minutes":1440}""",
            body.GetProperty("time_bucket_info").GetRawText());
        Assert.Equal(
            """{"unique_click_rate":37.5,"repeat_click_rate":62.5,"average_clicks_per_visitor":2.67}""",
            body.GetProperty("computed_metrics").GetRawText());
    }

    [Fact]
    public async Task An_empty_window_in_india_is_a_row_of_zeros_on_indias_clock()
    {
        var (client, _) = await OwnerAsync();

        var body = await client.JsonAsync(
            $"{Stats}?timezone=Asia/Calcutta&start_date=2025-01-01T00:00:00Z&end_date=2025-01-01T00:25:00Z");

        Assert.Equal("Asia/Kolkata", body.Text("timezone"));
        Assert.Equal("2025-01-01T05:30:00+05:30", body.GetProperty("time_range").Text("start_date"));
        Assert.Equal(
            """[{"time":"2025-01-01 05:30","clicks":0},{"time":"2025-01-01 05:40","clicks":0},{"time":"2025-01-01 05:50","clicks":0}]""",
            body.GetProperty("metrics").GetProperty("clicks_by_time").GetRawText());
        Assert.Equal("10_minute", body.GetProperty("time_bucket_info").Text("strategy"));
        Assert.Equal(0, body.GetProperty("summary").GetProperty("avg_redirection_time").GetDouble());
        Assert.Equal(JsonValueKind.Null, body.GetProperty("summary").GetProperty("first_click").ValueKind);
        Assert.False(body.Has("computed_metrics"));
    }

    [Fact]
    public async Task What_does_not_apply_is_absent()
    {
        var (client, _) = await OwnerAsync();

        var body = await client.JsonAsync($"{Stats}?group_by=browser");

        Assert.Equal("""{"clicks_by_browser":[],"unique_clicks_by_browser":[]}""", body.GetProperty("metrics").GetRawText());
        Assert.False(body.Has("short_code") || body.Has("time_bucket_info") || body.Has("computed_metrics") || body.Has("truncated"));
    }

    [Fact]
    public async Task The_answer_says_how_it_was_counted()
    {
        var (client, link) = await OwnerAsync();
        await app.AddAsync(Some.Click(link), Some.Click(link));

        var quality = (await client.JsonAsync($"{Stats}?start_date=2026-03-01")).GetProperty("quality");

        Assert.Equal(["exact", "as_of", "clicks_looked_at", "elapsed_ms"], quality.Names());
        Assert.True(quality.GetProperty("exact").GetBoolean());
        Assert.True(quality.GetProperty("as_of").GetDateTimeOffset() <= DateTimeOffset.UtcNow);
    }

    [Fact]
    public async Task Fifty_clicks_of_twenty_visitors_are_fifty_and_twenty()
    {
        var (client, link) = await OwnerAsync();
        await app.AddAsync(Enumerable.Range(0, 50).Select(click => Some.Click(link, visitor: click % 20)));

        var summary = (await client.JsonAsync(Stats)).GetProperty("summary");

        Assert.Equal((50, 20), (summary.GetProperty("total_clicks").GetInt32(), summary.GetProperty("unique_clicks").GetInt32()));
    }

    [Fact]
    public async Task Only_the_metrics_asked_for_are_given()
    {
        var (client, _) = await OwnerAsync();

        var body = await client.JsonAsync($"{Stats}?metrics=unique_clicks&group_by=time,browser,os");

        Assert.Equal(["unique_clicks_by_time", "unique_clicks_by_browser", "unique_clicks_by_os"], body.GetProperty("metrics").Names());
    }

    [Fact]
    public async Task A_dimension_named_twice_is_echoed_twice_and_counted_once()
    {
        var (client, _) = await OwnerAsync();

        var body = await client.JsonAsync($"{Stats}?group_by=os,browser,os&metrics=clicks,clicks");

        Assert.Equal("""["os","browser","os"]""", body.GetProperty("group_by").GetRawText());
        Assert.Equal(["clicks_by_os", "clicks_by_browser"], body.GetProperty("metrics").Names());
    }

    [Theory]
    [InlineData("browser=Chrome,Firefox", 3)]
    [InlineData("browser=Chrome&browser=Firefox", 1)]
    [InlineData("filters={\"browser\":\"Chrome,Firefox\"}", 3)]
    [InlineData("filters={\"browser\":[\"Chrome\"]}&browser=Firefox", 1)]
    [InlineData("filters={\"browser\":[\"Chrome\"]}&country=DE", 1)]
    [InlineData("filters=null", 4)]
    [InlineData("filters={\"browser\":null}", 4)]
    [InlineData("browser=&os=,", 4)]
    [InlineData("browser=chrome", 0)]
    [InlineData("colour=red&utm_content=x", 4)]
    [InlineData("browser!=Chrome", 2)]
    [InlineData("browser~=fire", 1)]
    [InlineData("browser!~=CHROM", 2)]
    [InlineData("browser=Unknown", 1)]
    [InlineData("referrer=Direct", 3)]
    [InlineData("referrer=Direct,google.com", 4)]
    [InlineData("referrer=https://www.google.com/search?q=x", 1)]
    [InlineData("country=United%20States,Germany", 2)]
    [InlineData("country=XX", 2)]
    [InlineData("country=Unknown", 2)]
    [InlineData("os=Mac%20OS%20X", 1)]
    [InlineData("os=macOS", 1)]
    [InlineData("trigger=qr", 1)]
    [InlineData("trigger=link", 3)]
    [InlineData("visitor_type=human", 3)]
    [InlineData("visitor_type=bot", 1)]
    [InlineData("utm_source=(none)", 3)]
    [InlineData("filters={\"city\":[\"Washington, D.C.\"]}", 1)]
    public async Task A_filter_chooses_clicks(string parameters, int expected)
    {
        var (client, link) = await OwnerAsync();
        var click = Some.Click(link);
        await app.AddAsync(
            click with { Browser = "Chrome", Country = "US", City = "Washington, D.C.", Os = "macOS" },
            click with { Browser = "Chrome", Country = "DE", Trigger = "qr", UtmSource = "news" },
            click with { Browser = "Firefox", Referrer = "google.com" },
            click with { IsBot = true });

        var body = await client.JsonAsync($"{Stats}?{parameters}");

        Assert.Equal(expected, body.GetProperty("summary").GetProperty("total_clicks").GetInt32());
    }

    [Fact]
    public async Task The_filters_are_echoed_as_they_were_understood()
    {
        var (client, _) = await OwnerAsync();

        var body = await client.JsonAsync($$"""{{Stats}}?filters={"os":[" Windows ",null,""],"city":null}&browser=Chrome&country=US,DE""");

        Assert.Equal(
            """{"os":["Windows"],"city":[],"browser":["Chrome"],"country":["US","DE"]}""", body.GetProperty("filters").GetRawText());
    }

    [Fact]
    public async Task Any_row_can_be_fed_back_as_a_filter()
    {
        const string Dimensions = "browser,os,device,country,region,city,language,referrer,utm_source,utm_medium,utm_campaign,trigger,visitor_type,short_code";
        var (client, link) = await OwnerAsync();
        var click = Some.Click(link);
        await app.AddAsync(
            click,
            click with
            {
                Browser = "Edge",
                Os = "macOS",
                Device = "tablet",
                Country = "TR",
                Region = "34",
                City = "Istanbul",
                Language = "tr",
                Referrer = "t.co",
                UtmSource = "a",
                UtmMedium = "b",
                UtmCampaign = "c",
                Trigger = "qr",
                IsBot = true,
            });
        var metrics = (await client.JsonAsync($"{Stats}?group_by={Dimensions}&metrics=clicks")).GetProperty("metrics");

        foreach (var dimension in Dimensions.Split(','))
        {
            foreach (var row in metrics.GetProperty($"clicks_by_{dimension}").EnumerateArray())
            {
                var body = await client.JsonAsync($"{Stats}?{dimension}={Uri.EscapeDataString(row.Text(dimension))}");

                Assert.Equal(row.GetProperty("clicks").GetInt32(), body.GetProperty("summary").GetProperty("total_clicks").GetInt32());
            }
        }
    }

    [Fact]
    public async Task Rows_are_ordered_by_clicks_and_then_by_label_for_both_metrics()
    {
        var (client, link) = await OwnerAsync();
        var click = Some.Click(link);
        await app.AddAsync(
            click with { Os = "b", Visitor = 1 }, click with { Os = "b", Visitor = 1 },
            click with { Os = "c", Visitor = 1 }, click with { Os = "a", Visitor = 1 },
            click with { Os = "d", Visitor = 1 }, click with { Os = "d", Visitor = 2 }, click with { Os = "d", Visitor = 3 });

        var metrics = (await client.JsonAsync($"{Stats}?group_by=os")).GetProperty("metrics");

        Assert.Equal(["d", "b", "a", "c"], metrics.GetProperty("clicks_by_os").Column("os"));
        Assert.Equal(["d", "b", "a", "c"], metrics.GetProperty("unique_clicks_by_os").Column("os"));
    }

    [Fact]
    public async Task A_list_that_is_cut_says_what_is_missing_and_percentages_are_of_all_of_it()
    {
        var (client, link) = await OwnerAsync();
        await app.AddAsync(
        [
            .. Enumerable.Range(0, 25).Select(number => Some.Click(link, visitor: number) with { Browser = $"Browser {number:00}" }),
            .. Enumerable.Range(0, 25).Select(number => Some.Click(link, visitor: 7) with { Browser = "Chrome" }),
        ]);

        var cut = await client.JsonAsync($"{Stats}?group_by=browser,os");
        var whole = await client.JsonAsync($"{Stats}?group_by=browser,os&limit=26");

        Assert.Equal(20, cut.GetProperty("metrics").GetProperty("clicks_by_browser").GetArrayLength());
        Assert.Equal("""{"browser":{"rows":6,"clicks":6,"unique_clicks":6}}""", cut.GetProperty("truncated").GetRawText());
        Assert.Equal(50, cut.GetProperty("metrics").GetProperty("clicks_by_browser")[0].GetProperty("clicks_percentage").GetDouble());
        Assert.Equal(26, whole.GetProperty("metrics").GetProperty("clicks_by_browser").GetArrayLength());
        Assert.False(whole.Has("truncated"));
    }

    [Fact]
    public async Task Two_dimensions_are_crossed_when_asked_to_be()
    {
        var (client, link) = await OwnerAsync();
        var click = Some.Click(link);
        await app.AddAsync(click with { Browser = "Chrome" }, click with { Browser = "Chrome", Time = Some.Noon.AddDays(1) });

        var plain = await client.JsonAsync($"{Stats}?group_by=time,browser&metrics=clicks&interval=month");
        var crossed = await client.JsonAsync($"{Stats}?group_by=time,browser&metrics=clicks&interval=month&cross=true");

        Assert.Equal(["clicks_by_time", "clicks_by_browser"], plain.GetProperty("metrics").Names());
        Assert.Equal(
            """[{"time":"2026-02","browser":"Chrome","clicks":2}]""",
            crossed.GetProperty("metrics").GetProperty("clicks_by_time_browser").GetRawText());
    }

    [Fact]
    public async Task A_crossed_list_has_the_rows_that_the_plain_lists_have()
    {
        var (client, link) = await OwnerAsync();
        var click = Some.Click(link);
        await app.AddAsync(click with { Os = "a" }, click with { Os = "a" }, click with { Os = "b" });

        var body = await client.JsonAsync($"{Stats}?group_by=browser,os&metrics=clicks&cross=true&limit=1");

        Assert.Equal(
            """[{"browser":"Unknown","os":"a","clicks":2}]""",
            body.GetProperty("metrics").GetProperty("clicks_by_browser_os").GetRawText());
    }

    [Fact]
    public async Task Both_ends_of_a_range_are_included()
    {
        var (client, link) = await OwnerAsync();
        await app.AddAsync(
            Some.Click(link, Some.Noon.AddMilliseconds(-1)), Some.Click(link, Some.Noon),
            Some.Click(link, Some.Noon.AddHours(1)), Some.Click(link, Some.Noon.AddHours(1).AddMilliseconds(1)));

        var body = await client.JsonAsync($"{Stats}?start_date=2026-02-18T12:00:00Z&end_date=2026-02-18T13:00:00Z");

        Assert.Equal(2, body.GetProperty("summary").GetProperty("total_clicks").GetInt32());
    }

    [Theory]
    [InlineData("2026-02-18", "2026-02-19T00:00:00Z")]
    [InlineData("1771372800", "1771459200")]
    [InlineData("1771372800000", "1771459200000")]
    [InlineData("2026-02-18T01:00:00%2B01:00", "20260219T0000")]
    public async Task Dates_are_unix_seconds_or_milliseconds_or_iso(string start, string end)
    {
        var (client, _) = await OwnerAsync();

        var range = (await client.JsonAsync($"{Stats}?start_date={start}&end_date={end}")).GetProperty("time_range");

        Assert.Equal(("2026-02-18T00:00:00Z", "2026-02-19T00:00:00Z"), (range.Text("start_date"), range.Text("end_date")));
    }

    [Fact]
    public async Task A_day_is_counted_from_its_first_instant_to_its_last_and_the_answer_says_so()
    {
        var (client, link) = await OwnerAsync();
        await app.AddAsync(
            Some.Click(link, new(2025, 11, 16, 0, 0, 0, TimeSpan.Zero)), Some.Click(link, new(2025, 11, 16, 23, 59, 59, 999, TimeSpan.Zero)),
            Some.Click(link, new(2025, 11, 17, 0, 0, 0, TimeSpan.Zero)));

        var body = await client.JsonAsync($"{Stats}?start_date=2025-11-16&end_date=2025-11-16");
        var inTokyo = await client.JsonAsync($"{Stats}?start_date=2025-11-16&end_date=2025-11-16&timezone=Asia/Tokyo");

        Assert.Equal(2, body.GetProperty("summary").GetProperty("total_clicks").GetInt32());
        Assert.Equal("2025-11-16T00:00:00Z", body.GetProperty("time_range").Text("start_date"));
        Assert.Equal("2025-11-16T23:59:59.999000Z", body.GetProperty("time_range").Text("end_date"));
        Assert.Equal(1, inTokyo.GetProperty("summary").GetProperty("total_clicks").GetInt32());
        Assert.Equal("2025-11-16T23:59:59.999000+09:00", inTokyo.GetProperty("time_range").Text("end_date"));
    }

    [Theory]
    [InlineData("compare=year&start_date=2024-02-28T20:00:00Z&end_date=2024-02-29T10:00:00Z", "2023-02-28T20:00:00Z", "2023-03-01T10:00:00Z")]
    [InlineData("compare=year&start_date=2024-02-29&end_date=2024-02-29", "2023-02-28T00:00:00Z", "2023-02-28T23:59:59.999000Z")]
    public async Task A_comparison_over_a_leap_day_has_numbers_and_a_range_that_is_one(string question, string start, string end)
    {
        var (client, link) = await OwnerAsync();
        await app.AddAsync(Some.Click(link, new(2023, 2, 28, 21, 0, 0, TimeSpan.Zero)));

        var other = (await client.JsonAsync($"{Stats}?{question}&group_by=time,browser")).GetProperty("comparison");

        Assert.Equal((start, end), (other.GetProperty("time_range").Text("start_date"), other.GetProperty("time_range").Text("end_date")));
        Assert.Equal(1, other.GetProperty("summary").GetProperty("total_clicks").GetInt32());
    }

    [Fact]
    public async Task A_comparison_that_begins_lately_ends_now()
    {
        var (client, _) = await OwnerAsync();
        var start = DateTimeOffset.UtcNow.AddHours(-1);

        var other = (await client.JsonAsync($"{Stats}?start_date=2025-01-01&end_date=2025-01-31&compare_start={start:yyyy-MM-dd'T'HH:mm:ss}Z")).GetProperty("comparison");

        Assert.InRange(other.GetProperty("time_range").GetProperty("end_date").GetDateTimeOffset(), start, DateTimeOffset.UtcNow);
    }

    [Fact]
    public async Task A_row_with_a_number_that_cannot_be_stops_no_question()
    {
        Assert.SkipUnless(SuiteDatabase.Kind == Spoo.Data.DatabaseKind.Sqlite, "Only SQLite has a number in the column that does not fit it.");
        var (client, link) = await OwnerAsync();
        await app.AddAsync(
            Some.Click(link) with { RedirectMs = int.MaxValue }, Some.Click(link) with { RedirectMs = -7 }, Some.Click(link) with { RedirectMs = 40 });
        await using (var context = app.OpenDatabase())
        {
            await context.Database.ExecuteSqlAsync(
                $"""UPDATE "Clicks" SET "RedirectMs" = 99999999999 WHERE "LinkId" = {link.Id} AND "RedirectMs" = -7""", TestContext.Current.CancellationToken);
        }

        var summary = (await client.JsonAsync($"{Stats}?group_by=time,browser")).GetProperty("summary");

        Assert.Equal((3, 40), (summary.GetProperty("total_clicks").GetInt32(), summary.GetProperty("avg_redirection_time").GetInt32()));
    }

    [Fact]
    public async Task Without_a_start_the_range_begins_with_the_oldest_selected_link()
    {
        var owner = await app.AddUserAsync();
        var client = await app.WithKeyAsync(owner);
        await app.AddAsync(Some.Link("oldest", owner, createdAt: new(2024, 1, 1, 0, 0, 0, TimeSpan.Zero)));
        await app.AddAsync(Some.Link("newest", owner, createdAt: new(2025, 1, 1, 0, 0, 0, TimeSpan.Zero)));

        var all = await client.JsonAsync(Stats);
        var one = await client.JsonAsync($"{Stats}?short_code=newest");
        var anon = await client.JsonAsync($"{Stats}?scope=anon&short_code=newest");

        Assert.Equal("2024-01-01T00:00:00Z", all.GetProperty("time_range").Text("start_date"));
        Assert.Equal("2025-01-01T00:00:00Z", one.GetProperty("time_range").Text("start_date"));
        Assert.Equal("2025-01-01T00:00:00Z", anon.GetProperty("time_range").Text("start_date"));
    }

    [Fact]
    public async Task Without_links_the_range_is_the_last_seven_days()
    {
        var client = await app.WithKeyAsync(await app.AddUserAsync());

        var range = (await client.JsonAsync(Stats)).GetProperty("time_range");

        Assert.Equal(
            TimeSpan.FromDays(7), range.GetProperty("end_date").GetDateTimeOffset() - range.GetProperty("start_date").GetDateTimeOffset());
    }

    [Theory]
    [InlineData("Not/ATimezone", "UTC")]
    [InlineData("Europe/berlin", "UTC")]
    [InlineData("Eastern Standard Time", "UTC")]
    [InlineData("../../etc/passwd", "UTC")]
    [InlineData("US/Pacific", "America/Los_Angeles")]
    [InlineData("Etc/GMT%2B5", "Etc/GMT+5")]
    [InlineData("Asia/Kathmandu", "Asia/Kathmandu")]
    public async Task A_zone_that_is_not_known_is_utc_and_an_old_name_becomes_the_new_one(string asked, string used)
    {
        var (client, _) = await OwnerAsync();

        var body = await client.JsonAsync($"{Stats}?timezone={asked}");

        Assert.Equal((used, used), (body.Text("timezone"), body.GetProperty("time_bucket_info").Text("timezone")));
    }

    [Theory]
    [InlineData("scope=invalid", "scope")]
    [InlineData("scope=", "scope")]
    [InlineData("group_by=time,colour", "input")]
    [InlineData("group_by=Time", "input")]
    [InlineData("metrics=clicks,pageviews", "input")]
    [InlineData("filters={bad json", "input")]
    [InlineData("limit=0", "limit")]
    [InlineData("limit=many", "limit")]
    [InlineData("interval=fortnight", "interval")]
    [InlineData("period=ages", "period")]
    [InlineData("cross=perhaps", "cross")]
    [InlineData("timezone=LongerThanAnyNameOfAnyZoneThatThereHasEverBeenAnywhere", "timezone")]
    public async Task A_parameter_of_the_wrong_shape_is_named(string parameters, string field)
    {
        var (client, _) = await OwnerAsync();

        var problem = await client.ProblemAsync($"{Stats}?{parameters}", 422, "validation_error");

        Assert.Equal(field, problem.Text("field"));
        Assert.StartsWith($"{field}: ", problem.Text("error"), StringComparison.Ordinal);
        Assert.False(problem.Has("details"));
    }

    [Fact]
    public async Task Several_parameters_of_the_wrong_shape_are_all_named()
    {
        var (client, _) = await OwnerAsync();

        var problem = await client.ProblemAsync($"{Stats}?scope=x&limit=x&group_by=x", 422, "validation_error");

        Assert.Equal("Validation failed for: scope, limit", problem.Text("error"));
        Assert.Equal(["scope", "limit"], problem.GetProperty("details").Column("field"));
        Assert.False(problem.Has("field"));
    }

    [Theory]
    [InlineData("start_date=not-a-date", "invalid start_date format")]
    [InlineData("start_date=2025-01-01&end_date=yesterday", "invalid end_date format")]
    [InlineData("start_date=2025-01-02&end_date=2025-01-01", "start_date must be before end_date")]
    [InlineData("scope=anon", "short_code is required when scope=anon")]
    public async Task A_parameter_without_sense_is_a_bad_request(string parameters, string error)
    {
        var (client, _) = await OwnerAsync();

        var problem = await client.ProblemAsync($"{Stats}?{parameters}", 400, "validation_error");

        Assert.Equal(error, problem.Text("error"));
    }

    [Theory]
    [InlineData("group_by=short_code", "group_by")]
    [InlineData("filters={\"short_code\":[\"bypass\"]}", "filters")]
    public async Task A_question_about_one_link_cannot_reach_another(string parameters, string field)
    {
        var link = await app.AddAsync(Some.Link());

        var problem = await app.Anonymous()
            .ProblemAsync($"{Stats}?scope=anon&short_code={link.ShortCode}&{parameters}", 400, "validation_error");

        Assert.Equal(field, problem.Text("field"));
    }

    [Fact]
    public async Task All_links_are_only_for_those_who_say_who_they_are()
    {
        var problem = await app.Anonymous().ProblemAsync(Stats, 401, "authentication_error");

        Assert.Equal("authentication required for scope=all", problem.Text("error"));
    }

    [Fact]
    public async Task Everybody_sees_only_their_own_clicks()
    {
        var (mine, link) = await OwnerAsync();
        var (_, theirs) = await OwnerAsync();
        await app.AddAsync(Some.Click(link), Some.Click(theirs), Some.Click(theirs));

        var own = await mine.JsonAsync($"{Stats}?group_by=short_code");
        var foreign = await mine.JsonAsync($"{Stats}?short_code={theirs.ShortCode}");

        Assert.Equal([link.ShortCode], own.GetProperty("metrics").GetProperty("clicks_by_short_code").Column("short_code"));
        Assert.Equal(0, foreign.GetProperty("summary").GetProperty("total_clicks").GetInt32());
    }

    [Fact]
    public async Task A_public_link_answers_anybody_about_itself_alone()
    {
        var (_, link) = await OwnerAsync();
        var other = await app.AddAsync(Some.Link());
        await app.AddAsync(Some.Click(link), Some.Click(other));

        var body = await app.Anonymous().JsonAsync($"{Stats}?scope=%20ANON%20&short_code={link.ShortCode}");

        Assert.Equal(("anon", link.ShortCode), (body.Text("scope"), body.Text("short_code")));
        Assert.Equal(1, body.GetProperty("summary").GetProperty("total_clicks").GetInt32());
    }

    [Fact]
    public async Task A_private_link_answers_only_its_owner()
    {
        var (owner, link) = await OwnerAsync(privateStats: true);
        var (stranger, _) = await OwnerAsync();
        var address = $"{Stats}?scope=anon&short_code={link.ShortCode}";

        var nobody = await app.Anonymous().ProblemAsync(address, 401, "authentication_error");
        var other = await stranger.ProblemAsync(address, 403, "forbidden");
        var own = await owner.JsonAsync(address);

        Assert.Equal("this URL has private statistics - authentication required", nobody.Text("error"));
        Assert.Equal("access denied - private statistics", other.Text("error"));
        Assert.Equal("anon", own.Text("scope"));
    }

    [Theory]
    [InlineData("ghost")]
    [InlineData("no/code")]
    [InlineData("dashboard")]
    public async Task A_code_that_no_link_has_is_not_found(string code)
    {
        var problem = await app.Anonymous().ProblemAsync($"{Stats}?scope=anon&short_code={code}", 404, "not_found");

        Assert.Equal("short_code not found", problem.Text("error"));
    }

    [Theory]
    [InlineData(ApiKeyScope.StatsRead)]
    [InlineData(ApiKeyScope.UrlsRead)]
    [InlineData(ApiKeyScope.AdminAll)]
    public async Task A_key_that_may_read_statistics_reads_them(string scope)
    {
        var client = await app.WithKeyAsync(await app.AddUserAsync(), scope);

        Assert.Equal("all", (await client.JsonAsync(Stats)).Text("scope"));
    }

    [Theory]
    [InlineData("")]
    [InlineData("?scope=anon&short_code=ghost")]
    [InlineData("?limit=malformed")]
    public async Task A_key_without_the_scope_is_stopped_before_anything_else(string parameters)
    {
        var client = await app.WithKeyAsync(await app.AddUserAsync(), ApiKeyScope.ShortenCreate);

        var problem = await client.ProblemAsync(Stats + parameters, 403, "forbidden");

        Assert.Equal("Insufficient scope for this operation", problem.Text("error"));
    }

    [Fact]
    public async Task A_signed_in_person_needs_no_key()
    {
        var client = await app.SignedInAsync(await app.AddUserAsync());

        Assert.Equal("all", (await client.JsonAsync(Stats)).Text("scope"));
    }

    [Fact]
    public async Task A_comparison_with_the_time_before_adds_a_block_and_changes_nothing_else()
    {
        var (client, link) = await OwnerAsync();
        var newYear = DateTimeOffset.Parse("2025-01-01T00:00:00Z", null);
        await app.AddAsync(
            Some.Click(link, newYear.AddDays(-2)), Some.Click(link, newYear.AddTicks(-TimeSpan.TicksPerMillisecond)),
            Some.Click(link, newYear), Some.Click(link, newYear.AddDays(1)), Some.Click(link, newYear.AddDays(2), visitor: 2));

        var plain = await client.JsonAsync($"{Stats}?group_by=time,browser&{NewYear}");
        var compared = await client.JsonAsync($"{Stats}?group_by=time,browser&{NewYear}&compare=previous");

        Assert.Equal(plain.Names().Append("comparison"), compared.Names());
        Assert.Equal(plain.GetProperty("metrics").GetRawText(), compared.GetProperty("metrics").GetRawText());
        var block = compared.GetProperty("comparison");
        Assert.Equal(["time_range", "summary", "changes", "metrics", "computed_metrics"], block.Names());
        Assert.Equal(
            """{"start_date":"2024-12-29T00:00:00.999000Z","end_date":"2024-12-31T23:59:59.999000Z"}""",
            block.GetProperty("time_range").GetRawText());
        Assert.Equal(2, block.GetProperty("summary").GetProperty("total_clicks").GetInt32());
        Assert.Equal("""{"total_clicks":50,"unique_clicks":100}""", block.GetProperty("changes").GetRawText());
        Assert.Equal(["2024-12-29", "2024-12-30", "2024-12-31"], block.GetProperty("metrics").GetProperty("clicks_by_time").Column("time"));
    }

    [Theory]
    [InlineData("compare_start=2024-01-01&compare_end=2024-01-03T23:59:59Z", "2024-01-01T00:00:00Z", "2024-01-03T23:59:59Z")]
    [InlineData("compare_start=2024-01-01", "2024-01-01T00:00:00Z", "2024-01-03T23:59:59Z")]
    [InlineData("compare_end=2024-01-03T23:59:59Z&compare=previous", "2024-01-01T00:00:00Z", "2024-01-03T23:59:59Z")]
    [InlineData("compare=period", "2024-12-29T00:00:00Z", "2024-12-31T23:59:59Z")]
    [InlineData("compare=year", "2024-01-01T00:00:00Z", "2024-01-03T23:59:59Z")]
    [InlineData("compare=year&compare_match=weekday", "2024-01-03T00:00:00Z", "2024-01-05T23:59:59Z")]
    public async Task A_comparison_can_be_with_any_other_time(string parameters, string start, string end)
    {
        var (client, link) = await OwnerAsync();
        await app.AddAsync(Some.Click(link));

        var block = (await client.JsonAsync($"{Stats}?{NewYear}&{parameters}")).GetProperty("comparison");

        Assert.Equal($$"""{"start_date":"{{start}}","end_date":"{{end}}"}""", block.GetProperty("time_range").GetRawText());
        Assert.Equal("{}", block.GetProperty("changes").GetRawText());
        Assert.False(block.Has("computed_metrics"));
    }

    [Theory]
    [InlineData("compare=last_year", 422)]
    [InlineData("compare=year&compare_match=moon", 422)]
    [InlineData("compare_start=soon", 400)]
    [InlineData("compare_start=2024-01-02&compare_end=2024-01-01", 400)]
    [InlineData("url_id=abc", 422)]
    public async Task A_comparison_that_cannot_be_is_refused(string parameters, int status)
    {
        var (client, _) = await OwnerAsync();

        await client.ProblemAsync($"{Stats}?{parameters}", status, "validation_error");
    }

    [Fact]
    public async Task One_link_of_ones_own_is_found_by_its_id()
    {
        var owner = await app.AddUserAsync();
        var client = await app.WithKeyAsync(owner);
        var link = await app.AddAsync(Some.Link(owner: owner));
        var other = await app.AddAsync(Some.Link(owner: owner));
        await app.AddAsync(Some.Click(link), Some.Click(other), Some.Click(other));

        var body = await client.JsonAsync($"{Stats}/links/{link.PublicId}?scope=anon&group_by=browser");
        var filtered = await client.JsonAsync($"{Stats}?url_id={other.PublicId},{other.PublicId}&group_by=short_code");

        Assert.Equal((link.PublicId, link.ShortCode, "all"), (body.Text("url_id"), body.Text("alias"), body.Text("scope")));
        Assert.Equal(1, body.GetProperty("summary").GetProperty("total_clicks").GetInt32());
        Assert.Equal(2, filtered.GetProperty("summary").GetProperty("total_clicks").GetInt32());
        Assert.Equal(
            $$"""{"url_id":["{{other.PublicId}}","{{other.PublicId}}"]}""", filtered.GetProperty("filters").GetRawText());
        await client.ProblemAsync($"{Stats}/links/{link.PublicId}?group_by=short_code", 400, "validation_error");
    }

    [Fact]
    public async Task The_link_of_somebody_else_is_not_there()
    {
        var (client, link) = await OwnerAsync();
        var (stranger, _) = await OwnerAsync();

        await stranger.ProblemAsync($"{Stats}/links/{link.PublicId}", 404, "not_found");
        await client.ProblemAsync($"{Stats}/links/000000000000000000000000", 404, "not_found");
        await client.ProblemAsync($"{Stats}/links/not-an-id", 400, "validation_error");
        await app.Anonymous().ProblemAsync($"{Stats}/links/{link.PublicId}", 401, "authentication_error");
        var unrelated = await stranger.JsonAsync($"{Stats}?url_id={link.PublicId}");
        Assert.Equal(0, unrelated.GetProperty("summary").GetProperty("total_clicks").GetInt32());
    }

    [Fact]
    public async Task A_cap_on_the_range_holds_for_ranges_that_are_named()
    {
        await using var capped = new SpooApp { Settings = { ["Stats:MaxRangeDays"] = "90" } };
        var owner = await capped.AddUserAsync();
        await capped.AddAsync(Some.Link(owner: owner, createdAt: new(2020, 1, 1, 0, 0, 0, TimeSpan.Zero)));
        var client = await capped.WithKeyAsync(owner);

        var problem = await client.ProblemAsync($"{Stats}?start_date=2025-01-01&end_date=2025-04-06", 400, "validation_error");
        var longest = await client.JsonAsync($"{Stats}?start_date=2025-01-01T00:00:00Z&end_date=2025-04-01T23:00:00Z");
        var unnamed = await client.JsonAsync(Stats);

        Assert.Equal("date range cannot exceed 90 days", problem.Text("error"));
        Assert.Equal("2025-01-01T00:00:00Z", longest.GetProperty("time_range").Text("start_date"));
        Assert.Equal("2020-01-01T00:00:00Z", unnamed.GetProperty("time_range").Text("start_date"));
    }

    [Fact]
    public async Task A_filter_that_leaves_out_the_link_in_question_leaves_nothing_to_count()
    {
        await using var app = new SpooApp();
        var owner = await app.AddUserAsync();
        var link = await app.AddAsync(Some.Link(owner: owner));
        await app.AddAsync(Some.Click(link));
        using var client = await app.WithKeyAsync(owner);

        var body = await client.JsonAsync($"{Stats}/links/{link.PublicId}?short_code!={link.ShortCode}");

        Assert.Equal((0, link.ShortCode), (body.GetProperty("summary").GetProperty("total_clicks").GetInt32(), body.Text("alias")));
    }

    [Fact]
    public async Task The_future_is_cut_off()
    {
        await using var frozen = new SpooApp { Clock = new FakeTimeProvider(Some.Noon) };
        var client = await frozen.WithKeyAsync(await frozen.AddUserAsync());

        var body = await client.JsonAsync($"{Stats}?start_date=2030-01-01&end_date=2031-01-01");

        Assert.Equal(
            """{"start_date":"2026-02-18T12:00:00Z","end_date":"2026-02-18T12:00:00Z"}""", body.GetProperty("time_range").GetRawText());
    }

    private async Task<(HttpClient Client, Link Link)> OwnerAsync(bool? privateStats = null)
    {
        var owner = await app.AddUserAsync();
        var link = await app.AddAsync(Some.Link(owner: owner, privateStats: privateStats));
        return (await app.WithKeyAsync(owner, ApiKeyScope.StatsRead), link);
    }
}

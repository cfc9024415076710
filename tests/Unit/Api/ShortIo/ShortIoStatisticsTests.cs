using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Time.Testing;
using Spoo.Data.Clicks.Facts;
using Spoo.Data.Links;
using Spoo.Data.Links.Codes;
using Spoo.Tests.Support;
using Spoo.Web.Api.ShortIo;

namespace Spoo.Tests.Api.ShortIo;

[OnEveryDatabase]
public sealed class ShortIoStatisticsTests(ShortIoStatisticsTests.Installation shared) : IClassFixture<ShortIoStatisticsTests.Installation>
{
    private static readonly DateTimeOffset Example = new(2020, 5, 2, 10, 0, 0, TimeSpan.Zero);

    [Fact]
    public async Task The_snippet_of_the_documentation_gets_the_answer_of_the_documentation()
    {
        await using var house = await ShortIoHouse.BuildInAsync(shared.App);
        var link = await house.AddLinkAsync(createdAt: Example.AddHours(-1));
        await house.App.AddAsync([.. Humans(
            link,
            ["Chrome", "Chrome", "Chrome", "Chrome", "Chrome", "Chrome", "Safari", "Firefox"],
            ["Windows", "Windows", "Windows", "Windows", "Windows", "macOS", "macOS", "macOS"],
            [("US", "Ashburn"), ("US", "Ashburn"), ("US", "Boardman"), ("US", "Boardman"), ("DE", "Gera"), ("FR", null), ("FR", null), ("FR", null)]),
            .. Bots(link, 34)]);

        var answer = await house.Client.JsonAsync($"/statistics/link/{link.PublicId}?period=total&tzOffset=0");

        Holds(answer, """
            {"totalClicks":42,"humanClicks":8,"humanClicksChange":"0","totalClicksChange":"0",
             "interval":{"startDate":null,"endDate":null,"prevStartDate":null,"prevEndDate":null},
             "referer":[],"social":[],
             "browser":[{"score":6,"browser":"Chrome"},{"score":1,"browser":"Safari"},{"score":1,"browser":"Firefox"}],
             "country":[{"score":4,"country":"US","countryName":"United States"},{"score":3,"country":"FR","countryName":"France"},
               {"score":1,"country":"DE","countryName":"Germany"}],
             "city":[{"score":2,"name":"Ashburn"},{"score":2,"name":"Boardman"},{"score":1,"name":"Gera"}],
             "os":[{"score":5,"os":"Windows"},{"score":3,"os":"Mac OS X"}]}
            """);
        var points = answer.GetProperty("clickStatistics").GetProperty("datasets")[0].GetProperty("data");
        Assert.Equal(42, points.EnumerateArray().Sum(point => point.GetProperty("y").GetInt64()));
    }

    [Fact]
    public async Task The_snippet_for_a_custom_period_gets_its_answer_and_the_dates_it_asked_for()
    {
        await using var house = await ShortIoHouse.BuildInAsync(shared.App);
        var link = await house.AddLinkAsync(createdAt: Example.AddDays(-100));
        await house.App.AddAsync([.. Humans(
            link,
            ["Chrome", "Chrome", "Chrome", "Chrome", "Mobile Safari", null, null],
            ["Windows", "Windows", "Windows", "macOS", "macOS", "iOS", "Linux"],
            [("US", "Ashburn"), ("US", "Ashburn"), ("US", "Columbus"), ("US", "Boardman"), ("US", null), ("US", null), ("DE", null)],
            referrer: "t.co"),
            .. Bots(link, 14),
            .. Humans(link, ["Opera"], ["Linux"], [("FR", "Paris")], Example.AddDays(-30))]);

        var answer = await house.Client.JsonAsync(
            $"/statistics/link/{link.PublicId}?period=custom&tzOffset=0&startDate=1588251413000&endDate=1588683413000");

        Holds(answer, """
            {"totalClicks":21,"humanClicks":7,"humanClicksChange":"0","totalClicksChange":"0",
             "interval":{"startDate":"2020-04-30T12:56:53.000Z","endDate":"2020-05-05T12:56:53.000Z","prevStartDate":null,"prevEndDate":null},
             "referer":[{"score":1,"referer":"t.co"}],
             "browser":[{"score":4,"browser":"Chrome"},{"score":1,"browser":"Mobile Safari"}],
             "country":[{"score":6,"country":"US","countryName":"United States"},{"score":1,"country":"DE","countryName":"Germany"}],
             "city":[{"score":2,"name":"Ashburn"},{"score":1,"name":"Columbus"},{"score":1,"name":"Boardman"}],
             "os":[{"score":3,"os":"Windows"},{"score":2,"os":"Mac OS X"},{"score":1,"os":"iOS"},{"score":1,"os":"Linux"}]}
            """);
    }

    [Fact]
    public async Task Changes_are_measured_against_the_days_before()
    {
        await using var house = await ShortIoHouse.BuildInAsync(shared.App);
        var link = await house.AddLinkAsync("spring", Some.Noon.AddDays(-30));
        var yesterday = Some.Noon.AddDays(-1);
        await house.App.AddAsync(
        [
            .. Enumerable.Range(1, 3).Select(visitor => Some.Click(link, Some.Noon.AddHours(-1), visitor)),
            .. Enumerable.Range(1, 4).Select(visitor => Some.Click(link, yesterday, visitor) with { IsBot = visitor > 1 }),
        ]);

        var today = await house.Client.JsonAsync("/statistics/link/spring?&period=today");
        var before = await house.Client.JsonAsync("/statistics/link/spring?&period=yesterday&tz=UTC");

        Assert.Equal(("-25.00", "200.00"), (today.Text("totalClicksChange"), today.Text("humanClicksChange")));
        Assert.Equal(("999.00", "999.00"), (before.Text("totalClicksChange"), before.Text("humanClicksChange")));
        Holds(today, """
            {"interval":{"startDate":"2026-02-18T00:00:00.000Z","endDate":"2026-02-18T23:59:59.999Z",
             "prevStartDate":"2026-02-17T00:00:00.000Z","prevEndDate":"2026-02-17T23:59:59.999Z"}}
            """);
        Assert.False(today.GetProperty("interval").Has("tz"));
        Assert.Equal("UTC", before.GetProperty("interval").Text("tz"));
    }

    [Fact]
    public async Task The_bars_of_a_day_on_which_the_clock_is_put_back_are_the_hours_of_its_clock()
    {
        var noon = new DateTimeOffset(2026, 11, 1, 17, 0, 0, TimeSpan.Zero);
        await using var house = await ShortIoHouse.BuildAsync(noon);
        var link = await house.AddLinkAsync("autumn", noon.AddDays(-3));
        await house.App.AddAsync(Some.Click(link, noon.AddHours(-11.5)), Some.Click(link, noon.AddHours(-10.5)));

        var answer = await house.Client.JsonAsync("/statistics/link/autumn?period=today&tz=America/New_York&skipTops=true&clicksChartInterval=hour");

        var points = answer.GetProperty("clickStatistics").GetProperty("datasets")[0].GetProperty("data").EnumerateArray().ToList();
        Assert.Equal(24, points.Count);
        Assert.Equal(("2026-11-01T05:00:00.000Z", 2), (points[1].Text("x"), points[1].GetProperty("y").GetInt32()));
        Assert.Equal("2026-11-01T07:00:00.000Z", points[2].Text("x"));
        Assert.False(answer.Has("browser"));
    }

    [Fact]
    public async Task Cities_of_one_name_in_two_countries_are_two_and_networks_are_one_by_all_their_names()
    {
        await using var house = await ShortIoHouse.BuildInAsync(shared.App);
        var link = await house.AddLinkAsync();
        await house.App.AddAsync(
            Some.Click(link) with { City = "Paris", Country = "FR", Referrer = "t.co" },
            Some.Click(link) with { City = "Paris", Country = "US", Referrer = "x.com" },
            Some.Click(link) with { City = "Paris", Country = "FR", Referrer = "example.org" });

        var first = await house.Client.JsonAsync($"/statistics/link/{link.ShortCode}");
        var second = await house.Client.JsonAsync($"/statistics/link/{link.ShortCode}?period=total");

        Holds(first, """
            {"city":[{"score":2,"name":"Paris","countryCode":"FR"},{"score":1,"name":"Paris","countryCode":"US"}],
             "social":[{"score":2,"social":"twitter","socialName":"Twitter"}]}
            """);
        var ids = first.GetProperty("city").Column("city").ToList();
        Assert.Equal(2, ids.Distinct().Count());
        Assert.All(ids, id => Assert.InRange(long.Parse(id, System.Globalization.CultureInfo.InvariantCulture), 1L << 52, (1L << 53) - 1));
        Assert.Equal(ids, second.GetProperty("city").Column("city"));
    }

    [Fact]
    public async Task A_domain_is_all_links_of_the_account_and_of_nobody_else()
    {
        await using var house = await ShortIoHouse.BuildInAsync(shared.App);
        var old = await house.AddLinkAsync("old", Some.Noon.AddDays(-20));
        var fresh = await house.AddLinkAsync("fresh", Some.Noon.AddHours(-2));
        var foreign = await house.App.AddAsync(Some.Link("foreign", await house.App.AddUserAsync()));
        await house.App.AddAsync(
            Some.Click(old), Some.Click(fresh), Some.Click(fresh) with { IsBot = true }, Some.Click(old, Some.Noon.AddDays(-1)), Some.Click(foreign));

        var answer = await house.Client.JsonAsync("/statistics/domain/12345?period=today");
        var none = await house.Client.SendAsync(HttpMethod.Get, "/statistics/domain/elsewhere.example").JsonAsync(404);

        Holds(answer, """
            {"clicks":3,"humanClicks":2,"prevClicks":1,"prevHumanClicks":1,"links":2,"linksChange":"100.00","linksChangePositive":true,
             "clicksPerLink":"1.50","clicksPerLinkChange":"50.00","humanClicksPerLink":"1.00","prevClicksChange":"200.00",
             "humanClicksChange":"100.00","humanClicksChangePositive":true}
            """);
        Assert.Equal("Domain not found", none.Text("error"));
    }

    [Theory]
    [InlineData("""{"include":{"browsers":["Firefox"]}}""", 1)]
    [InlineData("""{"exclude":{"browsers":["Firefox"]}}""", 2)]
    [InlineData("""{"include":{"countries":["Germany","FR"]}}""", 2)]
    [InlineData("""{"exclude":{"countries":["DE"],"human":false}}""", 1)]
    [InlineData("""{"include":{"human":false}}""", 1)]
    [InlineData("""{"include":{"socials":["Twitter"]}}""", 1)]
    [InlineData("""{"exclude":{"socials":["twitter"],"refhosts":["https://www.example.org/page"]}}""", 1)]
    [InlineData("""{"include":{"dt":["2026-02-18T11:30:00Z","2026-02-18T12:30:00Z"]}}""", 2)]
    [InlineData("""{"include":{"paths":["/one"]}}""", 2)]
    [InlineData("""{"include":{"utmSources":["a"],"utmMediums":["b"],"utmCampaigns":["c"]}}""", 1)]
    [InlineData("", 3)]
    public async Task Filters_mean_the_same_for_numbers_and_for_single_clicks(string body, int clicks)
    {
        await using var house = await ShortIoHouse.BuildInAsync(shared.App);
        var one = await house.AddLinkAsync("one");
        var two = await house.AddLinkAsync("two");
        await house.App.AddAsync(
            Some.Click(one) with { Browser = "Firefox", Country = "DE", Referrer = "t.co" },
            Some.Click(one) with { Browser = "Chrome", Country = "FR", IsBot = true, Referrer = "example.org" },
            Some.Click(two, Some.Noon.AddHours(-1)) with { UtmSource = "a", UtmMedium = "b", UtmCampaign = "c" });

        var counted = await house.Client.SendAsync(HttpMethod.Post, "/statistics/domain/1", body).JsonAsync();
        var listed = await house.Client.SendAsync(HttpMethod.Post, "/statistics/domain/1/last_clicks", body).JsonAsync();

        Assert.Equal((clicks, clicks), (counted.GetProperty("clicks").GetInt32(), listed.GetArrayLength()));
    }

    [Fact]
    public async Task The_top_of_a_column_is_listed_as_a_whole_and_bar_by_bar()
    {
        await using var house = await ShortIoHouse.BuildInAsync(shared.App);
        var link = await house.AddLinkAsync("link", Some.Noon.AddDays(-5));
        await house.App.AddAsync(
            Some.Click(link) with { Os = "macOS" },
            Some.Click(link) with { Os = "macOS" },
            Some.Click(link) with { Os = "Linux" },
            Some.Click(link) with { Os = "Linux", IsBot = true },
            Some.Click(link, Some.Noon.AddDays(-1)) with { Os = "Windows" },
            Some.Click(link, Some.Noon.AddDays(-1)));

        var top = await PostAsync("top", """{"column":"os","limit":2}""");
        var prefixed = await PostAsync("top", """{"column":"os","prefix":"win"}""");
        var humans = await PostAsync("top", """{"column":"human"}""");
        var bars = await PostAsync("top_by_interval", """{"column":"os","interval":"day","period":"custom","startDate":"2026-02-17","endDate":"2026-02-18T23:00:00Z"}""");

        Assert.Equal("""[{"score":2,"column":"Mac OS X","displayName":"Mac OS X"},{"score":1,"column":"Linux","displayName":"Linux"}]""", top.GetRawText());
        Assert.Equal(["Windows"], prefixed.Column("column"));
        Assert.Equal("""[{"score":5,"column":"true","displayName":"Human"},{"score":1,"column":"false","displayName":"Bot"}]""", humans.GetRawText());
        Assert.Equal(
            """
            [{"date":"2026-02-17T00:00:00.000Z","statistics":[{"column":"Windows","score":"1"}]},{"date":"2026-02-18T00:00:00.000Z","statistics":[{"column":"Mac OS X","score":"2"},{"column":"Linux","score":"1"}]}]
            """,
            bars.GetRawText());

        async Task<JsonElement> PostAsync(string call, string body) =>
            await house.Client.SendAsync(HttpMethod.Post, $"/statistics/domain/1/{call}", body).JsonAsync();
    }

    [Fact]
    public async Task The_newest_clicks_come_first_and_no_more_than_asked_for()
    {
        await using var house = await ShortIoHouse.BuildInAsync(shared.App);
        var link = await house.AddLinkAsync("Link");
        var foreign = await house.App.AddAsync(Some.Link("foreign", await house.App.AddUserAsync()));
        await house.App.AddAsync(
            Some.Click(link, Some.Noon.AddMinutes(-3)), ShortIoHouse.Full(link, Some.Noon.AddMinutes(-1)), Some.Click(link, Some.Noon.AddMinutes(-2)), Some.Click(foreign));

        var two = await LastAsync("""{"limit":2}""");
        var before = await LastAsync("""{"beforeDate":"2026-02-18T11:58:00Z"}""");
        var after = await LastAsync("""{"afterDate":"2026-02-18T11:58:00Z"}""");

        Assert.Equal(["2026-02-18T11:59:00.000Z", "2026-02-18T11:58:00.000Z"], two.Column("dt"));
        Assert.Equal(["2026-02-18T11:57:00.000Z"], before.Column("dt"));
        Assert.Equal(["2026-02-18T11:59:00.000Z"], after.Column("dt"));
        Holds(two[0], """
            {"path":"Link","lcpath":"link","st":302,"ip":"","human":true,"browser":"Chrome","country":"US","city":"Ashburn","social":"twitter",
             "refhost":"t.co","ref":"t.co","os":"Mac OS X","utm_source":"news","utm_medium":"mail","utm_campaign":"spring"}
            """);

        async Task<JsonElement> LastAsync(string body) =>
            await house.Client.SendAsync(HttpMethod.Post, "/statistics/domain/1/last_clicks", body).JsonAsync();
    }

    [Fact]
    public async Task Links_are_counted_by_their_ids_or_their_paths_and_unknown_ones_are_not_zero()
    {
        await using var house = await ShortIoHouse.BuildInAsync(shared.App);
        var one = await house.AddLinkAsync("Unknown");
        var two = await house.AddLinkAsync("two");
        await house.App.AddAsync(Some.Click(one), Some.Click(one, Some.Noon.AddMinutes(-30)) with { IsBot = true });

        var byId = await house.Client.JsonAsync($"/statistics/domain/1/link_clicks?&ids={one.PublicId},{two.PublicId},nobody");
        var ranged = await house.Client.JsonAsync($"/statistics/domain/1/link_clicks?&startDate=2026-02-18T11:50:00Z&endDate=2026-02-19&ids={one.PublicId}");
        var byPath = await house.Client.SendAsync(
            HttpMethod.Post, "/statistics/domain/1/link_clicks", """{"pathsDates":[{"path":"Unknown","createdAt":"2026-02-18"},{"path":"/two"}]}""").JsonAsync();

        Assert.Equal($$"""{"{{one.PublicId}}":2,"{{two.PublicId}}":0}""", byId.GetRawText());
        Assert.Equal($$"""{"{{one.PublicId}}":1}""", ranged.GetRawText());
        Assert.Equal("""{"Unknown":2,"/two":0}""", byPath.GetRawText());
    }

    [Fact]
    public async Task Clearing_deletes_the_clicks_of_the_account_and_nobody_elses()
    {
        await using var house = await ShortIoHouse.BuildInAsync(shared.App);
        var link = await house.AddLinkAsync("link");
        var stranger = await house.App.AddUserAsync();
        var foreign = await house.App.AddAsync(Some.Link("foreign", stranger));
        await house.App.AddAsync(Some.Click(link), Some.Click(foreign));
        var reader = ShortIoHouse.Presenting(house.App, await house.App.AddKeyAsync(house.Owner, "stats:read"));

        Assert.Equal(1, await ClicksAsync(house.Client));
        await reader.SendAsync(HttpMethod.Delete, "/statistics/domain/1/statistics").JsonAsync(403);
        var answer = await house.Client.SendAsync(HttpMethod.Delete, "/statistics/domain/1/statistics").JsonAsync();

        Assert.True(answer.GetProperty("success").GetBoolean());
        Assert.Equal(0, await ClicksAsync(house.Client));
        Assert.Equal(1, await ClicksAsync(ShortIoHouse.Presenting(house.App, await house.App.AddKeyAsync(stranger))));
        await house.App.AddAsync(Some.Click(link));
        Assert.Equal(1, await ClicksAsync(house.Client));

        static async Task<long> ClicksAsync(HttpClient client) =>
            (await client.JsonAsync("/statistics/domain/1?period=total")).GetProperty("clicks").GetInt64();
    }

    [Fact]
    public async Task A_key_opens_the_door_alone_or_as_a_bearer_and_a_wrong_one_never_does()
    {
        await using var house = await ShortIoHouse.BuildInAsync(shared.App);
        var link = await house.AddLinkAsync("link");
        var key = await house.App.AddKeyAsync(house.Owner, "urls:read");

        await ShortIoHouse.Presenting(house.App, key).JsonAsync("/statistics/link/link");
        await ShortIoHouse.Presenting(house.App, $"Bearer {key}").JsonAsync("/statistics/link/link");
        foreach (var client in new[] { house.App.Anonymous(), ShortIoHouse.Presenting(house.App, "spoo_wrong"), ShortIoHouse.Presenting(house.App, "Basic eDp5") })
        {
            var refused = await client.SendAsync(HttpMethod.Get, "/statistics/link/link").JsonAsync(401);
            Assert.Equal("""{"error":"Unauthorized"}""", refused.GetRawText());
        }

        // Elsewhere the key alone is no key.
        await ShortIoHouse.Presenting(house.App, key).SendAsync(HttpMethod.Get, "/api/v1/stats").JsonAsync(401);
        var narrow = ShortIoHouse.Presenting(house.App, await house.App.AddKeyAsync(house.Owner, "shorten:create"));
        Assert.Equal(["error"], (await narrow.SendAsync(HttpMethod.Get, "/statistics/link/link").JsonAsync(403)).Names());
    }

    [Fact]
    public async Task Errors_are_Short_io_s_with_a_status_that_says_whose_they_are()
    {
        await using var house = await ShortIoHouse.BuildInAsync(shared.App);
        await house.App.AddAsync(Some.Link("foreign", await house.App.AddUserAsync()));

        var missing = await house.Client.SendAsync(HttpMethod.Get, "/statistics/link/nothing").JsonAsync(404);
        var foreign = await house.Client.SendAsync(HttpMethod.Get, "/statistics/link/foreign").JsonAsync(404);
        var nowhere = await house.Client.SendAsync(HttpMethod.Get, "/statistics/nowhere").JsonAsync(404);
        var wrong = await house.Client.SendAsync(HttpMethod.Get, "/statistics/domain/1?period=never").JsonAsync(400);

        Assert.Equal("""{"error":"Link not found"}""", missing.GetRawText());
        Assert.Equal("""{"error":"Link not found"}""", foreign.GetRawText());
        Assert.Equal(["error"], nowhere.Names());
        Assert.StartsWith("period: should be one of today,", wrong.Text("error"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"include":{"paths":{}}}""", "include.paths: ")]
    [InlineData("""{"include":{"statuses":[200]}}""", "include.statuses: ")]
    [InlineData("""{"exclude":{"colour":["red"]}}""", "exclude.colour: ")]
    [InlineData("""{"exclude":{"dt":["2026-01-01","2026-01-02"]}}""", "exclude.dt: ")]
    [InlineData("""{"include":{"human":"yes"}}""", "include.human: ")]
    [InlineData("""{"include":{"socials":["orkut"]}}""", "include.socials: ")]
    [InlineData("""{"include":[]}""", "include: ")]
    [InlineData("""{"period":{}}""", "period: ")]
    [InlineData("""{"period":"\ud800"}""", "body: ")]
    [InlineData("""{"\ud800":1}""", "body: ")]
    [InlineData("[1]", "body: ")]
    [InlineData("{", "body: ")]
    [InlineData("""{"skipTops":"perhaps"}""", "skipTops: ")]
    [InlineData("""{"clicksChartInterval":"minute"}""", "clicksChartInterval: ")]
    public async Task A_filter_that_cannot_be_kept_to_is_refused_by_name(string body, string start)
    {
        var request = new DefaultHttpContext { Request = { Method = "POST", Body = new MemoryStream(Encoding.UTF8.GetBytes(body)) } }.Request;

        var fields = await ShortIoFields.ReadAsync(request);
        ShortIoQuestion.Read(fields, Some.Noon, maxDays: null);

        Assert.StartsWith(start, fields.Refusal?.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Whatever_is_sent_the_answer_is_never_a_crash()
    {
        await using var house = await ShortIoHouse.BuildInAsync(shared.App);
        await house.AddLinkAsync("link");
        var random = new Random(9);
        string[] names =
        [
            "period", "tz", "tzOffset", "startDate", "endDate", "clicksChartInterval", "interval", "skipTops", "include", "exclude", "column",
            "prefix", "limit", "afterDate", "beforeDate", "ids", "pathsDates",
        ];
        string[] texts =
        [
            "", "total", "custom", "today", "hour", "month", "os", "path", "0", "-1", "1e9", "99999999999999999999", "2026-02-30", "1970-01-01",
            "8999-12-31", "9999-12-31T23:59:59Z", "0001-01-01T00:00:00+14:00", "1588251413000", "NaN", "true", "Europe/Berlin", "../../etc", "%00",
            "'; drop table Links--", "\u202e\ud83d\ude00", "a\nb", new string('T', 300),
        ];
        string[] values = ["null", "1", "true", "[]", "{}", "[null]", "[[]]", "[\"\"]", "[{}]", "{\"dt\":[\"1\",\"2\"]}", "{\"paths\":[\"a\"]}", "{\"human\":null}"];
        (HttpMethod, string)[] calls =
        [
            (HttpMethod.Get, "link/link"), (HttpMethod.Post, "link/link"), (HttpMethod.Get, "domain/1"), (HttpMethod.Post, "domain/1"),
            (HttpMethod.Get, "link/link/by_interval"), (HttpMethod.Post, "domain/1/by_interval"), (HttpMethod.Post, "domain/1/top"),
            (HttpMethod.Post, "domain/1/top_by_interval"), (HttpMethod.Post, "domain/1/last_clicks"), (HttpMethod.Get, "domain/1/link_clicks"),
            (HttpMethod.Post, "domain/1/link_clicks"), (HttpMethod.Get, "link/%ff%fe"), (HttpMethod.Get, "domain/%20"), (HttpMethod.Put, "domain/1"),
        ];

        for (var round = 0; round < 400; round++)
        {
            var (method, path) = calls[random.Next(calls.Length)];
            var query = string.Join('&', Enumerable.Range(0, random.Next(4)).Select(_ => $"{Pick(names)}={Escaped(Pick(texts))}"));
            var body = string.Join(',', Enumerable.Range(0, random.Next(4)).Select(_ =>
                $"\"{Pick(names)}\":{(random.Next(2) == 0 ? Pick(values) : JsonSerializer.Serialize(Pick(texts)))}"));
            var address = $"/statistics/{path}?{query}";

            using var answer = await house.Client.SendAsync(method, address, method == HttpMethod.Post ? $"{{{body}}}" : null);

            Assert.True((int)answer.StatusCode < 500, $"{(int)answer.StatusCode} for {method} {address} with {{{body}}}");
        }

        string Escaped(string text) => random.Next(8) == 0 ? "%ff%fe" : Uri.EscapeDataString(text);

        string Pick(string[] from) => from[random.Next(from.Length)];
    }

    private static IEnumerable<ClickFacts> Humans(
        Link link, string?[] browsers, string?[] systems, (string Country, string? City)[] places, DateTimeOffset? at = null, string? referrer = null) =>
        places.Select((place, i) => Some.Click(link, at ?? Example.AddMinutes(i), i + 1) with
        {
            Browser = browsers[i],
            Os = systems[i],
            Country = place.Country,
            City = place.City,
            Referrer = i == 0 ? referrer : null,
        });

    private static IEnumerable<ClickFacts> Bots(Link link, int count) => Enumerable.Range(0, count).Select(i => Some.Click(link, Example, 100 + i) with
    {
        IsBot = true,
        Browser = "Googlebot",
        Country = "US",
        City = "Mountain View",
        Referrer = "google.com",
    });

    /// <summary>Everything expected is there; lists have the same rows, by score, and rows of one score in either order.</summary>
    private static void Holds(JsonElement answer, string expected) => Holds(answer, JsonElement.Parse(expected), "");

    private static void Holds(JsonElement actual, JsonElement expected, string path)
    {
        switch (expected.ValueKind)
        {
            case JsonValueKind.Object:
                foreach (var property in expected.EnumerateObject())
                {
                    Assert.True(actual.TryGetProperty(property.Name, out var value), $"{path}.{property.Name} is missing in {actual}");
                    Holds(value, property.Value, $"{path}.{property.Name}");
                }

                break;
            case JsonValueKind.Array:
                var names = expected.GetArrayLength() == 0 ? [] : expected[0].Names().ToList();
                Assert.Equal(expected.EnumerateArray().Select(Row).Order(StringComparer.Ordinal), actual.EnumerateArray().Select(Row).Order(StringComparer.Ordinal));
                var scores = actual.EnumerateArray().Select(row => row.GetProperty("score").GetInt64()).ToList();
                Assert.Equal(scores.OrderDescending(), scores);
                break;

                string Row(JsonElement row) => string.Join(' ', names.Select(name => row.GetProperty(name).GetRawText()));
            default:
                Assert.Equal($"{path} {expected.GetRawText()}", $"{path} {actual.GetRawText()}");
                break;
        }
    }

    /// <summary>A server at noon, for tests that make accounts of their own.</summary>
    public sealed class Installation : IAsyncDisposable
    {
        public SpooApp App { get; } = new() { Clock = new FakeTimeProvider(Some.Noon) };

        public ValueTask DisposeAsync() => App.DisposeAsync();
    }
}

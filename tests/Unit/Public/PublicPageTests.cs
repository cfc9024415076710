using System.Data.Common;
using System.Net;
using System.Text;
using System.Text.RegularExpressions;
using AngleSharp.Dom;
using AngleSharp.Html.Parser;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Spoo.Data.Database;
using Spoo.Data.Links;
using Spoo.Data.Links.Codes;
using Spoo.Tests.Support;
using Spoo.Web.Components.Public;

namespace Spoo.Tests.Public;

/// <summary>The page that shows a link's numbers to everybody, as a browser without scripts gets it.</summary>
public sealed partial class PublicPageTests(SpooApp app) : IClassFixture<SpooApp>
{
    private const string AllTime = "?period=all";

    private static CancellationToken Ended => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Numbers_tables_periods_and_filters_are_there_without_a_script()
    {
        var link = await app.AddAsync(Some.Link(longUrl: "https://example.com/there"));
        await app.AddAsync(
            Some.Click(link) with { Country = "DE", Browser = "Firefox", Referrer = "t.co" },
            Some.Click(link, visitor: 2) with { Country = "DE", Browser = "Chrome" },
            Some.Click(link, visitor: 2) with { Country = "FR", Browser = "Chrome" });

        var page = await OpenAsync($"/stats/{link.ShortCode}{AllTime}");

        Assert.Equal(["3", "3", "2"], page.QuerySelectorAll(".tile b").Take(3).Select(tile => tile.TextContent));
        Assert.Equal(["Germany", "France"], Labels(page, "country"));
        Assert.Equal("https://example.com/there", page.QuerySelector("a.destination")!.GetAttribute("href"));
        Assert.Contains(page.QuerySelectorAll(".period-menu a"), period => period.GetAttribute("href") == $"stats/{link.ShortCode}?period=7d");
        Assert.NotEmpty(page.QuerySelectorAll(".chart-table tbody tr"));
        Assert.DoesNotContain("_framework", page.DocumentElement.OuterHtml.Split("importmap")[0], StringComparison.Ordinal);
        Assert.DoesNotContain(page.QuerySelectorAll("script[src]"), script => script.GetAttribute("src")!.Contains("blazor", StringComparison.Ordinal));

        var germans = await OpenAsync(page.QuerySelector("#panel-country tbody a")!.GetAttribute("href")!);
        Assert.Equal("2", germans.QuerySelector(".tile b")!.TextContent);
        Assert.Contains("Germany", germans.QuerySelector(".chip")!.TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_hours_of_the_week_and_two_dimensions_at_once_are_there_without_a_script()
    {
        var link = await app.AddAsync(Some.Link());
        await app.AddAsync(
            Some.Click(link) with { Country = "DE", Browser = "Firefox", Os = "Linux" },
            Some.Click(link, visitor: 2) with { Country = "DE", Browser = "Chrome", Os = "Windows" },
            Some.Click(link, visitor: 2) with { Country = "FR", Browser = "Chrome", Os = "Windows" });

        var page = await OpenAsync($"/stats/{link.ShortCode}{AllTime}&crosstab=browser,os");

        Assert.Equal(7 * 24, page.QuerySelectorAll(".heatmap tbody td").Length);
        Assert.Empty(page.QuerySelectorAll(".beside"));
        Assert.Equal(["Browser", "Windows", "Linux", "All"], page.QuerySelectorAll(".crosstab thead th").Select(head => head.TextContent.Trim()));
        Assert.Equal(["Chrome", "2", "0", "2"], page.QuerySelector(".crosstab tbody tr")!.Children.Select(cell => cell.TextContent.Trim()));
        var rows = page.QuerySelectorAll(".crosstab-head details")[0].QuerySelectorAll("a").Select(choice => choice.GetAttribute("href")!).ToList();
        Assert.Contains($"stats/{link.ShortCode}?period=all&crosstab=country,os", rows);
        Assert.DoesNotContain(rows, choice => choice.Contains("utm_", StringComparison.Ordinal));
        Assert.Empty((await OpenAsync($"/stats/{link.ShortCode}{AllTime}&embed=true")).QuerySelectorAll(".heatmap, .crosstab"));
    }

    [Fact]
    public async Task The_last_24_hours_are_shown_hour_by_hour()
    {
        var link = await app.AddAsync(Some.Link());
        await app.AddAsync(Some.Click(link, DateTimeOffset.UtcNow.AddHours(-3)));

        var page = await OpenAsync($"/stats/{link.ShortCode}?period=24h");

        Assert.InRange(page.QuerySelectorAll(".chart-table tbody tr").Length, 24, 25);
    }

    [Theory]
    [InlineData("/app.js")]
    [InlineData("/js/clicks-chart.js")]
    [InlineData("/lib/apexcharts/apexcharts.esm.js")]
    public async Task What_a_page_loads_travels_compressed(string file)
    {
        var client = app.Anonymous();
        client.DefaultRequestHeaders.Add("Accept-Encoding", "gzip");

        var plain = await app.Anonymous().GetByteArrayAsync(file, Ended);
        var compressed = await client.GetAsync(file, Ended);

        Assert.Equal(["gzip"], compressed.Content.Headers.ContentEncoding);
        Assert.True((await compressed.Content.ReadAsByteArrayAsync(Ended)).Length < plain.Length / 2);
    }

    [Fact]
    public async Task A_private_link_and_a_missing_one_are_the_same_page_byte_for_byte()
    {
        var link = await app.AddAsync(Some.Link("private-as-one", await app.AddUserAsync(), privateStats: true));
        await app.AddAsync(Some.Click(link));
        var stranger = await app.AddUserAsync();

        // A new browser each time: what the first answer gave it would change the second.
        foreach (var open in new Func<Task<HttpClient>>[] { () => Task.FromResult(app.Anonymous()), () => app.SignedInAsync(stranger) })
        {
            foreach (var rest in new[] { "", "?period=all&country=DE", "?embed=true&theme=dark", "?details=country", "/live" })
            {
                Assert.Equal(await SeenAsync(await open(), "missing-as-one", rest), await SeenAsync(await open(), "private-as-one", rest));
            }
        }
    }

    [Fact]
    public async Task The_owner_sees_the_page_of_a_private_link_and_that_nobody_else_does()
    {
        var owner = await app.AddUserAsync();
        var link = await app.AddAsync(Some.Link(owner: owner, privateStats: true));

        var page = await OpenAsync($"/stats/{link.ShortCode}", await app.SignedInAsync(owner));

        Assert.Contains("Only you see this page", page.Body!.TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_password_is_asked_for_by_form_and_nothing_is_told_before()
    {
        var link = Some.Link(longUrl: "https://example.com/secret-destination");
        link.PasswordHash = Some.PasswordHash("correct horse");
        await app.AddAsync(link);
        await app.AddAsync(Some.Click(link) with { Country = "DE" });
        var client = app.Anonymous();
        var address = $"/stats/{link.ShortCode}{AllTime}";

        var asked = await client.GetAsync(address, Ended);
        var form = await ParsedAsync(asked);
        Assert.DoesNotContain("secret-destination", form.Body!.InnerHtml, StringComparison.Ordinal);
        Assert.Empty(form.QuerySelectorAll(".tile"));
        Assert.Equal(HttpStatusCode.NotFound, (await client.GetAsync($"/stats/{link.ShortCode}/live", Ended)).StatusCode);
        Assert.Empty((await OpenAsync(address + "&password=correct%20horse")).QuerySelectorAll(".tile"));

        var wrong = await ParsedAsync(await SendAsync(client, asked, form, address, "battery staple"));
        Assert.Contains("not the password", wrong.QuerySelector("[role=alert]")!.TextContent, StringComparison.Ordinal);

        var right = await SendAsync(client, asked, form, address, "correct horse");
        Assert.Equal(HttpStatusCode.Found, right.StatusCode);
        Assert.EndsWith(address, right.Headers.Location!.ToString(), StringComparison.Ordinal);
        var proof = right.Headers.GetValues("Set-Cookie").Single(cookie => cookie.StartsWith("spoo-link=", StringComparison.Ordinal));
        Assert.Contains($"path=/stats/{link.ShortCode};", proof, StringComparison.Ordinal);

        client.DefaultRequestHeaders.Add("Cookie", proof.Split(';')[0]);
        var answer = await client.GetAsync(address, Ended);
        Assert.Equal("private, no-store", answer.Headers.CacheControl!.ToString().Replace("no-store, private", "private, no-store", StringComparison.Ordinal));
        Assert.Equal("1", (await ParsedAsync(answer)).QuerySelector(".tile b")!.TextContent);
    }

    [Fact]
    public async Task Passwords_cannot_be_tried_out()
    {
        var link = Some.Link();
        link.PasswordHash = Some.PasswordHash("correct horse");
        await app.AddAsync(link);
        var client = app.Anonymous();
        var asked = await client.GetAsync($"/stats/{link.ShortCode}", Ended);
        var form = await ParsedAsync(asked);

        var statuses = new List<HttpStatusCode>();
        for (var attempt = 0; attempt < 11; attempt++)
        {
            statuses.Add((await SendAsync(client, asked, form, $"/stats/{link.ShortCode}", "wrong")).StatusCode);
        }

        Assert.Equal([HttpStatusCode.OK, HttpStatusCode.TooManyRequests], statuses[^2..]);
    }

    [Fact]
    public async Task Campaigns_and_other_links_stay_the_owners_business()
    {
        var link = await app.AddAsync(Some.Link());
        await app.AddAsync(Some.Click(link) with { UtmCampaign = "hush-hush", UtmSource = "insider" }, Some.Click(link, visitor: 2));

        var page = await OpenAsync($"/stats/{link.ShortCode}?period=all&utm_campaign=hush-hush&details=utm_campaign");

        Assert.Equal("2", page.QuerySelector(".tile b")!.TextContent);
        Assert.DoesNotContain("insider", page.Body!.InnerHtml, StringComparison.Ordinal);
        Assert.Empty(page.QuerySelectorAll("[id^=panel-utm]"));
    }

    [Fact]
    public async Task Only_an_embedded_page_may_stand_in_a_frame_and_it_is_bare()
    {
        var link = await app.AddAsync(Some.Link());
        await app.AddAsync(Some.Click(link));
        var client = app.Anonymous();

        var whole = await client.GetAsync($"/stats/{link.ShortCode}{AllTime}", Ended);
        var embedded = await client.GetAsync($"/stats/{link.ShortCode}{AllTime}&embed=true&theme=dark", Ended);

        Assert.Equal(["DENY"], whole.Headers.GetValues("X-Frame-Options"));
        Assert.False(embedded.Headers.Contains("X-Frame-Options"));
        Assert.EndsWith("; frame-ancestors *", embedded.Headers.GetValues("Content-Security-Policy").Single(), StringComparison.Ordinal);
        var page = await ParsedAsync(embedded);
        Assert.Equal("dark", page.DocumentElement.GetAttribute("data-theme"));
        Assert.Empty(page.QuerySelectorAll("header.topbar, footer, .cards"));
        Assert.Equal("1", page.QuerySelector(".tile b")!.TextContent);
        var inside = page.QuerySelectorAll("public-stats a:not([target])").Select(a => a.GetAttribute("href")!);
        Assert.All(inside, href => Assert.Contains("embed=true&theme=dark", href, StringComparison.Ordinal));
        Assert.NotEmpty((await OpenAsync($"/stats/{link.ShortCode}{AllTime}&embed=true&cards=true")).QuerySelectorAll(".cards"));
    }

    [Fact]
    public async Task Two_dates_become_an_address_on_the_readers_clock()
    {
        var link = await app.AddAsync(Some.Link());
        var client = app.Anonymous();
        client.DefaultRequestHeaders.Add("Cookie", "timezone=Europe%2FBerlin");

        var page = await OpenAsync($"/stats/{link.ShortCode}?country=DE&from=2026-01-10&to=2026-01-11", client);

        Assert.Equal(
            $"stats/{link.ShortCode}?start_date=2026-01-09T23:00:00Z&end_date=2026-01-11T22:59:59.999Z&country=DE",
            WebUtility.UrlDecode(page.QuerySelector(".tile a")!.GetAttribute("href")));
    }

    [Fact]
    public async Task All_time_begins_with_the_day_of_the_first_click()
    {
        var link = Some.Link();
        link.CreatedAt = DateTimeOffset.UtcNow.AddDays(-300);
        await app.AddAsync(link);
        await app.AddAsync(Some.Click(link, DateTimeOffset.UtcNow.AddDays(-3)));

        var page = await OpenAsync($"/stats/{link.ShortCode}{AllTime}&interval=day");

        Assert.Equal(4, page.QuerySelectorAll(".chart-table tbody tr").Length);
    }

    [Fact]
    public async Task A_period_is_chosen_by_links_and_by_two_dates_and_compared_by_links()
    {
        var link = await app.AddAsync(Some.Link());
        await app.AddAsync(Some.Click(link));

        var page = await OpenAsync($"/stats/{link.ShortCode}?country=DE");

        var form = page.QuerySelector(".period-menu form")!;
        Assert.Equal(["from", "to"], form.QuerySelectorAll("input[type=date]").Select(day => day.GetAttribute("name")));
        Assert.Contains(form.QuerySelectorAll("input[type=hidden]"), carried => carried.GetAttribute("value") == "DE");
        Assert.Contains(page.QuerySelectorAll(".period-menu a"), choice => choice.GetAttribute("href") == $"stats/{link.ShortCode}?compare=year&country=DE");
        Assert.Empty(page.QuerySelectorAll("range-calendar"));
    }

    [Fact]
    public async Task A_complete_list_is_a_page_that_needs_no_script()
    {
        var link = await app.AddAsync(Some.Link());
        await app.AddAsync(Enumerable.Range(0, 12).Select(number => Some.Click(link, visitor: number) with { City = $"City {number:00}" }));

        var page = await OpenAsync($"/stats/{link.ShortCode}{AllTime}&details=city");

        Assert.Equal(12, page.QuerySelectorAll(".public-list tbody tr").Length);
        Assert.Equal($"stats/{link.ShortCode}{AllTime}", page.QuerySelector(".public-list [data-close]")!.GetAttribute("href"));
    }

    [Fact]
    public async Task A_destination_that_is_no_web_address_is_not_made_a_link()
    {
        var link = await app.AddAsync(Some.Link(longUrl: "javascript:alert(1)"));

        Assert.DoesNotContain("javascript:alert", (await OpenAsync($"/stats/{link.ShortCode}")).Body!.InnerHtml, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_cannot_be_understood_is_refused_with_a_reason()
    {
        var link = await app.AddAsync(Some.Link());

        var answer = await app.Anonymous().GetAsync($"/stats/{link.ShortCode}?period=for-ever", Ended);

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Contains("28d", (await ParsedAsync(answer)).QuerySelector(".message")!.TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_store_that_fails_is_told_and_no_number_is_made_up()
    {
        BreakableContexts? contexts = null;
        await using var broken = new SpooApp
        {
            Register = services => services.AddSingleton<IDbContextFactory<SpooDbContext>>(provider =>
                contexts = new BreakableContexts(provider.GetRequiredService<SpooContexts>().CreateDbContext)),
        };
        var link = await broken.AddAsync(Some.Link());
        contexts!.IsBroken = true;

        var answer = await broken.Anonymous().GetAsync($"/stats/{link.ShortCode}", Ended);

        Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
        Assert.NotNull(answer.Headers.RetryAfter);
        Assert.Empty((await ParsedAsync(answer)).QuerySelectorAll(".tile"));
    }

    [Fact]
    public async Task An_open_page_is_sent_its_new_numbers_when_a_click_comes_in()
    {
        var link = await app.AddAsync(Some.Link(createdAt: DateTimeOffset.UtcNow.AddDays(-1)));
        await app.AddAsync(Some.Click(link, DateTimeOffset.UtcNow));
        var page = await OpenAsync($"/stats/{link.ShortCode}");
        var stats = page.GetElementById("public-stats")!;
        using var answer = await app.Anonymous().GetAsync(
            $"{stats.GetAttribute("data-live")}?seen={stats.GetAttribute("data-version")}", HttpCompletionOption.ResponseHeadersRead, Ended);
        using var reader = new StreamReader(await answer.Content.ReadAsStreamAsync(Ended));

        await app.AddAsync(Some.Click(link, DateTimeOffset.UtcNow, visitor: 2));

        var sent = new List<string>();
        while (await reader.ReadLineAsync(Ended) is { } line && !(line.Length == 0 && sent.Contains("event: report")))
        {
            sent.Add(line);
        }

        var report = new HtmlParser().ParseDocument(string.Concat(sent.Where(line => line.StartsWith("data: ", StringComparison.Ordinal)).Select(line => line[6..])));
        Assert.Equal("2", report.QuerySelector("#public-stats .tile b")!.TextContent);
    }

    [Theory]
    [InlineData("<p>ä😀</p>", "data: <p>ä😀</p>\n\n")]
    [InlineData("<p>\n\n</p>\n", "data: <p>\ndata: \ndata: </p>\ndata: \n\n")]
    [InlineData("a\rb", "data: a\ndata: b\n\n")]
    public void A_drawing_of_several_lines_is_one_event(string drawn, string sent) =>
        Assert.Equal(sent, Encoding.UTF8.GetString(PublicLive.Event(new StringBuilder(drawn))));

    [Fact]
    public void A_long_drawing_is_whole_wherever_its_memory_is_cut()
    {
        var text = string.Concat(Enumerable.Range(0, 20_000).Select(number => $"😀{number}\n"));
        var drawn = new StringBuilder();
        foreach (var part in text.Chunk(997))
        {
            drawn.Append(part);
        }

        var lines = Encoding.UTF8.GetString(PublicLive.Event(drawn)).Split('\n');

        Assert.Equal(text, string.Join('\n', lines[..^2].Select(line => line["data: ".Length..])));
    }

    [Fact]
    public async Task The_address_brings_a_picture_of_the_numbers_along_where_it_is_told()
    {
        var link = await app.AddAsync(Some.Link());
        await app.AddAsync(Some.Click(link), Some.Click(link, visitor: 2));
        var page = await OpenAsync($"/stats/{link.ShortCode}{AllTime}");

        Assert.StartsWith("2 clicks by 2 visitors", page.QuerySelector("meta[name=description]")!.GetAttribute("content"), StringComparison.Ordinal);
        var address = page.QuerySelector("meta[property='og:image']")!.GetAttribute("content")!;
        Assert.Equal($"http://localhost/stats/{link.ShortCode}/card.png{AllTime}", address);
        var answer = await app.Anonymous().GetAsync(address, Ended);
        Assert.Equal("image/png", answer.Content.Headers.ContentType!.MediaType);
        Assert.True(answer.Headers.CacheControl!.Public);
        var picture = await answer.Content.ReadAsByteArrayAsync(Ended);
        using var decoded = SkiaSharp.SKBitmap.Decode(picture);
        Assert.Equal((1200, 630), (decoded.Width, decoded.Height));

        // Another number is another picture.
        await app.AddAsync(Some.Click(link, visitor: 3));
        Assert.NotEqual(picture, await app.Anonymous().GetByteArrayAsync(address, Ended));
    }

    [Fact]
    public async Task What_asks_for_a_password_has_no_picture()
    {
        var link = Some.Link();
        link.PasswordHash = Some.PasswordHash("correct horse");
        await app.AddAsync(link);

        Assert.Equal(HttpStatusCode.NotFound, (await app.Anonymous().GetAsync($"/stats/{link.ShortCode}/card.png", Ended)).StatusCode);
    }

    private static List<string> Labels(IDocument page, string dimension) =>
        [.. page.QuerySelectorAll($"#panel-{dimension} .breakdown-label").Select(label => label.TextContent)];

    private static async Task<IDocument> ParsedAsync(HttpResponseMessage answer) =>
        new HtmlParser().ParseDocument(await answer.Content.ReadAsStringAsync(Ended));

    private static Task<HttpResponseMessage> SendAsync(
        HttpClient client, HttpResponseMessage asked, IDocument form, string address, string password)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, address)
        {
            Content = new FormUrlEncodedContent(
                form.QuerySelectorAll("main form input[type=hidden]").Select(input => KeyValuePair.Create(input.GetAttribute("name")!, input.GetAttribute("value")!))
                    .Append(KeyValuePair.Create("password", password))),
        };
        request.Headers.Add("Cookie", asked.Headers.GetValues("Set-Cookie").Select(cookie => cookie.Split(';')[0]));
        return client.SendAsync(request, Ended);
    }

    /// <summary>All that a stranger can tell two answers apart by.</summary>
    private static async Task<string> SeenAsync(HttpClient client, string code, string rest)
    {
        var answer = await client.GetAsync($"/stats/{code}{rest}", Ended);
        var headers = answer.Headers.Concat(answer.Content.Headers)
            .Where(header => header.Key is not ("X-Request-ID" or "Date"))
            .Select(header => $"{header.Key}: {(header.Key == "Set-Cookie" ? Secret().Replace(string.Join(',', header.Value), "=…") : string.Join(',', header.Value))}")
            .Order(StringComparer.Ordinal);
        var body = Token().Replace(await answer.Content.ReadAsStringAsync(Ended), "");
        return $"{(int)answer.StatusCode}\n{Token().Replace(string.Join('\n', headers), "")}\n{body}".Replace(code, "CODE", StringComparison.Ordinal);
    }

    private async Task<IDocument> OpenAsync(string address, HttpClient? client = null)
    {
        var answer = await (client ?? app.Anonymous()).GetAsync(address, Ended);
        Assert.True(answer.IsSuccessStatusCode, $"{(int)answer.StatusCode}");
        return await ParsedAsync(answer);
    }

    [GeneratedRegex("=[^;]+")]
    private static partial Regex Secret();

    // Random by nature: what protects forms, and the framework's own state of the page.
    [GeneratedRegex("""value="CfDJ8[^"]+"|<!--Blazor[^>]*-->|req_[0-9a-f]{12}|nonce-[^']+|nonce="[^"]+" ?""")]
    private static partial Regex Token();
}

using Microsoft.EntityFrameworkCore;
using Spoo.Data.Care;
using Spoo.Data.Clicks.Facts;
using Spoo.Data.Links;
using Spoo.Data.Links.Codes;
using Spoo.Data.Transfer.ClickFiles;
using Spoo.Tests.Support;

namespace Spoo.Tests.Redirect;

/// <summary>Visits that ask not to be followed are clicks, and nobody's.</summary>
[OnEveryDatabase]
public sealed class DoNotTrackTests : IAsyncDisposable
{
    private readonly SpooApp _app = new() { Settings = { ["Clicks:HonourDoNotTrack"] = "true" } };

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    [Fact]
    public async Task Of_such_a_visit_neither_visitor_nor_place_nor_source_is_written_down()
    {
        var link = await _app.AddAsync(Some.Link());

        await VisitAsync(_app, link, "Firefox/130.0", ("DNT", "1"));
        await VisitAsync(_app, link, "Firefox/131.0", ("Sec-GPC", "1"));
        await VisitAsync(_app, link, "Firefox/132.0", ("DNT", "0"), ("Sec-GPC", "0"));
        await _app.StoredAsync();

        await using var database = _app.OpenDatabase();
        var rows = await (
            from click in database.Clicks
            join source in database.ClickSources on click.SourceId equals source.Id
            join place in database.ClickPlaces on click.PlaceId equals place.Id
            orderby click.Id
            select new { click.Visitor, source.Referrer, source.ReferrerUrl, source.UtmSource, source.UtmCampaign, source.Trigger, place.Country, place.City }).ToListAsync(Cancelled);
        Assert.All(rows[..2], row => Assert.Equal(
            (Click.NoVisitor, null, null, null, null, ClickSource.Qr, null, null),
            (row.Visitor, row.Referrer, row.ReferrerUrl, row.UtmSource, row.UtmCampaign, row.Trigger, row.Country, row.City)));
        Assert.NotEqual(Click.NoVisitor, rows[2].Visitor);
        Assert.Equal(("news.example", "mail"), (rows[2].Referrer, rows[2].UtmSource));
    }

    [Fact]
    public async Task Every_door_counts_them_as_clicks_and_says_that_unique_visitors_leave_them_out()
    {
        var owner = await _app.AddUserAsync();
        var client = await _app.WithKeyAsync(owner);
        var link = await _app.AddAsync(Some.Link(owner: owner, privateStats: false));
        await VisitAsync(_app, link, "Firefox/130.0", ("DNT", "1"));
        await VisitAsync(_app, link, "Firefox/130.0", ("Sec-GPC", "1"));
        await VisitAsync(_app, link, "Firefox/131.0", ("DNT", "1"));
        await VisitAsync(_app, link, "Firefox/132.0");
        await VisitAsync(_app, link, "Firefox/132.0");
        await _app.StoredAsync();

        var stats = await client.JsonAsync("/api/v1/stats?group_by=time,browser,short_code&cross=true&metrics=clicks,unique_clicks");
        Assert.Equal((5, 1), (stats.GetProperty("summary").GetProperty("total_clicks").GetInt32(), stats.GetProperty("summary").GetProperty("unique_clicks").GetInt32()));
        Assert.Equal(3, stats.GetProperty("quality").GetProperty("untracked_clicks").GetInt32());
        Assert.Equal("""{"unique_click_rate":50,"repeat_click_rate":50,"average_clicks_per_visitor":2}""", stats.GetProperty("computed_metrics").GetRawText());
        Assert.Equal("""[{"short_code":"X","unique_clicks":1,"unique_clicks_percentage":100}]""".Replace("X", link.ShortCode, StringComparison.Ordinal), stats.GetProperty("metrics").GetProperty("unique_clicks_by_short_code").GetRawText());
        Assert.Equal(1, stats.GetProperty("metrics").GetProperty("unique_clicks_by_time_browser").EnumerateArray().Sum(cell => cell.GetProperty("unique_clicks").GetInt32()));

        var others = await client.JsonAsync("/api/v1/stats?referrer=news.example");
        Assert.Equal(2, others.GetProperty("summary").GetProperty("total_clicks").GetInt32());
        Assert.False(others.GetProperty("quality").Has("untracked_clicks"));

        var anybody = (await _app.Anonymous().JsonAsync($"/api/v1/public/stats/{link.ShortCode}")).GetProperty("stats");
        Assert.Equal((5, 1), (anybody.GetProperty("summary").GetProperty("total_clicks").GetInt32(), anybody.GetProperty("summary").GetProperty("unique_clicks").GetInt32()));
        Assert.Contains("3 clicks asked not to be tracked and are not in unique visitors", await _app.Anonymous().GetStringAsync($"/stats/{link.ShortCode}", Cancelled), StringComparison.Ordinal);
        Assert.Empty((await _app.Get<ClickAudit>().RunAsync(Cancelled)).Differences);
    }

    [Theory]
    [InlineData("ndjson")]
    [InlineData("csv")]
    public async Task A_file_of_clicks_names_no_visitor_for_them_and_brings_them_elsewhere_as_they_are(string format)
    {
        var owner = await _app.AddUserAsync();
        var client = await _app.WithKeyAsync(owner);
        var link = await _app.AddAsync(Some.Link(owner: owner));
        await VisitAsync(_app, link, "Firefox/130.0", ("DNT", "1"));
        await VisitAsync(_app, link, "Firefox/131.0", ("DNT", "1"));
        await VisitAsync(_app, link, "Firefox/132.0");
        await _app.StoredAsync();

        var file = await client.GetByteArrayAsync($"/api/v1/export/clicks?format={format}", Cancelled);
        await using var other = new SpooApp();
        var reader = await other.AddUserAsync();
        var report = await other.Get<ClickImport>().RunAsync(new ClickFileToImport { Name = "clicks." + format, Content = new MemoryStream(file), OwnerId = reader.Id }, null, Cancelled);

        Assert.Equal((3, 0, 0), (report.Stored, report.Bad, report.VisitorsGuessed));
        var stats = await (await other.WithKeyAsync(reader)).JsonAsync("/api/v1/stats");
        Assert.Equal((3, 1, 2), (
            stats.GetProperty("summary").GetProperty("total_clicks").GetInt32(),
            stats.GetProperty("summary").GetProperty("unique_clicks").GetInt32(),
            stats.GetProperty("quality").GetProperty("untracked_clicks").GetInt32()));
    }

    [Fact]
    public async Task A_rule_by_country_still_decides_and_is_not_written_down()
    {
        var client = await _app.WithKeyAsync(await _app.AddUserAsync());
        var rules = """[{"name":"here","url":"https://example.com/here","countries":["DE"]},{"name":"half","url":"https://example.com/half","weight":100}]""";
        var made = await client.SendAsync(HttpMethod.Post, "/api/v1/shorten", $$"""{"long_url":"https://example.com/a","redirect_rules":{{rules}}}""").JsonAsync(201);
        var reader = _app.Get<Spoo.Data.Clicks.Reading.ClickReader>();
        await using var database = _app.OpenDatabase();
        var link = await database.Links.SingleAsync(row => row.ShortCode == made.Text("alias"), Cancelled);
        var now = DateTimeOffset.UtcNow;
        var known = link.Rules!;
        var here = reader.RuleFor(known, link.Id, 1, now, new() { Country = "DE" }, null, null);
        var half = reader.RuleFor(known, link.Id, 1, now, new() { Country = "FR" }, null, null);

        var click = new Spoo.Data.Clicks.Reading.RawClick { LinkId = link.Id, Time = now, Visitor = 1, Target = "a name", Referrer = "https://a.example/" };

        Assert.Equal(("here", "half"), (here?.Name, half?.Name));
        Assert.Null(Spoo.Data.Clicks.Reading.ClickReader.Untracked(click, here).Target);
        Assert.Equal("a name", Spoo.Data.Clicks.Reading.ClickReader.Untracked(click, half).Target);
    }

    [Fact]
    public async Task Unless_the_operator_says_so_they_are_visits_like_any_other()
    {
        await using var app = new SpooApp();
        var owner = await app.AddUserAsync();
        var link = await app.AddAsync(Some.Link(owner: owner));
        await VisitAsync(app, link, "Firefox/130.0", ("DNT", "1"));
        await app.StoredAsync();

        var stats = await (await app.WithKeyAsync(owner)).JsonAsync("/api/v1/stats");

        Assert.Equal(1, stats.GetProperty("summary").GetProperty("unique_clicks").GetInt32());
        Assert.False(stats.GetProperty("quality").Has("untracked_clicks"));
    }

    private static async Task VisitAsync(SpooApp app, Link link, string browser, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, $"/{link.ShortCode}?utm_source=mail&utm_campaign=spring&qr=1");
        request.Headers.TryAddWithoutValidation("User-Agent", $"Mozilla/5.0 (X11; Linux x86_64; rv:130.0) Gecko/20100101 {browser}");
        request.Headers.Add("Referer", "https://news.example/story");
        foreach (var (name, value) in headers)
        {
            request.Headers.Add(name, value);
        }

        using var answer = await app.Anonymous().SendAsync(request, Cancelled);
        Assert.Equal(302, (int)answer.StatusCode);
    }
}

using System.Globalization;
using System.Net;
using System.Text;
using DocumentFormat.OpenXml;
using DocumentFormat.OpenXml.Packaging;
using DocumentFormat.OpenXml.Validation;
using Spoo.Data.Links;
using Spoo.Data.Stats;
using Spoo.Data.Stats.Report;
using Spoo.Tests.Support;
using Spoo.Web.Export;

namespace Spoo.Tests.Export;

/// <summary>What people get who press a button, read by something else than what wrote it.</summary>
public sealed class ReportWorkbookTests(SpooApp app) : IClassFixture<SpooApp>
{
    private const string Export = "/api/v1/export";
    private const string ThreeDays = "start_date=2026-02-17&end_date=2026-02-19";

    [Fact]
    public async Task The_first_sheet_says_what_was_counted_and_the_sums()
    {
        var workbook = new PlainWorkbook(await FileAsync("layout=report&group_by=country&timezone=Europe/Berlin&country=DE,FR&compare=previous"));

        var texts = workbook.Sheet("Summary").Select(cell => cell.Text).ToList();
        Assert.Equal("Clicks of all links", texts[0]);
        Assert.Equal("17 – 19 Feb 2026", After(texts, "Period"));
        Assert.Equal("Europe/Berlin", After(texts, "Time zone"));
        Assert.Equal("Country is Germany, France", After(texts, "Filters"));
        Assert.Equal("2", After(texts, "Clicks"));
        Assert.Equal("2026-02-18 13:00:00", After(texts, "First click"));
        Assert.Contains("14 – 16 Feb 2026", texts);
    }

    [Fact]
    public async Task The_title_names_the_links_that_were_asked_for()
    {
        var owner = await app.AddUserAsync();
        var client = await app.WithKeyAsync(owner);
        var (link, other) = (await app.AddAsync(Some.Link(owner: owner)), await app.AddAsync(Some.Link(owner: owner)));

        var one = await TextsAsync($"short_code={link.ShortCode}");
        Assert.Equal($"Clicks of {link.ShortCode}", one[0]);
        Assert.Equal("No filter", After(one, "Filters"));
        var two = await TextsAsync($"short_code={link.ShortCode},{other.ShortCode}&country=DE");
        Assert.Equal($"Clicks of {link.ShortCode}, {other.ShortCode}", two[0]);
        Assert.Equal("Country is Germany", After(two, "Filters"));
        Assert.Equal("Clicks of all links", (await TextsAsync($"short_code!={other.ShortCode}"))[0]);

        async Task<List<string>> TextsAsync(string parameters) =>
            [.. new PlainWorkbook(await client.GetByteArrayAsync($"{Export}?{ThreeDays}&format=xlsx&layout=report&{parameters}", TestContext.Current.CancellationToken)).Sheet("Summary").Select(cell => cell.Text)];
    }

    [Fact]
    public async Task A_list_has_names_beside_codes_under_titles_that_people_read()
    {
        var workbook = new PlainWorkbook(await FileAsync("layout=report&names=de&group_by=time,country"));

        Assert.Equal(["Zusammenfassung", "Zeit", "Länder"], workbook.SheetNames);
        Assert.Equal(
            ["Land", "Code", "Klicks", "Klicks, Anteil", "Einzelne Besucher", "Einzelne Besucher, Anteil", "Deutschland", "DE", "2", "0.666666666666667", "2", "0.666666666666667"],
            workbook.Sheet("Länder").Take(12).Select(cell => cell.Text));
        Assert.Equal("2026-02-17", workbook.Sheet("Zeit").First(cell => cell.Row == 2).Text);
        Assert.All(workbook.SheetNames.Skip(1), name => Assert.True(workbook.IsHeaderFrozen(name)));
    }

    [Theory]
    [InlineData("layout=report&group_by=time,browser,country,city,referrer,utm_source,utm_campaign,trigger,visitor_type,short_code&compare=previous")]
    [InlineData("layout=report&names=de&group_by=utm_source,utm_medium")]
    [InlineData("layout=report&browser=nothing-like-it&group_by=browser")]
    public async Task It_is_what_the_standard_says_and_holds_no_formula(string parameters)
    {
        var file = await FileAsync(parameters);

        using var document = SpreadsheetDocument.Open(new MemoryStream(file), isEditable: false);
        var errors = new OpenXmlValidator(FileFormatVersions.Office2019).Validate(document, TestContext.Current.CancellationToken);

        Assert.Empty(errors.Select(error => $"{error.Part?.Uri} {error.Path?.XPath}: {error.Description}"));
        Assert.Empty(new PlainWorkbook(file).Formulas);
    }

    [Theory]
    [InlineData("\U0001F600")]
    [InlineData("'quoted")]
    [InlineData("''twice")]
    [InlineData("'")]
    [InlineData("=1+1")]
    [InlineData("_x0041_")]
    [InlineData("_xD83D__xDE00_")]
    [InlineData("<a href=\"x\">&amp;</a>")]
    public void A_text_stands_in_a_cell_as_it_was_sent(string text)
    {
        foreach (var options in (ExportOptions[])[ExportOptions.Default, ExportOptions.Default with { IsForPeople = true }])
        {
            using var file = new MemoryStream();
            new XlsxExport().Write(With(Dimension.City, [new BreakdownRow(text, text, new Count(1, 1))]), options, file);

            var workbook = new PlainWorkbook(file.ToArray());

            Assert.Contains(text.Replace("_x", "_x005F_x", StringComparison.Ordinal), workbook.SheetNames.SelectMany(workbook.Sheet).Select(cell => cell.Text));
        }
    }

    [Fact]
    public void A_list_that_is_too_long_for_people_says_where_the_rest_is()
    {
        var rows = Enumerable.Range(0, ReportWorkbook.MostRows + 5)
            .Select(number => new BreakdownRow($"site{number}.example", $"site{number}.example", new Count(2, 1)))
            .ToList();
        var report = With(Dimension.Referrer, rows);
        using var file = new MemoryStream();

        ListExport.In(CultureInfo.GetCultureInfo("en"), () => ReportWorkbook.Write(report, file));

        var sheet = new PlainWorkbook(file.ToArray()).Sheet("Referrers");
        Assert.Equal(ReportWorkbook.MostRows + 2, sheet.Where(cell => cell.Text.Length > 0).Select(cell => cell.Row).Distinct().Count(row => row <= ReportWorkbook.MostRows + 2));
        Assert.Equal(["Others", "10"], sheet.Where(cell => cell.Row == ReportWorkbook.MostRows + 2).Take(2).Select(cell => cell.Text));
        Assert.Contains("5 more are added up", sheet[^1].Text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_workbook_for_programs_that_would_take_the_servers_memory_is_refused()
    {
        var rows = Enumerable.Range(0, XlsxExport.MostRows).Select(number => new BreakdownRow($"{number}", $"{number}", new Count(1, 1))).ToList();
        var report = With(Dimension.City, rows);

        var refusal = new XlsxExport().RefusalOf(report, ExportOptions.Default);

        Assert.Contains("lower limit, or take csv", refusal!.Message, StringComparison.Ordinal);
        Assert.Null(new XlsxExport().RefusalOf(report, ExportOptions.Default with { IsForPeople = true }));
    }

    [Fact]
    public void The_cells_of_a_cross_tab_count_towards_what_a_workbook_holds()
    {
        var cells = Enumerable.Range(0, XlsxExport.MostRows).Select(number => new CrossTabCell("Berlin", $"{number}", new Count(1, 1))).ToList();
        var report = SomeReports.Of([]) with { CrossTabs = [new CrossTab(Dimension.City, Dimension.Region, cells)] };

        Assert.Contains("lower limit, or take csv", new XlsxExport().RefusalOf(report, ExportOptions.Default)!.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/api/v1/export/list?group_by=city", true)]
    [InlineData("/api/v1/export/list?group_by=city&bom=false", false)]
    [InlineData("/links/export.csv", true)]
    [InlineData("/links/export.csv?bom=false", false)]
    public async Task Tables_for_people_say_that_they_are_UTF_8_unless_a_program_asks(string address, bool hasMark)
    {
        var owner = await app.AddUserAsync();
        await app.AddAsync(Some.Click(await app.AddAsync(Some.Link(owner: owner))) with { City = "Köln" });
        var client = await app.SignedInAsync(owner);

        var bytes = await client.GetByteArrayAsync(address, TestContext.Current.CancellationToken);

        Assert.Equal(hasMark, bytes.AsSpan().StartsWith(Encoding.UTF8.Preamble));
    }

    [Theory]
    [InlineData("layout=poster", "layout")]
    [InlineData("names=fr", "names")]
    [InlineData("bom=maybe", "bom")]
    public async Task What_is_wrong_with_the_layout_is_named(string parameter, string field)
    {
        var (client, _) = await OwnerAsync();

        var problem = await client.ProblemAsync($"{Export}?format=xlsx&{parameter}", 422, "validation_error");

        Assert.Equal(field, problem.Text("field"));
    }

    private static StatsReport With(Dimension dimension, List<BreakdownRow> rows)
    {
        var sum = rows.Aggregate(default(Count), (sum, row) => sum + row.Count);
        return SomeReports.Of([]) with
        {
            Breakdowns = [new Breakdown { Dimension = dimension, Rows = rows, Sum = sum, RestRows = 0, Rest = default }],
        };
    }

    private static string After(List<string> texts, string name) => texts[texts.IndexOf(name) + 1];

    private async Task<(HttpClient Client, Link Link)> OwnerAsync()
    {
        var owner = await app.AddUserAsync();
        return (await app.WithKeyAsync(owner), await app.AddAsync(Some.Link(owner: owner)));
    }

    private async Task<byte[]> FileAsync(string parameters)
    {
        var (client, link) = await OwnerAsync();
        await app.AddAsync(
            Some.Click(link) with { Country = "DE", City = "Köln", UtmSource = "=HYPERLINK(\"http://evil\",1)", UtmCampaign = "'quoted" },
            Some.Click(link, Some.Noon.AddMinutes(1), visitor: 2) with { Country = "DE", UtmSource = "\uFFFE\U0001F600" },
            Some.Click(link, Some.Noon.AddMinutes(2)) with { Country = "NO" });
        var answer = await client.GetAsync($"{Export}?{ThreeDays}&format=xlsx&{parameters}", TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        return await answer.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken);
    }
}

using System.Diagnostics;
using System.IO.Compression;
using System.Net;
using System.Text;
using System.Text.Json;
using System.Xml.Linq;
using DocumentFormat.OpenXml;
using DocumentFormat.OpenXml.Packaging;
using DocumentFormat.OpenXml.Validation;
using Spoo.Data;
using Spoo.Data.Accounts;
using Spoo.Data.Links;
using Spoo.Data.Links.Codes;
using Spoo.Data.Links.Domains;
using Spoo.Tests.ClickHouse;
using Spoo.Tests.Support;
using Spoo.Web.Addresses;

namespace Spoo.Tests.Export;

/// <summary>Every file is opened by something else than what wrote it.</summary>
[OnEveryEngine]
[OnEveryDatabase]
public sealed class ExportApiTests(SpooApp app) : IClassFixture<SpooApp>
{
    private const string Export = "/api/v1/export";
    private const string ThreeDays = "start_date=2026-02-17T00:00:00Z&end_date=2026-02-19T23:59:59Z";

    [Theory]
    [InlineData("json", "spoo-me-export.json", "application/json")]
    [InlineData("xml", "spoo-me-export.xml", "application/xml")]
    [InlineData("csv", "spoo-me-export-csv.zip", "application/zip")]
    [InlineData("XLSX", "spoo-me-export.xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")]
    public async Task A_format_has_the_file_name_and_type_that_clients_expect(string format, string fileName, string contentType)
    {
        var (client, _) = await OwnerAsync();

        var answer = await client.GetAsync($"{Export}?format={format}", TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal(contentType, answer.Content.Headers.ContentType!.ToString());
        Assert.Equal($"attachment; filename=\"{fileName}\"", answer.Content.Headers.GetValues("Content-Disposition").Single());
        Assert.True(answer.Content.Headers.ContentLength > 0);
    }

    [Theory]
    [InlineData("", "Field required")]
    [InlineData("format=", "Input should be 'csv', 'xlsx', 'json' or 'xml'")]
    [InlineData("format=pdf", "Input should be 'csv', 'xlsx', 'json' or 'xml'")]
    public async Task A_format_that_is_missing_or_unknown_is_named_as_the_field_at_fault(string parameters, string message)
    {
        var (client, _) = await OwnerAsync();

        var problem = await client.ProblemAsync($"{Export}?{parameters}", 422, "validation_error");

        Assert.Equal("format", problem.Text("field"));
        Assert.Equal($"format: {message}", problem.Text("error"));
    }

    [Fact]
    public async Task Fields_of_the_wrong_shape_are_named_together_with_the_format()
    {
        var (client, _) = await OwnerAsync();

        var problem = await client.ProblemAsync($"{Export}?scope=some", 422, "validation_error");

        Assert.Equal(["scope", "format"], problem.GetProperty("details").Column("field"));
    }

    [Fact]
    public async Task What_statistics_refuse_is_refused_here_as_an_error_and_not_as_a_file()
    {
        var (client, _) = await OwnerAsync();
        var answer = await client.GetAsync($"{Export}?scope=anon&short_code=nowhere&format=csv", TestContext.Current.CancellationToken);
        var withoutScope = await app.WithKeyAsync(await app.AddUserAsync(), ApiKeyScope.ShortenCreate);

        await answer.ProblemAsync(404, "not_found");
        Assert.False(answer.Content.Headers.Contains("Content-Disposition"));
        await app.Anonymous().ProblemAsync($"{Export}?format=csv", 401, "authentication_error");
        await withoutScope.ProblemAsync($"{Export}?format=csv", 403, "forbidden");
    }

    [Theory]
    [InlineData("🚀🔥", null, "spoo-link-stats")]
    [InlineData("grüße", null, "spoo-gr-e-stats")]
    [InlineData("team/launch", null, "spoo-team-launch-stats")]
    [InlineData("launch", "links.example.com", "spoo-launch-links.example.com-stats")]
    public async Task Whatever_a_link_is_called_its_files_have_names_that_headers_and_systems_take(string code, string? host, string name)
    {
        var owner = await app.AddUserAsync();
        var link = Some.Link(code, owner);
        if (host is not null)
        {
            link.MoveTo(new() { Id = 7, PublicId = PublicId.New(Some.Noon), Host = host, OwnerId = owner.Id, State = DomainState.Active, CreatedAt = Some.Noon });
        }

        await app.AddAsync(link);
        var client = await app.WithKeyAsync(owner);

        var given = (await client.GetAsync($"{Export}/links/{link.PublicId}?format=json", TestContext.Current.CancellationToken)).Content.Headers.ContentDisposition!;
        Assert.Equal(name + ".json", given.FileName!.Trim('"'));

        // As the dashboard asks for it.
        var chosen = FileNames.OfLink(link.Name);
        Assert.True(FileNames.IsName(chosen));
        Assert.Equal(200, (int)(await client.GetAsync($"{Export}?format=csv&filename=spoo-{chosen}", TestContext.Current.CancellationToken)).StatusCode);
    }

    [Fact]
    public async Task The_file_of_one_link_is_its_owners_and_named_after_it()
    {
        var (client, link) = await OwnerAsync();
        var (stranger, _) = await OwnerAsync();
        var address = $"{Export}/links/{link.PublicId}?format=csv";

        var answer = await client.GetAsync(address, TestContext.Current.CancellationToken);

        Assert.Equal($"attachment; filename=\"spoo-{link.ShortCode}-stats.zip\"", answer.Content.Headers.GetValues("Content-Disposition").Single());
        await stranger.ProblemAsync(address, 404, "not_found");
    }

    [Fact]
    public async Task Json_says_what_the_api_says_in_plain_ascii()
    {
        var client = await ClientWithClicksAsync();

        var text = Encoding.UTF8.GetString(await FileAsync(client, "json&group_by=time,city"));
        var stats = await client.JsonAsync($"/api/v1/stats?{ThreeDays}&group_by=time,city");

        var file = JsonElement.Parse(text);
        Assert.Equal(stats.Names(), file.Names());
        foreach (var part in (string[])["time_range", "summary", "metrics", "computed_metrics", "time_bucket_info"])
        {
            Assert.True(JsonElement.DeepEquals(stats.GetProperty(part), file.GetProperty(part)), part);
        }

        Assert.All(text, character => Assert.True(char.IsAscii(character)));
        Assert.Contains("Z\\u00FCrich", text, StringComparison.Ordinal);
        Assert.Contains("\n    \"scope\": \"all\"", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Xml_names_the_type_of_every_element_and_can_say_any_text()
    {
        var client = await ClientWithClicksAsync();

        var root = XDocument.Load(new MemoryStream(await FileAsync(
            client, "xml&group_by=time,utm_source&utm_source!=a%01b%ED%A0%80%F0%9F%98%80"))).Root!;

        Assert.Equal("root", root.Name.LocalName);
        Assert.All(root.Descendants(), element => Assert.NotNull(element.Attribute("type")));
        Assert.Equal(("str", "all"), (root.Element("scope")!.Attribute("type")!.Value, root.Element("scope")!.Value));
        Assert.Equal(("int", "3"), Typed(root.Element("summary")!.Element("total_clicks")!));
        Assert.Equal(("str", "2026-02-18T12:00:00Z"), Typed(root.Element("summary")!.Element("first_click")!));
        var row = root.Element("metrics")!.Element("clicks_by_utm_source")!.Element("item")!;
        Assert.Equal(["utm_source", "clicks", "clicks_percentage"], row.Elements().Select(element => element.Name.LocalName));
        Assert.Equal("float", row.Element("clicks_percentage")!.Attribute("type")!.Value);
        Assert.Equal("utm_source!", root.Element("filters")!.Element("key")!.Attribute("name")!.Value);

        static (string, string) Typed(XElement element) => (element.Attribute("type")!.Value, element.Value);
    }

    [Fact]
    public async Task A_csv_export_is_an_archive_with_a_file_for_each_list_that_is_not_empty()
    {
        var client = await ClientWithClicksAsync();

        var files = Unzip(await FileAsync(client, "csv&group_by=browser,utm_source&timezone=Asia/Kolkata"));

        Assert.Equal(
            ["summary.csv", "clicks_by_browser.csv", "unique_clicks_by_browser.csv", "clicks_by_utm_source.csv", "unique_clicks_by_utm_source.csv"],
            files.Keys);
        Assert.Equal(
            "Field,Value\r\ntotal_clicks,3\r\nunique_clicks,2\r\nfirst_click,2026-02-18T17:30:00+05:30\r\n"
            + "last_click,2026-02-18T17:32:00.250000+05:30\r\navg_redirection_time,41.5\r\n",
            files["summary.csv"]);
        Assert.Equal("browser,clicks,clicks_percentage\r\nChrome,2,66.67\r\n\"Say \"\"hi\"\", all\",1,33.33\r\n", files["clicks_by_browser.csv"]);
    }

    [Fact]
    public async Task What_the_question_compares_with_is_in_tables_of_its_own()
    {
        var client = await ClientWithClicksAsync();

        var files = Unzip(await FileAsync(client, "csv&group_by=browser&metrics=clicks&compare_start=2026-02-17&compare_end=2026-02-19"));
        var workbook = new PlainWorkbook(await FileAsync(client, "xlsx&group_by=browser&metrics=clicks&compare_start=2026-02-17&compare_end=2026-02-19"));

        Assert.Equal(["summary.csv", "clicks_by_browser.csv", "comparison_summary.csv", "comparison_clicks_by_browser.csv"], files.Keys);
        Assert.Equal(files["clicks_by_browser.csv"], files["comparison_clicks_by_browser.csv"]);
        Assert.Equal(["Summary", "clicks_by_browser", "comparison_summary", "comparison_clicks_by_browser"], workbook.SheetNames);
    }

    [Fact]
    public async Task Without_clicks_a_csv_export_has_a_summary_only()
    {
        var (client, _) = await OwnerAsync();

        var files = Unzip(await FileAsync(client, "csv&group_by=browser"));

        Assert.Equal(
            "Field,Value\r\ntotal_clicks,0\r\nunique_clicks,0\r\nfirst_click,\r\nlast_click,\r\navg_redirection_time,0\r\n",
            Assert.Single(files).Value);
    }

    [Fact]
    public async Task Text_that_a_spreadsheet_would_take_for_a_formula_is_marked_as_text()
    {
        var client = await ClientWithClicksAsync();

        var csv = Unzip(await FileAsync(client, "csv&group_by=utm_source"))["clicks_by_utm_source.csv"];
        var workbook = new PlainWorkbook(await FileAsync(client, "xlsx&group_by=utm_source"));

        Assert.Contains("\n\"'=HYPERLINK(\"\"http://evil\"\",1)\",1,", csv, StringComparison.Ordinal);
        var cell = workbook.Sheet("clicks_by_utm_source").Single(cell => cell.Text == "=HYPERLINK(\"http://evil\",1)");
        Assert.True(cell.IsQuoted);
        Assert.Empty(workbook.Formulas);
    }

    [Fact]
    public async Task The_archive_satisfies_unzip()
    {
        var client = await ClientWithClicksAsync();
        var file = Path.Combine(app.Folder, "export.zip");
        await File.WriteAllBytesAsync(file, await FileAsync(client, "csv"), TestContext.Current.CancellationToken);
        var isThere = Environment.GetEnvironmentVariable("PATH")!.Split(Path.PathSeparator).Any(folder => File.Exists(Path.Combine(folder, "unzip")));
        Assert.SkipUnless(isThere, "unzip is not installed.");

        using var unzip = Process.Start(new ProcessStartInfo("unzip", ["-t", file]) { RedirectStandardOutput = true })!;
        await unzip.WaitForExitAsync(TestContext.Current.CancellationToken);

        Assert.Equal(0, unzip.ExitCode);
    }

    [Fact]
    public async Task A_workbook_has_a_summary_and_a_sheet_for_each_list_with_real_numbers_and_dates()
    {
        var client = await ClientWithClicksAsync();

        var workbook = new PlainWorkbook(await FileAsync(client, "xlsx&group_by=time,browser&metrics=clicks"));

        Assert.Equal(["Summary", "clicks_by_time", "clicks_by_browser"], workbook.SheetNames);
        Assert.Equal(
            ["Field", "Value", "total_clicks", "3", "unique_clicks", "2", "first_click", "2026-02-18 12:00:00", "last_click", "2026-02-18 12:02:00",
                "avg_redirection_time", "41.5"],
            workbook.Sheet("Summary").Select(cell => cell.Text));
        Assert.Equal(
            ["time", "clicks", "clicks_percentage", "2026-02-17", "0", "0", "2026-02-18", "3", "100", "2026-02-19", "0", "0"],
            workbook.Sheet("clicks_by_time").Select(cell => cell.Text));
    }

    [Fact]
    public async Task Every_sheet_keeps_its_bold_header_in_sight_and_is_a_table()
    {
        var client = await ClientWithClicksAsync();

        var workbook = new PlainWorkbook(await FileAsync(client, "xlsx&group_by=browser"));

        Assert.All(workbook.SheetNames, name =>
        {
            var header = workbook.Sheet(name).Where(cell => cell.Row == 1).ToList();
            Assert.All(header, cell => Assert.True(cell.IsBold));
            Assert.True(workbook.IsHeaderFrozen(name));
            Assert.Equal(header.Select(cell => cell.Text), workbook.TableColumns(name));
        });
    }

    [Theory]
    [InlineData("group_by=time,browser,os,device,country,region,city,language,referrer,utm_source,utm_medium,utm_campaign,trigger,visitor_type,short_code")]
    [InlineData("group_by=utm_campaign,utm_source,utm_medium,visitor_type&cross=true")]
    [InlineData("metrics=clicks&browser=nothing-like-it&group_by=browser")]
    public async Task A_workbook_is_what_the_standard_says(string parameters)
    {
        var client = await ClientWithClicksAsync();

        using var document = SpreadsheetDocument.Open(new MemoryStream(await FileAsync(client, $"xlsx&{parameters}")), isEditable: false);
        var errors = new OpenXmlValidator(FileFormatVersions.Office2019).Validate(document, TestContext.Current.CancellationToken);

        Assert.Empty(errors.Select(error => $"{error.Part?.Uri} {error.Path?.XPath}: {error.Description}"));
        var names = document.WorkbookPart!.Workbook.Sheets!.Elements<DocumentFormat.OpenXml.Spreadsheet.Sheet>().Select(sheet => sheet.Name!.Value!).ToList();
        Assert.All(names, name => Assert.True(name.Length <= 31));
        Assert.Equal(names.Count, names.Distinct(StringComparer.OrdinalIgnoreCase).Count());
    }

    private async Task<(HttpClient Client, Link Link)> OwnerAsync()
    {
        var owner = await app.AddUserAsync();
        return (await app.WithKeyAsync(owner), await app.AddAsync(Some.Link(owner: owner)));
    }

    private async Task<HttpClient> ClientWithClicksAsync()
    {
        var (client, link) = await OwnerAsync();
        await app.AddAsync(
            Some.Click(link) with { Browser = "Chrome", City = "Zürich", UtmSource = "=HYPERLINK(\"http://evil\",1)", RedirectMs = 41 },
            Some.Click(link, Some.Noon.AddMinutes(1), visitor: 2) with { Browser = "Say \"hi\", all", UtmSource = "\uFFFE\U0001F600", RedirectMs = 42 },
            Some.Click(link, Some.Noon.AddMinutes(2).AddMilliseconds(250)) with { Browser = "Chrome" });
        return client;
    }

    private static async Task<byte[]> FileAsync(HttpClient client, string formatAndMore)
    {
        var answer = await client.GetAsync($"{Export}?{ThreeDays}&format={formatAndMore}", TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        return await answer.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken);
    }

    private static Dictionary<string, string> Unzip(byte[] archive)
    {
        using var zip = new ZipArchive(new MemoryStream(archive));
        return zip.Entries.ToDictionary(entry => entry.FullName, entry =>
        {
            // Not a reader of text, which would hide a byte order mark.
            var bytes = new byte[entry.Length];
            using var content = entry.Open();
            content.ReadExactly(bytes);
            return Encoding.UTF8.GetString(bytes);
        });
    }
}

using System.IO.Compression;
using System.Text;
using Microsoft.EntityFrameworkCore;
using Spoo.Data.Accounts;
using Spoo.Data.Clicks.Facts;
using Spoo.Data.Transfer;
using Spoo.Data.Transfer.ClickFiles;
using Spoo.Data.Transfer.ClickFiles.Formats;
using Spoo.Data.Transfer.Imports;
using Spoo.Tests.Support;

namespace Spoo.Tests.Transfer;

/// <summary>
/// The reports that spoo.me exports, in all of their forms, are imported as sums. Their forms are written after its exporters' sources (formatters.py and stats_service.py; of the versions before,
/// exports.py and export_utils.py).
/// </summary>
public sealed class SpooMeReportTests(SpooApp app) : IClassFixture<SpooApp>
{
    private const string Days = """[{"time":"2026-02-18","clicks":3,"clicks_percentage":30.0},{"time":"2026-02-19","clicks":0},{"time":"2026-02-20 10:00","clicks":4},{"time":"2026-02-20 11:00","clicks":3}]""";

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public static TheoryData<string, string> Forms => new()
    {
        { "json", """{"scope":"all","filters":{},"group_by":["time"],"metrics":{"clicks_by_time":DAYS,"clicks_by_short_code":[{"short_code":"CODE","clicks":10}]},"time_range":{},"summary":{"total_clicks":10},"generated_at":"2026-02-21 10:00:00+00:00","api_version":"v1"}""" },
        { "json of one link", """{"scope":"anon","short_code":"CODE","metrics":{"unique_clicks_by_time":[{"time":"2026-02-18","unique_clicks":1}],"clicks_by_time":DAYS},"summary":{"total_clicks":10},"generated_at":"x","api_version":"v1"}""" },
        { "json by a filter", """{"scope":"all","filters":{"short_code":["CODE"],"country":[]},"metrics":{"clicks_by_time":DAYS},"summary":{"total_clicks":10},"generated_at":"x","api_version":"v1"}""" },
        { "json of old", """{"_id":"CODE","url":"https://example.com/","password":"secret","total-clicks":10,"counter":{"2026-02-18":3,"2026-02-19":0,"2026-02-20":{"counts":7,"ips":["203.0.113.7"]}},"browser":{"Chrome":10}}""" },
        { "xml", """<?xml version="1.0" encoding="UTF-8" ?><root><scope type="str">all</scope><filters type="dict"></filters><group_by type="list"><item type="str">time</item></group_by><metrics type="dict"><clicks_by_time type="list"><item type="dict"><time type="str">2026-02-18</time><clicks type="int">3</clicks></item><item type="dict"><time type="str">2026-02-20</time><clicks type="int">7</clicks></item></clicks_by_time><clicks_by_short_code type="list"><item type="dict"><short_code type="str">CODE</short_code><clicks type="int">10</clicks></item></clicks_by_short_code></metrics><summary type="dict"><total_clicks type="int">10</total_clicks></summary><generated_at type="str">x</generated_at><api_version type="str">v1</api_version></root>""" },
        { "xml without types", "<statistics>\n  <short_code>CODE</short_code>\n  <metrics>\n    <clicks_by_time>\n      <row><time>2026-02-18</time><clicks>3</clicks></row>\n      <row><time>2026-02-20</time><clicks>7</clicks></row>\n    </clicks_by_time>\n  </metrics>\n  <summary><total_clicks>10</total_clicks></summary>\n</statistics>" },
        { "xml of old", """<?xml version="1.0" encoding="UTF-8" ?><root><_id type="str">CODE</_id><url type="str">https://example.com/</url><total-clicks type="int">10</total-clicks><counter type="dict"><key name="2026-02-18" type="int">3</key><key name="2026-02-20" type="int">7</key></counter></root>""" },
    };

    [Theory, MemberData(nameof(Forms))]
    public async Task A_report_of_one_link_is_kept_by_day(string form, string file)
    {
        var code = Some.Unique("report");

        var report = await ImportAsync(await app.AddUserAsync(), form, Encoding.UTF8.GetBytes(file.Replace("DAYS", Days, StringComparison.Ordinal).Replace("CODE", code, StringComparison.Ordinal)));

        Assert.Equal(("spoo.me", new ToldTotals(10, 10), 0L, 1L), (report.Files[0].Format.Name, report.Totals, report.Bad, report.LinksCreated));
        Assert.Equal([("2026-02-18", 3L), ("2026-02-20", 7L)], await DaysAsync(code));
    }

    [Fact]
    public async Task Its_archives_of_tables_are_read_as_a_whole()
    {
        var (owner, code, old) = (await app.AddUserAsync(), Some.Unique("report"), Some.Unique("report"));
        var archive = await ZipAsync(
            ("summary.csv", "Field,Value\r\ntotal_clicks,10\r\nunique_clicks,4\r\nfirst_click,\r\n"),
            ("clicks_by_browser.csv", "browser,clicks,clicks_percentage\r\n\"Chrome, and others\",10,100.0\r\n"),
            ("clicks_by_time.csv", "time,clicks,clicks_percentage\r\n2026-02-18,3,30.0\r\n2026-02-20,7,70.0\r\n"),
            ("clicks_by_short_code.csv", $"short_code,clicks,clicks_percentage\r\n{code},10,100.0\r\n"));
        var archiveOfOld = await ZipAsync(
            ("stats/general_info.csv", $"TOTAL CLICKS,10\r\nSHORT CODE,{old}\r\nPASSWORD,secret\r\n"),
            ("stats/counter.csv", "Date,Count\r\n2026-02-18,3\r\n2026-02-19,0\r\n2026-02-20,7\r\n"),
            ("stats/browser.csv", "Browser,Count\r\nChrome,10\r\n"));

        var reports = new[] { await ImportAsync(owner, "spoo-me-export-csv.zip", archive), await ImportAsync(owner, "old.zip", archiveOfOld) };

        Assert.All(reports, report => Assert.Equal(("spoo.me", new ToldTotals(10, 10), 0L, 1), (report.Files[0].Format.Name, report.Totals, report.Bad, report.Files.Count)));
        Assert.Equal([("2026-02-18", 3L), ("2026-02-20", 7L)], await DaysAsync(code));
        Assert.Equal([("2026-02-18", 3L), ("2026-02-20", 7L)], await DaysAsync(old));
        var again = await ImportAsync(owner, "spoo-me-export-csv.zip", archive);
        Assert.Equal((0L, 0L), (again.Stored, again.LinksCreated));
    }

    /// <summary>Our own exports are those of spoo.me, byte for byte where they are files of tables.</summary>
    [Theory]
    [InlineData("json")]
    [InlineData("xml")]
    [InlineData("csv")]
    [InlineData("xlsx")]
    public async Task What_this_server_exports_comes_into_another_account_in_every_form(string format)
    {
        var (from, to, code) = (await app.AddUserAsync(), await app.AddUserAsync(), Some.Unique("report"));
        var (link, other) = (await app.AddAsync(Some.Link(owner: from, createdAt: Some.Noon)), await app.AddAsync(Some.Link(owner: from, createdAt: Some.Noon)));
        await app.AddAsync(Some.Click(link, Some.Noon.AddDays(1)), Some.Click(link, Some.Noon.AddDays(1), visitor: 2), Some.Click(link, Some.Noon.AddDays(3)), Some.Click(other, Some.Noon.AddDays(3)));
        using var client = await app.WithKeyAsync(from);
        var range = $"start_date={Some.Noon:yyyy-MM-dd}&end_date={Some.Noon.AddDays(9):yyyy-MM-dd}";
        var ofOne = await client.GetByteArrayAsync($"/api/v1/export?format={format}&scope=all&group_by=time,browser&short_code={link.ShortCode}&{range}", Cancelled);
        var ofAll = await client.GetByteArrayAsync($"/api/v1/export?format={format}&scope=all&group_by=time,short_code&{range}", Cancelled);
        await using (var context = app.OpenDatabase())
        {
            // The codes are those of the other account now.
            await context.Links.Where(own => own.OwnerId == from.Id).ExecuteUpdateAsync(set => set.SetProperty(own => own.ShortCode, own => own.PublicId).SetProperty(own => own.FoldedCode, own => own.PublicId), Cancelled);
        }

        var one = await ImportAsync(to, "one", ofOne, new ClickFileOptions { ShortCode = code });
        var all = await ImportAsync(to, "all", ofAll);

        Assert.Equal(("spoo.me", new ToldTotals(3, 3), 0L), (one.Files[0].Format.Name, one.Totals, one.Bad));

        // Where the first report has said which link it is about, the same link's clicks are not counted again.
        var isAgain = format is "json" or "xml";
        Assert.Equal(("spoo.me", new ToldTotals(4, isAgain ? 1 : 4), isAgain ? 1L : 2L), (all.Files[0].Format.Name, all.Totals, all.LinksCreated));
        var named = format is "json" or "xml" ? link.ShortCode : code;
        Assert.Equal([($"{Some.Noon.AddDays(1):yyyy-MM-dd}", 2L), ($"{Some.Noon.AddDays(3):yyyy-MM-dd}", 1L)], (await DaysAsync(named)).Where(day => day.Day != "-"));
    }

    [Fact]
    public async Task Of_several_links_and_of_weeks_the_sums_are_of_no_known_day()
    {
        var (owner, code, other, weekly) = (await app.AddUserAsync(), Some.Unique("report"), Some.Unique("report"), Some.Unique("report"));
        await ImportAsync(owner, "links", $$"""{"metrics":{"clicks_by_time":[{"time":"2026-02-18","clicks":10}],"clicks_by_short_code":[{"short_code":"{{code}}","clicks":9},{"short_code":"{{other}}","clicks":1}]},"generated_at":"x","api_version":"v1"}""");
        await ImportAsync(owner, "weeks", $$"""{"short_code":"{{weekly}}","metrics":{"clicks_by_time":[{"time":"2026-W08","clicks":6},{"time":"2026-W09","clicks":1}]},"generated_at":"x","api_version":"v1"}""");

        Assert.Equal([("-", 9L)], await DaysAsync(code));
        Assert.Equal([("-", 1L)], await DaysAsync(other));
        Assert.Equal([("-", 7L)], await DaysAsync(weekly));
    }

    [Theory]
    [InlineData("""{"metrics":{"clicks_by_time":[{"time":"2026-02-18","clicks":3}]},"summary":{"total_clicks":3},"generated_at":"x","api_version":"v1"}""", "does not say which links were clicked. Export it with group_by=short_code")]
    [InlineData("""{"short_code":"abc","filters":{"country":["Germany"]},"metrics":{"clicks_by_time":[{"time":"2026-02-18","clicks":3}]},"generated_at":"x","api_version":"v1"}""", "about a part of the clicks (country)")]
    [InlineData("""{"short_code":"abc","metrics":{"unique_clicks_by_time":[{"time":"2026-02-18","unique_clicks":3}]},"generated_at":"x","api_version":"v1"}""", "without the number of clicks")]
    [InlineData("""{"short_code":"abc","metrics":{"clicks_by_time":[{"time":"2026-02-18","clicks":"many"}]},"generated_at":"x","api_version":"v1"}""", "'many' is no number of clicks")]
    [InlineData("""{"short_code":"abc","metrics":[[{"generated_at":1}]],"generated_at":"x","api_version":"v1"}""", "without the number of clicks")]
    [InlineData("""{"generated_at":"x","api_version":"v1","short_code":"abc","metrics":{"clicks_by_time":[{"time":"2026-""", "cannot be read")]
    [InlineData("<root><generated_at>x</generated_at><api_version>v1</api_version><metrics>", "cannot be read")]
    [InlineData("<!DOCTYPE x [<!ENTITY a \"b\">]><root><generated_at>&a;</generated_at><api_version>v1</api_version></root>", "cannot be")]
    public async Task What_tells_of_no_link_or_of_too_little_is_refused_with_what_would_be_right(string file, string why)
    {
        var refused = await Assert.ThrowsAsync<ClickFileException>(async () => await ImportAsync(await app.AddUserAsync(), "f", file));

        Assert.Contains(why, refused.Message, StringComparison.Ordinal);
        await using var context = app.OpenDatabase();
        Assert.False(await context.Links.AnyAsync(link => link.ShortCode == "abc", Cancelled));
    }

    [Fact]
    public async Task Another_workbook_is_refused_as_before_and_another_archive_read_file_by_file()
    {
        var (owner, code) = (await app.AddUserAsync(), Some.Unique("report"));
        var workbook = await ZipAsync(
            ("[Content_Types].xml", "<Types/>"),
            ("xl/workbook.xml", """<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets><sheet name="Summary" sheetId="1" r:id="rId1"/></sheets></workbook>"""),
            ("xl/_rels/workbook.xml.rels", """<Relationships><Relationship Id="rId1" Target="worksheets/sheet1.xml"/></Relationships>"""),
            ("xl/worksheets/sheet1.xml", """<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData><row><c r="A1" t="inlineStr"><is><t>Of the year</t></is></c><c r="C1"><v>7</v></c></row></sheetData></worksheet>"""));
        var archive = await ZipAsync(("summary.csv", $"short_code,day,clicks\n{code},2026-02-18,3\n"), ("more.csv", $"short_code,day,clicks\n{code},2026-02-19,4\n"));

        var refused = await Assert.ThrowsAsync<ClickFileException>(() => ImportAsync(owner, "year.xlsx", workbook));
        var report = await ImportAsync(owner, "sums.zip", archive);

        Assert.Contains("is an Excel workbook", refused.Message, StringComparison.Ordinal);
        Assert.Equal(("totals totals", 7L), (string.Join(' ', report.Files.Select(file => file.Format.Name)), report.Totals.Told));
    }

    private Task<ImportReport> ImportAsync(SpooUser owner, string name, string file) => ImportAsync(owner, name, Encoding.UTF8.GetBytes(file));

    private Task<ImportReport> ImportAsync(SpooUser owner, string name, byte[] file, ClickFileOptions? options = null) => app.Get<ClickImport>().RunAsync(
        new ClickFileToImport { Name = name, Content = new MemoryStream(file), OwnerId = owner.Id, Options = options ?? ClickFileOptions.None }, null, Cancelled);

    private async Task<List<(string Day, long Clicks)>> DaysAsync(string code)
    {
        await using var context = app.OpenDatabase();
        var totals = await context.Set<ImportedTotal>().Where(total => context.Links.Any(link => link.Id == total.LinkId && link.ShortCode == code)).ToListAsync(Cancelled);
        return [.. totals.OrderBy(total => total.Day).Select(total => (total.Day == ImportedTotal.NoDay ? "-" : DateOnly.FromDayNumber(total.Day).ToString("yyyy-MM-dd", null), total.Clicks))];
    }

    private static async Task<byte[]> ZipAsync(params (string Name, string Text)[] files)
    {
        var archive = new MemoryStream();
        await using (var zip = await ZipArchive.CreateAsync(archive, ZipArchiveMode.Create, leaveOpen: true, null, Cancelled))
        {
            foreach (var (name, text) in files)
            {
                await using var entry = await zip.CreateEntry(name).OpenAsync(Cancelled);
                await entry.WriteAsync(Encoding.UTF8.GetBytes(text), Cancelled);
            }
        }

        return archive.ToArray();
    }
}

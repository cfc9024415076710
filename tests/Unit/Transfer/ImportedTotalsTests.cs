using System.Globalization;
using System.IO.Compression;
using System.Text;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Time.Testing;
using Spoo.Data;
using Spoo.Data.Accounts;
using Spoo.Data.Care;
using Spoo.Data.Clicks.Facts;
using Spoo.Data.Clicks.News;
using Spoo.Data.Links;
using Spoo.Data.Transfer;
using Spoo.Data.Transfer.ClickFiles;
using Spoo.Data.Transfer.ClickFiles.Formats;
using Spoo.Data.Transfer.Imports;
using Spoo.Data.Transfer.LinkFiles;
using Spoo.Tests.Support;

namespace Spoo.Tests.Transfer;

/// <summary>Clicks of which files tell only how many they were: beside the clicks, in no other number, and never twice.</summary>
[OnEveryDatabase]
public sealed class ImportedTotalsTests : IClassFixture<SpooApp>, IAsyncDisposable
{
    private static readonly string[] Codes = ["a", "b", "c"];
    private static readonly string[] Zones = ["UTC", "Asia/Kathmandu", "America/Los_Angeles", "Pacific/Auckland"];

    private readonly FakeTimeProvider _clock = new(Some.Noon.AddDays(100));
    private readonly SpooApp _app;
    private readonly SpooApp _shared;

    public ImportedTotalsTests(SpooApp shared)
    {
        _shared = shared;
        _app = new SpooApp { Clock = _clock };
    }

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    /// <summary>Files of sums by link and by day, files of clicks, visits, and taking imports back, in any order; after each of them the slow way must agree.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task However_files_and_clicks_come_and_go_no_click_counts_twice(int seed)
    {
        var (random, owner, world) = (new Random(seed), await _app.AddUserAsync(), new SlowTotals());
        using var client = await _app.WithKeyAsync(owner);
        foreach (var code in Codes)
        {
            await _app.AddAsync(Some.Link(code, owner, Some.Noon.AddDays(-10)));
        }

        for (var step = 0; step < 12; step++)
        {
            _clock.Advance(TimeSpan.FromHours(random.Next(1, 60)));
            var now = _clock.GetUtcNow();
            switch (random.Next(5))
            {
                case 0:
                    var numbers = Codes.ToDictionary(code => code, _ => random.Next(80));
                    var made = await ImportLinksAsync(owner, $"links{step}.csv", "keyword,url,title,timestamp,ip,clicks\n" + string.Concat(numbers.Select(link => $"{link.Key},https://example.com/,t,2026-02-08 12:00:00,,{link.Value}\n")));
                    world.Import(made, now, numbers.Select(link => (link.Key, (DateOnly?)null, (long)link.Value)));
                    break;
                case 1:
                    // Several rows of a day, as of countries, are one number.
                    var rows = Enumerable.Range(0, 20).Select(_ => (Code: Codes[random.Next(3)], Day: (DateOnly?)DateOnly.FromDateTime(Some.Noon.Date).AddDays(random.Next(6)), Clicks: (long)random.Next(30))).ToList();
                    var report = await ImportAsync(owner, $"days{step}.csv", "short_code,day,country,clicks\n" + string.Concat(rows.Select((row, i) => $"{row.Code},{row.Day:yyyy-MM-dd},{i},{row.Clicks}\n")));
                    world.Import(report.ImportId!.Value, now, rows);
                    break;
                case 2:
                    var clicks = Enumerable.Range(0, 10).Select(i => (Code: Codes[random.Next(3)], Time: Some.Noon.AddHours(random.Next(200)).AddSeconds(step).AddMilliseconds(i))).ToList();
                    report = await ImportAsync(owner, $"clicks{step}.csv", "time,short_code\n" + string.Concat(clicks.Select(click => $"{click.Time:O},{click.Code}\n")));
                    world.Import(report.ImportId!.Value, clicks);
                    break;
                case 3:
                    var link = (await LinksAsync())[random.Next(3)];
                    await _app.AddAsync(Some.Click(link, now));
                    world.Visit(link.ShortCode, now);
                    break;
                case 4 when world.Imports.Count > 0:
                    var import = world.Imports[random.Next(world.Imports.Count)];
                    Assert.IsType<UndoOutcome.Done>(await _app.Get<ImportUndo>().UndoAsync(import, owner.Id, null, Cancelled));
                    world.Undo(import);
                    break;
            }

            foreach (var link in await LinksAsync())
            {
                Assert.Equal((link.ShortCode, world.Count(link.ShortCode).Sum(day => day.Clicks)), (link.ShortCode, link.ImportedClicks));
            }

            await AskAsync(client, world, random, step);
        }

        Assert.Empty((await _app.Get<ClickAudit>().RunAsync(Cancelled)).Differences);
    }

    [Fact]
    public async Task Numbers_of_a_link_export_stand_beside_the_clicks_and_change_no_number_there_is()
    {
        var owner = await _app.AddUserAsync();
        await ImportLinksAsync(owner, "yourls.csv", "keyword,url,title,timestamp,ip,clicks\nabc,https://example.com/,t,2026-02-08 12:00:00,,1234\n");
        var link = Assert.Single(await LinksAsync());
        _clock.Advance(TimeSpan.FromDays(1));
        await _app.AddAsync(Some.Click(link, _clock.GetUtcNow()));
        using var client = await _app.WithKeyAsync(owner);

        var stats = await StatsAsync(client, "scope=all&group_by=time,browser&compare=previous");
        var listed = await JsonAsync(client, "/api/v1/urls");
        var filtered = await StatsAsync(client, "scope=all&group_by=browser&browser=Chrome");
        var today = await StatsAsync(client, "scope=all&group_by=time&period=24h");
        var archive = new ZipArchive(await client.GetStreamAsync("/api/v1/export?scope=all&format=csv", Cancelled));
        using var table = new StreamReader(await archive.GetEntry("imported_clicks.csv")!.OpenAsync(Cancelled));

        Assert.Equal(1, stats.GetProperty("summary").GetProperty("total_clicks").GetInt64());
        Assert.Equal("""{"clicks":1234,"without_day":1234,"left_out":0,"clicks_by_time":[]}""", stats.GetProperty("imported_clicks").GetRawText());
        Assert.Equal(
            ["total_clicks", "unique_clicks", "clicks_by_time", "unique_clicks_by_time", "clicks_by_browser", "unique_clicks_by_browser"],
            stats.GetProperty("quality").GetProperty("without_imported").EnumerateArray().Select(name => name.GetString()));
        Assert.Equal((1L, 1234L), (Number(listed.GetProperty("items")[0], "total_clicks"), Number(listed.GetProperty("items")[0], "imported_clicks")));
        Assert.Equal("""{"clicks":0,"without_day":0,"left_out":1234,"left_out_because":"filters"}""", filtered.GetProperty("imported_clicks").GetRawText());
        Assert.Equal("""{"clicks":0,"without_day":0,"left_out":1234,"left_out_because":"range","clicks_by_time":[]}""", today.GetProperty("imported_clicks").GetRawText());
        Assert.Equal("Field,Value\r\nclicks,1234\r\nwithout_day,1234\r\nleft_out,0\r\n", await table.ReadToEndAsync(Cancelled));
    }

    [Fact]
    public async Task What_has_no_such_clicks_says_nothing_of_them()
    {
        var owner = await _app.AddUserAsync();
        await _app.AddAsync(Some.Click(await _app.AddAsync(Some.Link(owner: owner))));
        using var client = await _app.WithKeyAsync(owner);

        var stats = await StatsAsync(client, "scope=all&group_by=time");
        var listed = await JsonAsync(client, "/api/v1/urls");

        Assert.False(stats.TryGetProperty("imported_clicks", out _));
        Assert.False(stats.GetProperty("quality").TryGetProperty("without_imported", out _));
        Assert.False(listed.GetProperty("items")[0].TryGetProperty("imported_clicks", out _));
    }

    [Fact]
    public async Task Of_a_day_with_clicks_the_sum_does_not_count_and_the_report_says_so()
    {
        var owner = await _app.AddUserAsync();
        var first = await ImportAsync(owner, "clicks.csv", "time,short_code\n2026-02-18T10:00:00Z,abc\n2026-02-18T11:00:00Z,abc\n");
        var report = await ImportAsync(owner, "days.csv", "link;date;country;clicks\nhttps://go.example/abc;18.02.2026;DE;20\nhttps://go.example/abc;19.02.2026;DE;1,000\nhttps://go.example/abc;19.02.2026;FR;5\nhttps://go.example/abc;20.02.2026;FR;0\nhttps://go.example/abc;20.02.2026;FR;many\n");
        var again = await ImportAsync(owner, "again.csv", "link;date;clicks\ngo.example/abc;18.02.2026;20\ngo.example/abc;19.02.2026;1005\n");
        using var client = await _app.WithKeyAsync(owner);
        var stats = await StatsAsync(client, "scope=all&group_by=time&interval=day&timezone=America/New_York");

        Assert.Equal("totals", report.Files[0].Format.Name);
        Assert.Equal((0L, new ToldTotals(1025, 1005), 1L, 1L), (report.Stored, report.Totals, report.Bad, report.NotClicks));
        Assert.Equal("'many' is no number of clicks", report.BadLines[0].Reason.ToString());
        Assert.Equal(new ToldTotals(1025, 0), again.Totals);
        Assert.Equal(2, stats.GetProperty("summary").GetProperty("total_clicks").GetInt64());
        Assert.Equal("""[{"time":"2026-02-19","clicks":1005}]""", stats.GetProperty("imported_clicks").GetProperty("clicks_by_time").GetRawText());

        // Without the clicks, the day has what is known of it.
        await _app.Get<ImportUndo>().UndoAsync(first.ImportId!.Value, owner.Id, null, Cancelled);
        Assert.Equal(1025, Assert.Single(await LinksAsync()).ImportedClicks);
        var undone = Assert.IsType<UndoOutcome.Done>(await _app.Get<ImportUndo>().UndoAsync(report.ImportId!.Value, owner.Id, null, Cancelled));
        Assert.Equal((1025L, 1L), (undone.Totals, undone.Links));
        Assert.Empty(await LinksAsync());
    }

    [Fact]
    public async Task What_a_killed_import_has_added_is_settled_when_it_is_not_heard_of_any_more()
    {
        var owner = await _app.AddUserAsync();
        await ImportAsync(owner, "days.csv", "short_code,day,clicks\nabc,2026-02-18,20\nabc,2026-02-19,7\n");
        var killed = await ImportAsync(owner, "clicks.csv", "time,short_code\n2026-02-18T10:00:00Z,abc\n2026-02-18T11:00:00Z,abc\n");

        // As it lies in the database when the process ends behind the last batch.
        await using (var database = _app.OpenDatabase())
        {
            await database.Set<ImportedTotal>().ExecuteUpdateAsync(set => set.SetProperty(total => total.Counted, total => total.Clicks), Cancelled);
            await database.Links.ExecuteUpdateAsync(set => set.SetProperty(link => link.ImportedClicks, 27), Cancelled);
            await database.ClickWriters.Where(writer => writer.ImportId == killed.ImportId).ExecuteUpdateAsync(set => set.SetProperty(writer => writer.FinishedAt, (DateTimeOffset?)null), Cancelled);
            await database.Set<ImportRecord>().Where(import => import.Id == killed.ImportId)
                .ExecuteUpdateAsync(set => set.SetProperty(import => import.State, ImportState.Running).SetProperty(import => import.FinishedAt, (DateTimeOffset?)null).SetProperty(import => import.Clicks, 1), Cancelled);
        }

        var tooEarly = await _app.Get<AbandonedImports>().EndAsync(Cancelled);
        _clock.Advance(ImportRecord.Silence);
        var ended = await _app.Get<AbandonedImports>().EndAsync(Cancelled);

        Assert.Equal((0, 1), (tooEarly, ended));
        Assert.Equal(7, Assert.Single(await LinksAsync()).ImportedClicks);
        await using var after = _app.OpenDatabase();
        var record = await after.Set<ImportRecord>().SingleAsync(import => import.Id == killed.ImportId, Cancelled);
        Assert.Equal((ImportState.Stopped, 2L, true), (record.State, record.Clicks, record.FinishedAt is not null));
        Assert.False(await after.ClickWriters.AnyAsync(writer => writer.ImportId == killed.ImportId && writer.FinishedAt == null, Cancelled));
    }

    [Fact]
    public async Task A_link_with_the_sums_of_another_import_stays_until_that_is_undone()
    {
        var owner = await _app.AddUserAsync();
        var one = await ImportLinksAsync(owner, "one.csv", "short_code,long_url,clicks\nabc,https://example.com/,100\n");
        var two = await ImportLinksAsync(owner, "two.csv", "short_code,long_url,clicks\nabc,https://example.com/,120\n");

        Assert.Equal(120, Assert.Single(await LinksAsync()).ImportedClicks);
        Assert.Equal((0L, 120L, 0), await UndoAsync(owner, two));
        Assert.Equal(100, Assert.Single(await LinksAsync()).ImportedClicks);
        two = await ImportLinksAsync(owner, "two.csv", "short_code,long_url,clicks\nabc,https://example.com/,120\n");
        Assert.Equal((0L, 0L, 1), await UndoAsync(owner, one));
        Assert.Equal((1L, 120L, 0), await UndoAsync(owner, two));
        Assert.Empty(await LinksAsync());
    }

    [Fact]
    public async Task What_is_deleted_or_begun_again_has_no_such_clicks_any_more()
    {
        var owner = await _app.AddUserAsync();
        await ImportLinksAsync(owner, "links.csv", "short_code,long_url,clicks\nabc,https://example.com/,100\ndef,https://example.com/,100\n");
        await ImportAsync(owner, "days.csv", "short_code,day,clicks\nabc,2026-02-18,40\n");

        await _app.Get<ClickHistory>().ClearAsync(owner.Id, null, Cancelled);
        Assert.All(await LinksAsync(), link => Assert.Equal(0, link.ImportedClicks));
        await using var database = _app.OpenDatabase();
        Assert.Equal(0, await database.Set<ImportedTotal>().CountAsync(Cancelled));

        await ImportAsync(owner, "days2.csv", "short_code,day,clicks\nabc,2026-02-18,40\ndef,2026-02-18,40\n");
        await _app.Get<LinkService>().DeleteAsync((await LinksAsync()).Single(link => link.ShortCode == "abc").PublicId, Viewer.User(owner.Id), Cancelled);
        Assert.Equal(1, await database.Set<ImportedTotal>().CountAsync(Cancelled));
        await _app.Get<AccountRemoval>().RemoveAsync(owner.Id, Cancelled);
        Assert.Equal(0, await database.Set<ImportedTotal>().CountAsync(Cancelled));
    }

    [Fact]
    public async Task An_audit_names_a_sum_that_is_not_what_it_should_be()
    {
        var owner = await _app.AddUserAsync();
        await ImportLinksAsync(owner, "links.csv", "short_code,long_url,clicks\nabc,https://example.com/,100\n");
        Assert.True((await _app.Get<ClickAudit>().RunAsync(Cancelled)).IsGood);

        await using var database = _app.OpenDatabase();
        await database.Set<ImportedTotal>().ExecuteUpdateAsync(set => set.SetProperty(total => total.Counted, 7), Cancelled);

        Assert.Equal([("abc", "100", "7"), ("abc", "7", "100")], (await _app.Get<ClickAudit>().RunAsync(Cancelled)).Differences.Select(difference => (difference.Link, difference.Rows, difference.Other)));
    }

    [Fact]
    public async Task Our_own_export_of_links_brings_the_clicks_as_numbers_until_they_come_themselves()
    {
        var (from, to) = (await _app.AddUserAsync(), await _app.AddUserAsync());
        await ImportLinksAsync(from, "links.csv", "short_code,long_url,clicks\nabc,https://example.com/,100\n");
        await _app.AddAsync(Some.Click(Assert.Single(await LinksAsync()), _clock.GetUtcNow()));
        using var client = await _app.SignedInAsync(from);
        var csv = (await client.GetStringAsync("/links/export.csv", Cancelled)).TrimStart('\uFEFF');

        // Into the account it comes from it brings nothing.
        _clock.Advance(TimeSpan.FromMinutes(1));
        await ImportLinksAsync(from, "back.csv", csv);
        Assert.Equal((1L, 100L), Of(Assert.Single(await LinksAsync())));
        await ImportLinksAsync(to, "moved.csv", csv.Replace("abc", "moved", StringComparison.Ordinal));
        var moved = (await LinksAsync()).Single(link => link.ShortCode == "moved");
        Assert.Equal((0L, 101L), Of(moved));
        await ImportAsync(to, "clicks.csv", $"time,short_code\n{_clock.GetUtcNow().AddMinutes(-1):O},moved\n");
        Assert.Equal((1L, 100L), Of((await LinksAsync()).Single(link => link.ShortCode == "moved")));

        static (long, long) Of(Link link) => (link.TotalClicks, link.ImportedClicks);
    }

    [Fact]
    public async Task The_archive_of_Plausible_is_read_by_its_pages()
    {
        var owner = await _app.AddUserAsync();
        var archive = new MemoryStream();
        await using (var zip = await ZipArchive.CreateAsync(archive, ZipArchiveMode.Create, leaveOpen: true, null, Cancelled))
        {
            await AddAsync(zip, "imported_browsers_20260201_20260203.csv", "date,browser,browser_version,pageviews,visitors,visits,visit_duration,bounces\n2026-02-18,Chrome,1,30,1,1,1,1\n");
            await AddAsync(zip, "imported_pages_20260201_20260203.csv", "date,hostname,page,visits,visitors,pageviews,total_scroll_depth\n2026-02-18,go.example,/abc,3,3,30,0\n2026-02-19,go.example,/abc,1,1,1,0\n2026-02-19,go.example,/,1,1,1,0\n");
            await AddAsync(zip, "imported_visitors_20260201_20260203.csv", "date,visitors,pageviews,bounces,visits,visit_duration\n2026-02-18,3,30,1,3,4\n");
        }

        archive.Position = 0;
        var report = await ImportAsync(owner, "plausible.zip", archive);
        archive.Position = 0;
        var refused = await Assert.ThrowsAsync<ClickFileException>(() => ImportAsync(owner, "visitors.csv", "date,visitors,pageviews,bounces,visits,visit_duration\n2026-02-18,3,30,1,3,4\n"));

        Assert.Equal(["imported_pages_20260201_20260203.csv"], report.Files.Select(file => file.Name));
        Assert.Equal((new ToldTotals(31, 31), 1L, 1L), (report.Totals, report.LinksCreated, report.Bad));
        Assert.Contains("The file of pages does", refused.Message, StringComparison.Ordinal);
        Assert.Equal(new DateTimeOffset(2026, 2, 18, 12, 0, 0, TimeSpan.Zero), Assert.Single(await LinksAsync()).CreatedAt);
    }

    [Theory]
    [InlineData("kutt", "id,countries,created_at,total,br_chrome,os_ios,address\n1,{},2026-02-18 10:00:00,3,3,0,abc\n2,{},2026-02-18 11:00:00,4,3,0,abc\n", 7)]
    [InlineData("totals", "slug,url,viewer,views,referer\nabc,https://example.com/,3,7,2\n", 7)]
    [InlineData("totals", "{\"short_code\":\"abc\",\"day\":\"2026-02-18\",\"clicks\":3}\n{\"short_code\":\"abc\",\"day\":\"2026-02-18\",\"clicks\":\"4\"}\n", 7)]
    [InlineData("csv", "Wann;Wo;Anzahl\n18.02.2026;abc;7\n", 7)]
    public async Task Sums_are_told_by_many_files(string format, string file, long clicks)
    {
        var owner = await _app.AddUserAsync();
        var options = format != "csv" ? ClickFileOptions.None : new ClickFileOptions { Map = new Dictionary<string, string?> { ["Wann"] = "time", ["Wo"] = "short_code", ["Anzahl"] = "clicks" } };
        var check = await _app.Get<ClickImport>().CheckAsync(File(owner, "f", Bytes(file), options), cancellationToken: Cancelled);
        var report = await _app.Get<ClickImport>().RunAsync(File(owner, "f", Bytes(file), options), null, Cancelled);

        Assert.Equal((format, clicks, 0L), (check.Report.Files[0].Format.Name, check.Totals, check.Clicks));
        Assert.Equal((0L, new ToldTotals(clicks, clicks), 0L, 1L), (report.Stored, report.Totals, report.Bad, report.LinksCreated));
    }

    [Theory]
    [InlineData("1234", 1234)]
    [InlineData(" 1,234 ", 1234)]
    [InlineData("1.234.567", 1234567)]
    [InlineData("1 234", 1234)]
    [InlineData("1234.0", 1234)]
    [InlineData("", 0)]
    [InlineData("-3", null)]
    [InlineData("1,23", null)]
    [InlineData("12.34.567", null)]
    [InlineData("99999999999999", null)]
    [InlineData("1e3", null)]
    public async Task A_number_of_clicks_that_is_none_costs_only_itself(string text, int? clicks)
    {
        var owner = await _shared.AddUserAsync();
        var plan = await _shared.Get<LinkImport>().ReadAsync(Bytes($"short_code;long_url;clicks\nabc;https://example.com/;{text}\n"), owner.Id, null, Cancelled);

        Assert.Equal((clicks ?? 0, clicks is null, 0), (Assert.Single(plan.New).Clicks, plan.TotalsNotUnderstood is not null, plan.Bad));
    }

    private static async Task AskAsync(HttpClient client, SlowTotals world, Random random, int step)
    {
        var zone = Zones[random.Next(Zones.Length)];
        var first = DateOnly.FromDateTime(Some.Noon.Date).AddDays(random.Next(-12, 8));
        var last = first.AddDays(random.Next(0, 8));
        var only = random.Next(3) == 0 ? Codes[random.Next(3)] : null;
        var stats = await StatsAsync(client, $"scope=all&group_by=time&interval=day&timezone={zone}&start_date={first:yyyy-MM-dd}&end_date={last:yyyy-MM-dd}{(only is null ? "" : "&short_code=" + only)}");
        var days = Codes.Where(code => only is null || code == only).SelectMany(world.Count).Where(day => day.Day is not null && day.Clicks > 0).ToList();
        var all = Codes.Where(code => only is null || code == only).SelectMany(world.Count).Sum(day => day.Clicks);
        if (all == 0)
        {
            Assert.False(stats.TryGetProperty("imported_clicks", out _));
            return;
        }

        // A question about days that all lie behind the links' making has all their days, and the sums without a day once the imports are over as well.
        var isFromBeginning = first < DateOnly.FromDateTime(Some.Noon.Date).AddDays(-10);
        var within = days.Where(day => (isFromBeginning || day.Day >= first) && day.Day <= last)
            .GroupBy(day => day.Day!.Value).OrderBy(day => day.Key).Select(day => $"{day.Key:yyyy-MM-dd} {day.Sum(row => row.Clicks)}");
        var imported = stats.GetProperty("imported_clicks");
        Assert.Equal(
            $"{step}: {string.Join(", ", within)}",
            $"{step}: {string.Join(", ", imported.GetProperty("clicks_by_time").EnumerateArray().Select(row => $"{row.GetProperty("time").GetString()} {Number(row, "clicks")}"))}");
        Assert.Equal(all, Number(imported, "clicks") + Number(imported, "left_out"));
    }

    private static long Number(JsonElement of, string name) => of.GetProperty(name).GetInt64();

    private static async Task<JsonElement> JsonAsync(HttpClient client, string url) =>
        JsonDocument.Parse(await client.GetStringAsync(url, Cancelled)).RootElement;

    private static Task<JsonElement> StatsAsync(HttpClient client, string query) => JsonAsync(client, "/api/v1/stats?" + query);

    private static async Task AddAsync(ZipArchive zip, string name, string text)
    {
        await using var entry = await zip.CreateEntry(name).OpenAsync(Cancelled);
        await entry.WriteAsync(Encoding.UTF8.GetBytes(text), Cancelled);
    }

    private static MemoryStream Bytes(string text) => new(Encoding.UTF8.GetBytes(text));

    private static ClickFileToImport File(SpooUser owner, string name, Stream content, ClickFileOptions? options = null) =>
        new() { Name = name, Content = content, OwnerId = owner.Id, Options = options ?? ClickFileOptions.None };

    private Task<ImportReport> ImportAsync(SpooUser owner, string name, string text) => ImportAsync(owner, name, Bytes(text));

    private Task<ImportReport> ImportAsync(SpooUser owner, string name, Stream content) => _app.Get<ClickImport>().RunAsync(File(owner, name, content), null, Cancelled);

    /// <summary>Imports a file of links and returns the number of the import.</summary>
    private async Task<int> ImportLinksAsync(SpooUser owner, string name, string text)
    {
        var import = _app.Get<LinkImport>();
        var plan = await import.ReadAsync(new LinkFileToImport { Name = name, Content = Bytes(text), OwnerId = owner.Id }, Cancelled);
        await import.StoreAsync(plan, owner.Id, null, Cancelled);
        return (await _app.Get<ImportRecords>().ListAsync(owner.Id, Cancelled))[0].Id;
    }

    private async Task<(long Links, long Totals, int Kept)> UndoAsync(SpooUser owner, int import)
    {
        var undone = Assert.IsType<UndoOutcome.Done>(await _app.Get<ImportUndo>().UndoAsync(import, owner.Id, null, Cancelled));
        return (undone.Links, undone.Totals, undone.Kept.Kept);
    }

    private async Task<List<Link>> LinksAsync()
    {
        await using var database = _app.OpenDatabase();
        return await database.Links.AsNoTracking().OrderBy(link => link.ShortCode).ToListAsync(Cancelled);
    }

    /// <summary>What counts of which sum, looked up from the beginning each time.</summary>
    private sealed class SlowTotals
    {
        private readonly List<(int Import, DateTimeOffset Until, string Code, DateOnly? Day, long Clicks)> _sums = [];
        private readonly List<(int? Import, string Code, DateTimeOffset Time)> _clicks = [];

        public List<int> Imports { get; } = [];

        public void Import(int import, DateTimeOffset until, IEnumerable<(string Code, DateOnly? Day, long Clicks)> rows)
        {
            Imports.Add(import);
            foreach (var sum in rows.GroupBy(row => (row.Code, row.Day)).Select(row => (row.Key.Code, row.Key.Day, Clicks: row.Sum(one => one.Clicks))).Where(sum => sum.Clicks > 0).ToList())
            {
                if (!_sums.Exists(known => known.Code == sum.Code && known.Day == sum.Day && known.Clicks >= sum.Clicks))
                {
                    _sums.Add((import, until, sum.Code, sum.Day, sum.Clicks));
                }
            }
        }

        public void Import(int import, IEnumerable<(string Code, DateTimeOffset Time)> clicks)
        {
            Imports.Add(import);
            _clicks.AddRange(clicks.Select(click => ((int?)import, click.Code, click.Time)));
        }

        public void Visit(string code, DateTimeOffset time) => _clicks.Add((null, code, time));

        public void Undo(int import)
        {
            Imports.Remove(import);
            _sums.RemoveAll(sum => sum.Import == import);
            _clicks.RemoveAll(click => click.Import == import);
        }

        public Dictionary<DateOnly, long> Days(string code) => _sums.Where(sum => sum.Code == code && sum.Day is not null)
            .Where(sum => !_clicks.Exists(click => click.Code == code && click.Time < sum.Until && DateOnly.FromDateTime(click.Time.UtcDateTime) == sum.Day))
            .GroupBy(sum => sum.Day!.Value).ToDictionary(day => day.Key, day => day.Max(sum => sum.Clicks));

        public IReadOnlyList<(DateOnly? Day, long Clicks)> Count(string code)
        {
            var days = Days(code);
            var without = _sums.Where(sum => sum.Code == code && sum.Day is null)
                .Select(sum => sum.Clicks - _clicks.Count(click => click.Code == code && click.Time < sum.Until) - days.Values.Sum()).Append(0).Max();
            return [.. days.Select(day => ((DateOnly?)day.Key, day.Value)), (null, without)];
        }
    }
}

using System.Globalization;
using System.IO.Compression;
using System.Text;
using Microsoft.EntityFrameworkCore;
using Spoo.Data.Transfer;
using Spoo.Data.Transfer.ClickFiles;

namespace Spoo.Tests.Transfer;

/// <summary>How files are packed, written and cut into lines, whatever is in them.</summary>
public sealed class ReadingFilesTests : IAsyncLifetime
{
    private const string File = "time;short_code;city\n1700000000;one;Köln\n1700000001;one;Köln\n";

    private ImportHouse _house = null!;

    public async ValueTask InitializeAsync() => _house = await ImportHouse.NewAsync();

    public ValueTask DisposeAsync() => _house.DisposeAsync();

    public static TheoryData<string, string> Encodings => new()
    {
        { "utf-8", "UTF-8" }, { "utf-16", "UTF-16" }, { "utf-16BE", "UTF-16" }, { "windows-1252", "Windows-1252" },
    };

    [Theory]
    [MemberData(nameof(Encodings))]
    public async Task Every_usual_encoding_is_recognised_and_said(string name, string said)
    {
        var encoding = CodePagesEncodingProvider.Instance.GetEncoding(name) ?? Encoding.GetEncoding(name);
        foreach (var mark in new[] { encoding.GetPreamble(), [] })
        {
            var report = await ImportAsync([.. mark, .. encoding.GetBytes(File)]);

            Assert.Equal((2, 0, said), (report.Stored + report.AlreadyThere, report.Bad, report.Files[0].Encoding));
        }

        await using var context = _house.Context();
        Assert.Equal("Köln", Assert.Single(context.ClickPlaces.Select(place => place.City)));
    }

    [Theory]
    [InlineData("\n")]
    [InlineData("\r\n")]
    [InlineData("\r")]
    public async Task Lines_end_as_they_do_on_any_system(string end)
    {
        var report = await ImportAsync(Encoding.UTF8.GetBytes(("sep=;\n" + File + "1700000002;one;\"a\nb\"\nbad\n").Replace("\n", end, StringComparison.Ordinal)));

        Assert.Equal((3, 1), (report.Stored, report.Bad));
        Assert.Equal(7, report.BadLines[0].Line);
    }

    [Fact]
    public async Task Objects_may_name_their_fields_in_any_order_with_escapes_and_among_a_hundred_others()
    {
        var others = string.Concat(Enumerable.Range(0, 100).Select(i => $"\"other{i}\":{{\"time\":1}},"));
        var report = await ImportAsync(Encoding.UTF8.GetBytes($$"""
            {"time":1700000000,"short_code":"one","city":"A"}
            {"city":"B","short_code":"one","time":1700000001}
            {"city":"\u0043","\u0074ime":1700000002,"short_code":"one","short_code":"two"}
            {{{others}}"city":"D","time":1700000003,"short_code":"two"}
            {{{others}}"short_code":"two","city":"E","time":1700000004,"city":""}
            """));

        Assert.Equal((5, 0), (report.Stored, report.Bad));
        await using var context = _house.Context();
        var stored = await context.Clicks.Join(context.Links, click => click.LinkId, link => link.Id, (click, link) => new { click.Time, link.ShortCode, click.PlaceId })
            .Join(context.ClickPlaces, click => click.PlaceId, place => place.Id, (click, place) => new { click.Time, click.ShortCode, place.City })
            .OrderBy(click => click.Time).ToListAsync(TestContext.Current.CancellationToken);
        Assert.Equal(["0 one A", "1 one B", "2 two C", "3 two D", "4 two E"], stored.Select(click => $"{click.Time.ToUnixTimeSeconds() - 1_700_000_000} {click.ShortCode} {click.City}"));
    }

    [Fact]
    public async Task All_files_of_an_archive_are_read_each_in_its_own_format()
    {
        var report = await ImportAsync(Zip(
            ("b/clicks.csv", Encoding.UTF8.GetBytes(File)),
            ("a.ndjson.gz", Gzip("""{"time":1700000009,"short_code":"two"}""")),
            ("__MACOSX/x", [1, 2, 3]),
            (".DS_Store", [1, 2, 3])));

        Assert.Equal((3, 0), (report.Stored, report.Bad));
        Assert.Equal([("a.ndjson.gz", "ndjson"), ("b/clicks.csv", "csv")], report.Files.Select(file => (file.Name, file.Format.Name)));
    }

    [Theory]
    [InlineData("xlsx", "is an Excel workbook")]
    [InlineData("nothing", "There is no file in the archive")]
    [InlineData("within", "is an archive within another")]
    [InlineData("sqlite", "is a database")]
    [InlineData("empty", "The file is empty.")]
    [InlineData("prose", "cannot be told from its content")]
    [InlineData("cut", "cannot be read any further")]
    [InlineData("damaged", "the checksum of the file is another")]
    public async Task What_is_no_file_of_clicks_is_refused_with_what_to_do(string what, string says)
    {
        byte[] file = what switch
        {
            "xlsx" => Zip(("[Content_Types].xml", []), ("xl/workbook.xml", [])),
            "nothing" => Zip(("folder/", [])),
            "within" => Zip(("inner.zip", Zip(("a.csv", Encoding.UTF8.GetBytes(File))))),
            "sqlite" => [.. "SQLite format 3\0"u8, .. new byte[100]],
            "empty" => [],
            "cut" => Zip(("a.csv", Encoding.UTF8.GetBytes(File)))[..^30],
            "damaged" => Damaged(Zip(("a.csv", Encoding.UTF8.GetBytes(File)))),
            _ => "Once upon a time there was a short link.\nIt led nowhere.\n"u8.ToArray(),
        };
        var refused = await Assert.ThrowsAsync<ClickFileException>(() => ImportAsync(file));

        Assert.Contains(says, refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("2024-03-01T10:00:00Z")]
    [InlineData("2024-03-01 10:00:00 UTC")]
    [InlineData("2024-03-01 11:00:00 +0100")]
    [InlineData("2024-03-01 11:00:00 Europe/Berlin")]
    [InlineData("Fri, 01 Mar 2024 10:00:00 GMT")]
    [InlineData("March 1, 2024 10:00 AM")]
    [InlineData("1. März 2024, 10:00")]
    [InlineData("01-Mar-2024 10:00:00")]
    [InlineData("01/Mar/2024:12:00:00 +0200")]
    [InlineData("01.03.2024 10:00")]
    [InlineData("1.3.24 10:00")]
    [InlineData("2024/03/01 10:00:00")]
    [InlineData("45352.4166666667")]
    [InlineData("45352,4166666667")]
    [InlineData("2024-03-01\u00A010:00:00")]
    [InlineData("Mar 1, 2024, 10:00:00\u202FAM")]
    [InlineData("1709287200")]
    [InlineData("1709287200000")]
    public void A_moment_is_read_however_it_is_written(string text)
    {
        Assert.True(new FileDates(null, TimeZoneInfo.Utc).TryParse(text, out var instant));
        Assert.Equal(new DateTimeOffset(2024, 3, 1, 10, 0, 0, TimeSpan.Zero), instant);
    }

    [Theory]
    [InlineData("03/04/2024", "2024-04-03", "2024-03-04")]
    [InlineData("3-4-2024 10:00 PM", "2024-04-03", "2024-03-04")]
    [InlineData("12/12/2024", "2024-12-12", "2024-12-12")]
    [InlineData("13/04/2024", "2024-04-13", null)]
    public void Which_number_is_the_day_is_said(string text, string dayFirst, string? monthFirst)
    {
        Assert.True(new FileDates(DateOrder.DayMonth, TimeZoneInfo.Utc).TryParse(text, out var instant));
        Assert.Equal(dayFirst, instant.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture));
        Assert.Equal(monthFirst is not null, new FileDates(DateOrder.MonthDay, TimeZoneInfo.Utc).TryParse(text, out instant));
        Assert.Equal(monthFirst ?? "0001-01-01", instant.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture));
    }

    [Theory]
    [InlineData("2024-03-01 10:00:00 CST")]
    [InlineData("32.03.2024")]
    [InlineData("01.13.2024")]
    [InlineData("2024-02-30")]
    [InlineData("03/04/2024")]
    [InlineData("1 Foo 2024")]
    [InlineData("13:00 PM")]
    public void What_may_be_another_moment_is_not_read(string text) =>
        Assert.False(new FileDates(null, TimeZoneInfo.Utc).TryParse(text, out _));

    [Theory]
    [InlineData("1709287200.123")]
    [InlineData("1709287200,123")]
    [InlineData("1709287200.1234567")]
    [InlineData("1709287200123")]
    [InlineData("1709287200123.9")]
    [InlineData("1709287200123456")]
    [InlineData("1709287200123456.7")]
    [InlineData("1709287200123456789")]
    [InlineData("1.709287200123E9")]
    [InlineData("1.709287200123e+12")]
    [InlineData("1,709287200123E+12")]
    [InlineData("1.709287200123456789E18")]
    [InlineData("2024-03-01T10:00:00.123Z")]
    [InlineData("2024-03-01 10:00:00,123")]
    [InlineData("2024/03/01 10:00:00.123")]
    [InlineData("01.03.2024 10:00:00.123")]
    [InlineData("Mar 1, 2024 10:00:00.123 AM")]
    [InlineData("20240301T100000.123Z")]
    public void Milliseconds_are_kept_however_they_are_written(string text)
    {
        Assert.True(new FileDates(null, TimeZoneInfo.FindSystemTimeZoneById("Etc/GMT")).TryParse(text, out var instant));
        Assert.Equal(new DateTimeOffset(2024, 3, 1, 10, 0, 0, 123, TimeSpan.Zero).ToUnixTimeMilliseconds(), instant.ToUnixTimeMilliseconds());
    }

    [Theory]
    [InlineData("1.7E+12", true)]
    [InlineData("1,70929E+12", true)]
    [InlineData("1.7e9", true)]
    [InlineData("1.709287200E+12", false)]
    [InlineData("1.709287200E9", false)]
    [InlineData("20240301", false)]
    [InlineData("1e400", false)]
    [InlineData("1e-99999999999", false)]
    [InlineData("--", false)]
    public void A_number_that_was_rounded_is_no_time(string text, bool isRounded)
    {
        Assert.Equal(isRounded, FileDates.IsRounded(text));
        Assert.False(isRounded && new FileDates(null, TimeZoneInfo.Utc).TryParse(text, out _));
    }

    [Fact]
    public async Task The_store_has_the_milliseconds_of_a_file()
    {
        await _house.ImportAsync("""{"time":1700000000.123,"short_code":"one","visitor":"x"}""");

        await using var context = _house.Context();
        Assert.Equal(1700000000123, Assert.Single(context.Clicks).Time.ToUnixTimeMilliseconds());
    }

    [Theory]
    [InlineData("2024-07-01 12:00", "10:00")]
    [InlineData("2024-07-01T12:00:00Z", "12:00")]
    [InlineData("01.01.2024 12:00", "11:00")]
    [InlineData("2024-03-31 02:30", "01:30")]
    [InlineData("2024-10-27 02:30", "00:30")]
    [InlineData("2024-07-01", "22:00")]
    [InlineData("1709287200", "10:00")]
    public void A_zone_is_of_the_times_that_name_none(string text, string utc)
    {
        Assert.True(new FileDates(null, TimeZoneInfo.FindSystemTimeZoneById("Europe/Berlin")).TryParse(text, out var instant));
        Assert.Equal(utc, instant.UtcDateTime.ToString("HH:mm", CultureInfo.InvariantCulture));
    }

    [Fact]
    public async Task Dates_that_may_be_two_days_are_refused_before_anything_is_stored_and_told_by_one_that_is_not()
    {
        const string Two = "time,short_code\n03/04/2024,one\n05/04/2024,one\n";
        var asked = await Assert.ThrowsAsync<ClickFileException>(() => ImportAsync(Encoding.UTF8.GetBytes(Two)));
        var report = await ImportAsync(Encoding.UTF8.GetBytes(Two + "13/04/2024,one\n"));

        Assert.Contains("'03/04/2024' may be two different days", asked.Message, StringComparison.Ordinal);
        Assert.Contains("--dates", asked.Message, StringComparison.Ordinal);
        Assert.Equal((3, DateOrder.DayMonth), (report.Stored, report.Files[0].Dates));
    }

    [Fact]
    public async Task Objects_in_a_list_are_read_whatever_stands_around_them()
    {
        var report = await ImportAsync("""
            {
              "page": 1,
              "items": [
                { "time": 1700000000, "short_code": "one", "city": "\"}]{" },
                { "time": "never", "short_code": "one" },
                { "time": 1700000001, "short_code": "one" }
              ],
              "more": [{ "time": 1700000002, "short_code": "one" }]
            }
            """u8.ToArray());

        Assert.Equal((2, 1), (report.Stored, report.Bad));
        Assert.Equal(2, report.BadLines[0].Line);
    }

    private static byte[] Gzip(string text)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionMode.Compress))
        {
            gzip.Write(Encoding.UTF8.GetBytes(text));
        }

        return packed.ToArray();
    }

    private static byte[] Zip(params (string Name, byte[] Content)[] files)
    {
        using var packed = new MemoryStream();
        using (var archive = new ZipArchive(packed, ZipArchiveMode.Create))
        {
            foreach (var (name, content) in files)
            {
                using var entry = archive.CreateEntry(name).Open();
                entry.Write(content);
            }
        }

        return packed.ToArray();
    }

    // Its list says another checksum of what is in it.
    private static byte[] Damaged(byte[] archive)
    {
        archive[archive.AsSpan().LastIndexOf("PK\x01\x02"u8) + 16] ^= 1;
        return archive;
    }

    private Task<ImportReport> ImportAsync(byte[] file) => _house.Import.RunAsync(
        new ClickFileToImport { Name = "file", Content = new MemoryStream(file), OwnerId = _house.OwnerId },
        cancellationToken: TestContext.Current.CancellationToken);
}

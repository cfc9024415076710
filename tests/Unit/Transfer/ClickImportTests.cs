using System.Globalization;
using System.IO.Compression;
using System.Text;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Spoo.Data;
using Spoo.Data.Clicks.Facts;
using Spoo.Data.Links;
using Spoo.Data.Links.Codes;
using Spoo.Data.Transfer;
using Spoo.Data.Transfer.ClickFiles;
using Spoo.Data.Transfer.ClickFiles.Formats;
using Spoo.Tests.Support;
using Xunit;

namespace Spoo.Tests.Transfer;

[OnEveryDatabase]
public sealed class ClickImportTests : IAsyncLifetime
{
    private const string Chrome =
        "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0.0.0 Safari/537.36";

    private ImportHouse _house = null!;

    public async ValueTask InitializeAsync() => _house = await ImportHouse.NewAsync();

    public ValueTask DisposeAsync() => _house.DisposeAsync();

    [Fact]
    public async Task The_real_file_gives_every_click_of_its_hour_and_the_same_countries_as_counting_by_hand()
    {
        var path = RealFile();
        Assert.SkipWhen(path is null, "The file of real clicks is not there; SPOO_DATA names the folder it is in.");

        await using var file = File.OpenRead(path!);
        var report = await _house.ImportAsync(file, ClickFileFormat.Bitly);
        await using var context = _house.Context();
        var countries = await (
                from click in context.Clicks
                join place in context.ClickPlaces on click.PlaceId equals place.Id
                group click by place.Country into clicks
                select new { Country = clicks.Key ?? "", Clicks = clicks.Count() })
            .ToDictionaryAsync(row => row.Country, row => row.Clicks, TestContext.Current.CancellationToken);

        var lines = File.ReadLines(path!).Select(line => JsonElement.Parse(line)).Where(line => !line.TryGetProperty("_heartbeat_", out _)).ToList();
        Assert.Equal(
            lines.CountBy(line => line.GetProperty("c").GetString() ?? "").ToDictionary(),
            countries);
        Assert.Equal((3440, 737, 120, 0), (report.Stored, report.LinksCreated, report.NotClicks, report.Bad));
        Assert.Equal(3440, report.VisitorsGuessed);
        Assert.Equal(3440, await context.Links.SumAsync(link => link.TotalClicks, TestContext.Current.CancellationToken));

        var created = lines.GroupBy(line => line.GetProperty("g").GetString()!)
            .ToDictionary(link => link.Key, link => link.Min(line => Math.Min(line.GetProperty("hc").GetInt64(), line.GetProperty("t").GetInt64())));
        Assert.All(context.Links, link => Assert.Equal(created[link.ShortCode], link.CreatedAt.ToUnixTimeSeconds()));
    }

    [Theory]
    [InlineData("""{"time":1700000000,"short_code":"one","user_agent":"x"}""")]
    [InlineData("""{"time":1700000000,"short_code":"one","id":"7"}""")]
    public async Task Importing_a_file_again_adds_nothing_and_says_how_much_was_there(string line)
    {
        await _house.ImportAsync(line);
        var again = await _house.ImportAsync(line);

        Assert.Equal((0, 1, 0), (again.Stored, again.AlreadyThere, again.LinksCreated));
        Assert.Equal(1, (await _house.LinkAsync("one")).TotalClicks);
    }

    [Theory]
    [InlineData("0a1b2c3d-8796093022211", 0, 1)]
    [InlineData("7", 1, 0)]
    [InlineData("order-17", 1, 0)]
    public async Task Only_an_export_of_ours_says_that_a_visitor_is_not_to_be_known_by_naming_none(string id, int guessed, int untracked)
    {
        var report = await _house.ImportAsync($$"""{"id":"{{id}}","time":1700000000,"short_code":"one","user_agent":"x","bot":false,"trigger":"link"}""");

        await using var context = _house.Context();
        Assert.Equal(guessed, report.VisitorsGuessed);
        Assert.Equal(untracked, await context.Clicks.CountAsync(click => click.Visitor == Click.NoVisitor, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Two_equal_lines_are_two_clicks_also_when_the_file_is_imported_again()
    {
        const string Line = """{"time":1700000000,"short_code":"one"}""";
        var first = await _house.ImportAsync($"{Line}\n{Line}\n");
        var again = await _house.ImportAsync($"{Line}\n{Line}\n{Line}\n");

        Assert.Equal(2, first.Stored);
        Assert.Equal((1, 2), (again.Stored, again.AlreadyThere));
        Assert.Equal(3, await _house.CountClicksAsync());
    }

    [Fact]
    public async Task Two_lines_with_one_id_are_one_click()
    {
        var report = await _house.ImportAsync("""
            {"time":1700000000,"short_code":"one","id":7}
            {"time":1700000009,"short_code":"one","id":"7"}
            """);

        Assert.Equal((1, 1), (report.Stored, report.AlreadyThere));
        Assert.Equal(1, (await _house.LinkAsync("one")).TotalClicks);
    }

    [Fact]
    public async Task The_same_click_written_as_csv_and_as_json_is_one_click()
    {
        await _house.ImportAsync("""{"time":1700000000,"short_code":"one","city":"Oslo"}""");
        var csv = await _house.ImportAsync("city,time,short_code\nOslo,1700000000,one\n", ClickFileFormat.Csv);

        Assert.Equal((0, 1), (csv.Stored, csv.AlreadyThere));
    }

    [Theory]
    [InlineData("""{"short_code":"one"}""", "no time")]
    [InlineData("""{"time":1700000000}""", "no short code")]
    [InlineData("""{"time":"yesterday","short_code":"one"}""", "time 'yesterday' is neither ISO 8601 nor Unix seconds or milliseconds")]
    [InlineData("""{"time":"2999-01-01","short_code":"one"}""", "time '2999-01-01' is not between 1990 and tomorrow")]
    [InlineData("""{"time":1700000000,"short_code":"a b"}""", "short code 'a b' is not made of 1 to 64 letters, digits, '-' and '_'")]
    [InlineData("""{"time":1700000000,"short_code":"api"}""", "short code 'api' is one of the server's own addresses")]
    [InlineData("""{"time":1700000000,"short_code":"one","ip":"10.0.0.256"}""", "ip is not an IPv4 or IPv6 address; what else tells visitors apart belongs into 'visitor'")]
    [InlineData("""{"time":1700000000,"short_code":"one","bot":"perhaps"}""", "bot 'perhaps' is neither 'true' nor 'false'")]
    [InlineData("""{"time":1700000000,"short_code":["one"]}""", "'short_code' is a list or an object and not a single value")]
    [InlineData("""{"time":1700000000,"short_code":"one","city":"\ud800"}""", "a text in it is not valid Unicode")]
    [InlineData("""{"time":1700000000,"short_code":"one"} x""", "not valid JSON (byte 40)")]
    [InlineData("[1]", "not a JSON object")]
    [InlineData("\0", "not valid JSON (byte 1)")]
    public async Task A_bad_line_is_reported_with_its_number_and_reason_and_the_rest_goes_on(string bad, string reason)
    {
        var report = await _house.ImportAsync($$"""
            {"time":1700000000,"short_code":"before"}

            {{bad}}
            {"time":1700000000,"short_code":"after"}
            """);

        Assert.Equal([new BadLine(3, new(reason))], report.BadLines);
        Assert.Equal((2, 1, 3), (report.Stored, report.Bad, report.Lines));
    }

    [Theory]
    [InlineData("long_url", "javascript:alert(1)")]
    [InlineData("country", "Atlantis")]
    [InlineData("trigger", "tap")]
    [InlineData("redirect_ms", "-1")]
    [InlineData("redirect_ms", "2147483647")]
    [InlineData("redirect_ms", "3600001")]
    public async Task What_is_not_understood_costs_itself_and_not_the_click_and_is_reported_counted(string field, string text)
    {
        var report = await _house.ImportAsync($$"""
            {"time":1700000000,"short_code":"one","{{field}}":"{{text}}"}
            {"time":1700000001,"short_code":"one","{{field}}":"{{text}}"}
            {"time":1700000002,"short_code":"one"}
            """);

        Assert.Equal((3, 0), (report.Stored, report.Bad));
        var without = Assert.Single(report.NotUnderstood);
        Assert.Equal((field, 2L, $"'{text}', …"), (without.Field, without.Lines, without.Said));
        await using var context = _house.Context();
        Assert.Equal([null, null, null], await context.Clicks.Select(click => click.RedirectMs).ToListAsync(TestContext.Current.CancellationToken));
        Assert.Equal([null], await context.ClickPlaces.Select(place => place.Country).ToListAsync(TestContext.Current.CancellationToken));
        Assert.Equal("", (await _house.LinkAsync("one")).LongUrl);
    }

    [Fact]
    public async Task An_hour_is_the_longest_redirect_there_is()
    {
        await _house.ImportAsync("""{"time":1700000000,"short_code":"one","redirect_ms":3600000}""");

        Assert.Equal(3_600_000, (await _house.OnlyClickAsync()).Click.RedirectMs);
    }

    [Theory]
    [InlineData("city", "Unknown")]
    [InlineData("city", "unKNOWN")]
    [InlineData("region", "Un\u200bknown")]
    [InlineData("browser", "\u202eUnknown\u00a0")]
    [InlineData("os", "unknown")]
    [InlineData("device", "Unknown")]
    [InlineData("country", "Unknown")]
    [InlineData("country", "xx")]
    [InlineData("utm_source", "(none)")]
    [InlineData("utm_medium", "(\u200cNone)")]
    [InlineData("utm_campaign", "(none\ufe0f)")]
    public async Task A_label_is_never_stored(string field, string text)
    {
        await _house.ImportAsync($$"""{"time":1700000000,"short_code":"one","{{field}}":"{{text}}"}""");
        var (_, agent, place, source) = await _house.OnlyClickAsync();

        Assert.Equal((null, null, null), (agent.Browser, agent.Os, agent.Device));
        Assert.Equal((null, null, null), (place.Country, place.Region, place.City));
        Assert.Equal((null, null, null), (source.UtmSource, source.UtmMedium, source.UtmCampaign));
    }

    [Theory]
    [InlineData("device", "fridge", "Fridge", "FRIDGE")]
    [InlineData("city", "Orl\u00e9ans", "Orle\u0301ans", "Orl\u00e9\u200bans")]
    [InlineData("utm_campaign", "spring sale", "spring\u00a0sale", "spring  sale")]
    public async Task Values_that_print_alike_are_one(string field, params string[] texts)
    {
        await _house.ImportAsync(string.Join('\n', texts.Select((text, i) => $$"""{"time":170000000{{i}},"short_code":"one","{{field}}":"{{text}}"}""")));
        await using var context = _house.Context();

        Assert.Equal(
            (1, 1, 1),
            (await context.ClickAgents.CountAsync(TestContext.Current.CancellationToken),
                await context.ClickPlaces.CountAsync(TestContext.Current.CancellationToken),
                await context.ClickSources.CountAsync(TestContext.Current.CancellationToken)));
    }

    [Fact]
    public async Task A_link_that_was_renamed_is_still_the_one_of_its_former_code()
    {
        await _house.ImportAsync("""{"time":1700000000,"short_code":"before"}""");
        await using (var context = _house.Context())
        {
            await context.Links.ExecuteUpdateAsync(set => set.SetProperty(link => link.ShortCode, "after"), TestContext.Current.CancellationToken);
        }

        var report = await _house.ImportAsync("""
            {"time":1700000000,"short_code":"before"}
            {"time":1700000001,"short_code":"before"}
            """);

        Assert.Equal((1, 1, 0), (report.Stored, report.AlreadyThere, report.LinksCreated));
        Assert.Equal(2, (await _house.LinkAsync("after")).TotalClicks);
        await using var after = _house.Context();
        Assert.Equal(1, await after.Links.CountAsync(TestContext.Current.CancellationToken));
    }

    /// <summary>Both find that the codes are free, and one of them comes too late with each.</summary>
    [Fact]
    public async Task Two_files_that_name_the_same_new_links_are_imported_at_once()
    {
        var files = Enumerable.Range(0, 3).Select(file => string.Concat(Enumerable.Range(0, 400).Select(line => $$"""{"time":{{1_700_000_000 + line}},"short_code":"n{{line}}","visitor":"{{file}}"}""" + "\n")));

        var reports = await Task.WhenAll(files.Select(file => Task.Run(() => _house.ImportAsync(file))));

        Assert.All(reports, report => Assert.Equal((400L, 0L), (report.Stored, report.Bad)));
        Assert.Equal(400, reports.Sum(report => report.LinksCreated));
        await using var context = _house.Context();
        Assert.Equal(
            [(400, 3L)],
            (await context.Links.Select(link => link.TotalClicks).ToListAsync(TestContext.Current.CancellationToken)).CountBy(clicks => clicks).Select(clicks => (clicks.Value, clicks.Key)));
    }

    [Fact]
    public async Task All_bad_lines_are_counted_and_the_first_hundred_reported()
    {
        var report = await _house.ImportAsync(string.Concat(Enumerable.Repeat("{}\n", 5_000)));

        Assert.Equal(5_000, report.Bad);
        Assert.Equal(Enumerable.Range(1, ImportReport.MaxBadLines).Select(line => (long)line), report.BadLines.Select(bad => bad.Line));
    }

    [Fact]
    public async Task A_code_of_somebody_else_is_a_bad_line_and_their_link_stays_as_it_was()
    {
        await using (var context = _house.Context())
        {
            context.Links.Add(new Link
            {
                PublicId = PublicId.New(DateTimeOffset.UtcNow),
                OwnerId = await _house.AddUserAsync("other@example.com"),
                ShortCode = "theirs",
                LongUrl = "https://example.com/",
                CreatedAt = DateTimeOffset.UtcNow,
            });
            await context.SaveChangesAsync(TestContext.Current.CancellationToken);
        }

        var report = await _house.ImportAsync("""{"time":1700000000,"short_code":"theirs"}""");

        Assert.Equal([new BadLine(1, new("short code 'theirs' belongs to somebody else"))], report.BadLines);
        Assert.Equal(0, (await _house.LinkAsync("theirs")).TotalClicks);
        Assert.Equal(0, await _house.CountClicksAsync());
    }

    [Fact]
    public async Task An_unknown_code_becomes_a_private_link_of_the_owner_as_old_as_its_first_click()
    {
        var report = await _house.ImportAsync("""
            {"time":1700000500,"short_code":"New"}
            {"time":1700000100,"short_code":"New","long_url":"https://example.com/there"}
            """);
        var link = await _house.LinkAsync("New");

        Assert.Equal(1, report.LinksCreated);
        Assert.Equal((_house.OwnerId, true, LinkStatus.Active), (link.OwnerId, link.PrivateStats, link.Status));
        Assert.Equal("https://example.com/there", link.LongUrl);
        Assert.Equal(1700000100, link.CreatedAt.ToUnixTimeSeconds());
        Assert.Equal((2, 1700000500), (link.TotalClicks, link.LastClick!.Value.ToUnixTimeSeconds()));
    }

    [Fact]
    public async Task What_the_file_gives_wins_over_what_the_User_Agent_says()
    {
        await _house.ImportAsync(JsonSerializer.Serialize(new
        {
            time = 1700000000123,
            short_code = "one",
            user_agent = Chrome,
            browser = "Netscape",
            device = "Tablet",
            bot = true,
            country = "Germany",
            region = "Hesse",
            city = "Fulda",
            language = "de-AT,de;q=0.8",
            referrer = "https://www.example.co.uk/a?b",
            utm_source = "news",
            utm_medium = "mail",
            utm_campaign = "may",
            trigger = "qr",
            redirect_ms = 12.4,
        }));
        var (click, agent, place, source) = await _house.OnlyClickAsync();

        Assert.Equal(("Netscape", "Windows", "tablet", true), (agent.Browser, agent.Os, agent.Device, agent.IsBot));
        Assert.Equal(GivenFacts.Browser | GivenFacts.Device | GivenFacts.Bot, agent.Given);
        Assert.Equal(("DE", "Hesse", "Fulda"), (place.Country, place.Region, place.City));
        Assert.Equal(("example.co.uk", "https://www.example.co.uk/a", "qr"), (source.Referrer, source.ReferrerUrl, source.Trigger));
        Assert.Equal(("news", "mail", "may"), (source.UtmSource, source.UtmMedium, source.UtmCampaign));
        Assert.Equal(("de", 12, 1700000000123), (click.Language, click.RedirectMs, click.Time.ToUnixTimeMilliseconds()));
    }

    [Fact]
    public async Task Without_given_values_the_User_Agent_speaks()
    {
        await _house.ImportAsync(JsonSerializer.Serialize(new { time = 1700000000, short_code = "one", user_agent = Chrome }));
        var (_, agent, _, _) = await _house.OnlyClickAsync();

        Assert.Equal(("Chrome", "Windows", "desktop", false), (agent.Browser, agent.Os, agent.Device, agent.IsBot));
        Assert.Equal(GivenFacts.None, agent.Given);
    }

    [Fact]
    public async Task A_line_without_a_User_Agent_is_not_taken_for_a_machine()
    {
        await _house.ImportAsync("""{"time":1700000000,"short_code":"one","country":"xx","city":"Unknown"}""");
        var (_, agent, place, _) = await _house.OnlyClickAsync();

        Assert.False(agent.IsBot);
        Assert.Equal((null, null), (place.Country, place.City));
    }

    [Fact]
    public async Task Visitors_are_told_apart_by_name_before_address_before_looks()
    {
        var report = await _house.ImportAsync("""
            {"time":1,"short_code":"one","visitor":"ann","ip":"10.0.0.1","time":1700000001}
            {"time":1700000002,"short_code":"one","visitor":"ann","ip":"10.0.0.2"}
            {"time":1700000003,"short_code":"one","ip":"10.0.0.1","user_agent":"x"}
            {"time":1700000004,"short_code":"one","ip":"::ffff:10.0.0.1","user_agent":"x","country":"DE"}
            {"time":1700000005,"short_code":"one","user_agent":"x","country":"DE"}
            {"time":1700000006,"short_code":"one","user_agent":"x","country":"DE"}
            """);
        await using var context = _house.Context();
        var visitors = await context.Clicks.OrderBy(click => click.Time).Select(click => click.Visitor).ToListAsync(TestContext.Current.CancellationToken);

        Assert.Equal(3, visitors.Distinct().Count());
        Assert.Equal((visitors[0], visitors[2], visitors[4]), (visitors[1], visitors[3], visitors[5]));
        Assert.Equal(2, report.VisitorsGuessed);
    }

    [Fact]
    public async Task Text_is_cut_and_cleaned_to_what_the_columns_hold()
    {
        await _house.ImportAsync(JsonSerializer.Serialize(new
        {
            time = 1700000000,
            short_code = "one",
            user_agent = new string('u', 5000),
            city = "Os\0lo\u202E\n",
            browser = new string('b', 5000),
            referrer = "https://example.com/" + new string('r', 5000),
            utm_source = new string('s', 5000),
        }));
        var (_, agent, place, source) = await _house.OnlyClickAsync();

        Assert.Equal("Oslo", place.City);
        Assert.Equal((ClickAgent.MaxUserAgentLength, ClickAgent.MaxNameLength), (agent.UserAgent!.Length, agent.Browser!.Length));
        Assert.Equal((ClickSource.MaxReferrerUrlLength, ClickSource.MaxUtmLength), (source.ReferrerUrl!.Length, source.UtmSource!.Length));
    }

    [Fact]
    public async Task A_compressed_file_is_recognised_by_its_first_bytes()
    {
        using var file = new MemoryStream();
        await using (var gzip = new GZipStream(file, CompressionLevel.Fastest, leaveOpen: true))
        {
            await gzip.WriteAsync("""{"time":1700000000,"short_code":"one"}"""u8.ToArray(), TestContext.Current.CancellationToken);
        }

        Assert.Equal(1, (await _house.ImportAsync(file.ToArray())).Stored);
    }

    [Fact]
    public async Task A_damaged_compressed_file_gives_what_can_be_read_and_says_where_it_ends()
    {
        using var file = new MemoryStream();
        await using (var gzip = new GZipStream(file, CompressionLevel.NoCompression, leaveOpen: true))
        {
            await gzip.WriteAsync(Encoding.UTF8.GetBytes(Clicks(20_000)), TestContext.Current.CancellationToken);
        }

        var half = file.ToArray()[..((int)file.Length / 2)];
        half.AsSpan(half.Length - 5000).Fill(0xFF);
        half[^1] = 0;
        var exception = await Assert.ThrowsAsync<ClickFileException>(() => _house.ImportAsync(half));

        Assert.StartsWith("The file cannot be read any further after line ", exception.Message, StringComparison.Ordinal);
        Assert.InRange(await _house.CountClicksAsync(), 5_000, 15_000);
    }

    [Fact]
    public async Task Progress_goes_up_to_the_whole_of_the_file()
    {
        var file = Encoding.UTF8.GetBytes(Clicks(20_000));
        var heard = new Heard();
        await _house.ImportAsync(new MemoryStream(file), ClickFileFormat.Ndjson, heard);

        Assert.Equal(new ImportProgress(file.Length, 20_000, 20_000), heard.All[^1]);
        Assert.True(heard.All.Count >= 3);
        Assert.Equal(heard.All.OrderBy(progress => progress.Bytes), heard.All);
    }

    [Fact]
    public async Task Memory_does_not_grow_with_the_file()
    {
        // Two files of which the second is eight times as long, of the longest lines that are read.
        await _house.ImportAsync(new EndlessClicks(150), ClickFileFormat.Ndjson, null);
        var (small, large) = (new Peak(), new Peak());
        await _house.ImportAsync(new EndlessClicks(300), ClickFileFormat.Ndjson, small);
        await _house.ImportAsync(new EndlessClicks(2_400), ClickFileFormat.Ndjson, large);

        // The larger file has 150 megabytes, and twice that as text in memory.
        Assert.InRange(large.Bytes - small.Bytes, long.MinValue, 100 * 1024 * 1024);
    }

    [Fact]
    public async Task An_import_that_is_stopped_can_be_finished_by_starting_it_again()
    {
        var file = Encoding.UTF8.GetBytes(Clicks(20_000));
        using var stop = new CancellationTokenSource();
        var import = new ClickFileToImport
        {
            Name = "clicks",
            Content = new MemoryStream(file),
            OwnerId = _house.OwnerId,
            Format = ClickFileFormat.Ndjson,
        };
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => _house.Import.RunAsync(import, new Stopper(stop), stop.Token));
        var before = await _house.CountClicksAsync();
        var rest = await _house.ImportAsync(file);

        Assert.InRange(before, 1, 19_999);
        Assert.Equal((before, 20_000), (rest.AlreadyThere, rest.AlreadyThere + rest.Stored));
        Assert.Equal(20_000, await _house.CountClicksAsync());
    }

    [Theory]
    [InlineData("good")]
    [InlineData("damaged")]
    [InlineData("stopped")]
    public async Task An_import_that_is_over_is_finished_however_it_ended(string how)
    {
        using var stop = new CancellationTokenSource();
        var import = new ClickFileToImport
        {
            Name = "clicks",
            Content = how == "damaged" ? new MemoryStream(await CutOffAsync(Clicks(8_000))) : new MemoryStream(Encoding.UTF8.GetBytes(Clicks(8_000))),
            OwnerId = _house.OwnerId,
            Format = ClickFileFormat.Ndjson,
        };

        var ended = await Record.ExceptionAsync(() => _house.Import.RunAsync(import, how == "stopped" ? new Stopper(stop) : null, stop.Token));

        Assert.Equal(how == "good", ended is null);
        await using var context = _house.Context();
        var writer = await context.ClickWriters.SingleAsync(TestContext.Current.CancellationToken);
        Assert.NotNull(writer.FinishedAt);
        Assert.InRange(writer.LastSequence, 1, 8_000);
    }

    private static async Task<byte[]> CutOffAsync(string text)
    {
        using var file = new MemoryStream();
        await using (var gzip = new GZipStream(file, CompressionLevel.NoCompression, leaveOpen: true))
        {
            await gzip.WriteAsync(Encoding.UTF8.GetBytes(text));
        }

        return file.ToArray()[..((int)file.Length / 2)];
    }

    private static string Clicks(int count) => string.Concat(Enumerable.Range(0, count).Select(number => string.Create(
        CultureInfo.InvariantCulture, $$"""{"time":{{1700000000 + number}},"short_code":"code{{number % 7}}","visitor":"{{number % 100}}"}{{'\n'}}""")));

    private static string? RealFile()
    {
        var folder = Environment.GetEnvironmentVariable("SPOO_DATA");
        for (var at = new DirectoryInfo(AppContext.BaseDirectory); folder is null && at is not null; at = at.Parent)
        {
            var beside = Path.Combine(at.FullName, "shared", "data");
            folder = Directory.Exists(beside) ? beside : null;
        }

        var path = folder is null ? null : Path.Combine(folder, "usagov-bitly-clicks.ndjson");
        return File.Exists(path) ? path : null;
    }

    private sealed class Heard : IProgress<ImportProgress>
    {
        public List<ImportProgress> All { get; } = [];

        public void Report(ImportProgress value) => All.Add(value);
    }

    private sealed class Stopper(CancellationTokenSource stop) : IProgress<ImportProgress>
    {
        public void Report(ImportProgress value) => stop.Cancel();
    }

    /// <summary>The most memory that was in use after any batch.</summary>
    private sealed class Peak : IProgress<ImportProgress>
    {
        public long Bytes { get; private set; }

        public void Report(ImportProgress value) => Bytes = Math.Max(Bytes, GC.GetTotalMemory(forceFullCollection: true));
    }

    /// <summary>A file of lines of 64 kB that exists only while it is read.</summary>
    private sealed class EndlessClicks(int lines) : Stream
    {
        private readonly string _padding = new('x', 64_000);
        private byte[] _line = [];
        private int _at;
        private int _number;

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            if (_at == _line.Length && _number < lines)
            {
                _number++;
                _line = Encoding.UTF8.GetBytes(string.Create(
                    CultureInfo.InvariantCulture,
                    $$"""{"time":{{1700000000 + _number}},"short_code":"c","city":"{{lines}}-{{_number}}-{{_padding}}"}{{'\n'}}"""));
                _at = 0;
            }

            var count = Math.Min(buffer.Length, _line.Length - _at);
            _line.AsMemory(_at, count).CopyTo(buffer);
            _at += count;
            return ValueTask.FromResult(count);
        }

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override void Flush() => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}

using System.Globalization;
using System.IO.Compression;
using System.Security.Claims;
using System.Text;
using AngleSharp.Dom;
using Bunit;
using Bunit.TestDoubles;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Forms;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Spoo.Data.Accounts;
using Spoo.Data.Transfer;
using Spoo.Data.Transfer.ClickFiles;
using Spoo.Data.Transfer.ClickFiles.Formats;
using Spoo.Data.Transfer.Imports;
using Spoo.Tests.Commands;
using Spoo.Tests.Support;
using Spoo.Tests.Transfer;
using Spoo.Web.Components.Import;
using Spoo.Web.Identity;
using TestContext = Xunit.TestContext;

namespace Spoo.Tests.Import;

/// <summary>The page of imports with the real services behind it.</summary>
public sealed class ImportPageTests : ComponentTests, IClassFixture<CommandProcess>
{
    private readonly CommandProcess _program;
    private readonly SpooApp _app = new();

    public ImportPageTests(CommandProcess program)
    {
        _program = program;
        Services.AddSingleton(TimeProvider.System);
        Services.AddSingleton(_ => _app.Get<ClickImport>());
        Services.AddSingleton(_ => _app.Get<ImportRecords>());
        Services.AddSingleton(_ => _app.Get<ImportUndo>());
        Services.AddLogging();
    }

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Every_example_of_the_documentation_comes_in_by_the_page_as_it_does_by_the_command()
    {
        using var commanded = new SpooApp();
        await using var folder = new TemporaryFolder();
        var owner = await commanded.AddUserAsync();
        var sameData = commanded.SameData.ToDictionary(setting => setting.Key.Replace(":", "__", StringComparison.Ordinal), setting => setting.Value!);
        await SignInAsync();
        var page = RenderWhole<ImportPage>();
        foreach (var (format, text) in DocumentedFiles.In(await DocumentedFiles.DocumentationAsync()))
        {
            var file = Path.Combine(folder.Path, format);
            await System.IO.File.WriteAllTextAsync(file, text, Cancelled);
            var (exit, _, error) = await _program.RunAsync(["import", "clicks", file, "--owner", owner.Email!], "", sameData);
            Assert.True(exit == 0, $"{format}: {error}");
            var told = (await RecordsAsync(commanded))[^1];

            page.FindComponent<InputFile>().UploadFiles(InputFileContent.CreateFromText(text, format));
            page.WaitForAssertion(
                () => Assert.StartsWith($"Taken for {ClickFileFormats.Find(format)!.Title}: ", Words(page.Find(".import-told")), StringComparison.Ordinal), Eventually.Patience);
            Button(page, "Import").Click();
            page.WaitForElement(".import-report", Eventually.Patience);
            page.WaitForElement(".import-choice:not([hidden])", Eventually.Patience);

            // Two of the documented logs tell of the same click.
            var added = told.Clicks + told.Totals;
            Assert.Equal((format, added == 0 ? "Nothing new in this file" : added == 1 ? "1 click added" : $"{added} clicks added"), (format, Words(page.Find(".import-report h2"))));
            Assert.Equal((format, told.Links, told.AlreadyThere, told.Bad), (format, Fact(page, "Links made"), Fact(page, "Already there"), Fact(page, "Bad lines")));
        }

        Assert.Equal(await RecordsAsync(commanded), await RecordsAsync(_app));
        Assert.Equal(await ClicksAsync(commanded), await ClicksAsync(_app));
        Assert.Equal(await LinksAsync(commanded), await LinksAsync(_app));
    }

    [Fact]
    public async Task What_a_file_leaves_open_is_asked_beside_the_fields_that_answer_it_and_not_by_options_of_the_command()
    {
        await SignInAsync();
        var page = RenderWhole<ImportPage>();

        await ChooseAsync(page, File("days.csv", "Date,Link\n03/04/2025 10:00,https://go.example/abc\n"));
        page.WaitForAssertion(
            () => Assert.Equal("The date '03/04/2025 10:00' may be two different days. Say which number is the day.", Words(page.Find(".import-told [role=alert]"))), Eventually.Patience);
        Assert.Equal(["time", "short_code"], page.FindAll(".import-columns input:not([type=hidden])").Select(meaning => meaning.GetAttribute("value")));
        await page.SelectAsync("import-dates", nameof(DateOrder.DayMonth));
        page.WaitForAssertion(() => Assert.Contains("3 Apr 2025 10:00", Words(page.Find(".import-preview tbody")), StringComparison.Ordinal), Eventually.Patience);

        await ChooseAsync(page, File("codes.csv", "time,What\n2025-04-03,abcdef\n2025-04-03,ghijkl\n"));
        page.WaitForAssertion(
            () => Assert.Equal(
                "No column is called 'short_code', but the values of 'What' look like it. If they are, say so, or name the column short_code.", Words(page.Find(".import-told [role=alert]"))), Eventually.Patience);

        await ChooseAsync(page, File("prose.txt", "Once upon a time.\n"));
        page.WaitForAssertion(
            () => Assert.Equal("What format 'prose.txt' is in cannot be told from its content. Say which it is.", Words(page.Find(".import-told [role=alert]"))), Eventually.Patience);
    }

    [Fact]
    public async Task A_file_that_breaks_off_says_how_much_of_it_was_added()
    {
        using var packed = new MemoryStream();
        await using (var gzip = new GZipStream(packed, CompressionLevel.Optimal, leaveOpen: true))
        {
            await gzip.WriteAsync(Encoding.UTF8.GetBytes(string.Concat(Enumerable.Range(0, 5_000).Select(i => $$"""{"time":{{1_700_000_000 + i}},"short_code":"one","visitor":"{{i}}"}""" + "\n"))), Cancelled);
        }

        await SignInAsync();
        var page = RenderWhole<ImportPage>();
        await ChooseAsync(page, new HeldFile("broken.ndjson.gz", packed.ToArray()[..(int)(packed.Length / 2)]));
        Button(page, "Import").Click();
        var said = Words(page.WaitForElement("[role=alert]", Eventually.Patience));

        var clicks = (await ClicksAsync(_app)).Count;
        Assert.InRange(clicks, 1, 4_999);
        Assert.StartsWith($"The file cannot be read any further after line {clicks}: ", said, StringComparison.Ordinal);
        Assert.EndsWith($" {clicks:N0} clicks were added before.", said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_import_that_is_cancelled_says_what_it_added_goes_on_with_the_same_file_and_is_undone_as_one()
    {
        const int Lines = 6_000;
        var file = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Range(0, Lines).Select(i => $$"""{"time":{{1_700_000_000 + i}},"short_code":"code{{i % 7}}","visitor":"{{i % 50}}"}""" + "\n")));
        await SignInAsync();
        var page = RenderWhole<ImportPage>();

        await ChooseAsync(page, new HeldFile("long.ndjson", file, file.Length * 3 / 4));
        Button(page, "Import").Click();
        page.WaitForAssertion(() => Assert.Matches("^[1-9][0-9,]* clicks added, [0-9,]+ lines read", Words(page.Find(".import-progress [role=status]"))), Eventually.Patience);
        Button(page, "Cancel").Click();
        var stopped = Words(page.WaitForElement("[role=alert]", Eventually.Patience));

        var record = Assert.Single(await RecordsAsync(_app));
        Assert.Equal((ImportState.Stopped, 7L), (record.State, record.Links));
        Assert.InRange(record.Clicks, 1, Lines - 1);
        Assert.Equal($"Stopped after {record.Lines:N0} lines; {record.Clicks:N0} clicks of them were added. Importing the file again adds the rest.", stopped);
        Assert.Equal(record.Clicks, (await ClicksAsync(_app)).Count);
        page.WaitForAssertion(() => Assert.Equal(["Stopped"], page.FindAll("tbody .badge").Select(Words)), Eventually.Patience);

        // The file is still chosen, and can be read to its end now.
        await ChooseAsync(page, new HeldFile("long.ndjson", file));
        Button(page, "Import").Click();
        page.WaitForElement(".import-report", Eventually.Patience);

        var whole = Assert.Single(await RecordsAsync(_app));
        Assert.Equal((ImportState.Done, Lines, Lines, 7L, 0L, 0L), (whole.State, whole.Lines, whole.Clicks, whole.Links, whole.AlreadyThere, whole.Bad));
        Assert.Equal(Lines, (await LinksAsync(_app)).Sum(link => link.TotalClicks));

        Services.GetRequiredService<NavigationManager>().NavigateTo(page.Find(".import-report a[href*=undo]").GetAttribute("href")!);
        page.WaitForElement("[role=dialog] .danger", Eventually.Patience).Click();
        page.WaitForAssertion(() => Assert.Equal(["Undone"], page.FindAll("tbody .badge").Select(Words)), Eventually.Patience);
        Assert.Empty(await ClicksAsync(_app));
        Assert.Empty(await LinksAsync(_app));
    }

    protected override void Dispose(bool disposing)
    {
        base.Dispose(disposing);
        _app.Dispose();
    }

    private static Task ChooseAsync(IRenderedComponent<Whole> page, params IReadOnlyList<IBrowserFile> files) =>
        page.InvokeAsync(() => page.FindComponent<FileDrop>().Instance.Chosen.InvokeAsync(files));

    private static HeldFile File(string name, string text) => new(name, Encoding.UTF8.GetBytes(text));

    private static IElement Button(IRenderedComponent<Whole> page, string name) => page.FindAll("button").Single(button => Words(button) == name);

    private static long Fact(IRenderedComponent<Whole> page, string name) => long.Parse(
        page.FindAll(".import-report dl > div").Single(fact => Words(fact.QuerySelector("dt")!) == name).QuerySelector("dd")!.TextContent, NumberStyles.AllowThousands, CultureInfo.InvariantCulture);

    private static async Task<List<Told>> RecordsAsync(SpooApp app)
    {
        await using var context = app.OpenDatabase();
        return await context.Set<ImportRecord>().OrderBy(import => import.Id)
            .Select(import => new Told(import.Name, import.Format, import.State, import.FileHash, import.Lines, import.Clicks, import.Totals, import.Links, import.AlreadyThere, import.Bad, import.Findings))
            .ToListAsync(Cancelled);
    }

    /// <summary>All that is known of each click, but for keys that are other ones in each installation.</summary>
    private static async Task<List<string>> ClicksAsync(SpooApp app)
    {
        await using var context = app.OpenDatabase();
        var clicks = await (
            from click in context.Clicks
            join link in context.Links on click.LinkId equals link.Id
            join agent in context.ClickAgents on click.AgentId equals agent.Id
            join place in context.ClickPlaces on click.PlaceId equals place.Id
            join source in context.ClickSources on click.SourceId equals source.Id
            select new { click.Time, link.ShortCode, agent.UserAgent, agent.Browser, agent.Os, agent.Device, agent.IsBot, place.Country, place.Region, place.City, source.Referrer, source.UtmSource, source.UtmMedium, source.UtmCampaign, source.Trigger }).ToListAsync(Cancelled);
        return [.. clicks.Select(click => click.ToString()!).Order(StringComparer.Ordinal)];
    }

    private static async Task<List<CountedLink>> LinksAsync(SpooApp app)
    {
        await using var context = app.OpenDatabase();
        return await context.Links.OrderBy(link => link.Id)
            .Select(link => new CountedLink(link.ShortCode, link.LongUrl, link.CreatedAt, link.TotalClicks, link.LastClick)).ToListAsync(Cancelled);
    }

    private async Task SignInAsync()
    {
        var user = await _app.AddUserAsync();
        this.AddAuthorization().SetAuthorized(user.Email!).SetClaims(new Claim(ClaimTypes.NameIdentifier, user.Id));
    }

    private sealed record CountedLink(string ShortCode, string LongUrl, DateTimeOffset CreatedAt, long TotalClicks, DateTimeOffset? LastClick);

    private sealed record Told(
        string Name, string Format, ImportState State, string? FileHash, long Lines, long Clicks, long Totals, long Links, long AlreadyThere, long Bad, string? Findings);

    /// <summary>A file of which the browser sends no more than its beginning, as over a line that stalls.</summary>
    private sealed class HeldFile(string name, byte[] content, int? sent = null) : IBrowserFile
    {
        public string Name => name;

        public DateTimeOffset LastModified => Some.Noon;

        public long Size => content.Length;

        public string ContentType => "";

        public Stream OpenReadStream(long maxAllowedSize = 512_000, CancellationToken cancellationToken = default) => new Sending(content, sent ?? content.Length);

        private sealed class Sending(byte[] content, int sent) : MemoryStream(content)
        {
            public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
            {
                var most = (int)Math.Min(buffer.Length, sent - Position);
                if (most == 0 && sent < Length)
                {
                    await Task.Delay(Timeout.Infinite, cancellationToken);
                }

                return await base.ReadAsync(buffer[..most], cancellationToken);
            }
        }
    }
}

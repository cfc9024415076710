using System.Globalization;
using System.Text;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Time.Testing;
using Spoo.Data;
using Spoo.Data.Accounts;
using Spoo.Data.Care;
using Spoo.Data.Clicks.Facts;
using Spoo.Data.Clicks.Storing;
using Spoo.Data.Links;
using Spoo.Data.Transfer;
using Spoo.Data.Transfer.ClickFiles;
using Spoo.Data.Transfer.ClickFiles.Formats;
using Spoo.Data.Transfer.Imports;
using Spoo.Data.Transfer.LinkFiles;
using Spoo.Tests.Support;

namespace Spoo.Tests.Transfer;

[OnEveryDatabase]
public sealed class ImportUndoTests : IAsyncDisposable
{
    private static readonly string[] Agents =
    [
        "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0.0.0 Safari/537.36",
        "Slackbot-LinkExpanding 1.0 (+https://api.slack.com/robots)",
        "curl/8.5.0",
    ];

    private readonly FakeTimeProvider _clock = new(Some.Noon.AddDays(100));
    private readonly List<SpooApp> _apps = [];

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public async ValueTask DisposeAsync()
    {
        foreach (var app in _apps)
        {
            await app.DisposeAsync();
        }
    }

    /// <summary>Two servers see the same clicks and the same second import; one has had another import besides, before it or after it, and has undone it.</summary>
    [Theory]
    [InlineData(1, true)]
    [InlineData(2, false)]
    public async Task After_undoing_every_number_is_as_without_the_import(int seed, bool first)
    {
        var (with, without) = (await NewAsync(), await NewAsync());
        foreach (var (app, owner) in new[] { with, without })
        {
            var random = new Random(seed);
            foreach (var code in (string[])["a", "b", "c"])
            {
                await app.AddAsync(Some.Link(code, owner, Some.Noon.AddDays(random.Next(-20, 20)), longUrl: code == "c" ? "" : "https://example.com/"));
            }

            await VisitAsync(app, random, 40);
            if (app == with.App && first)
            {
                await ImportAsync(app, owner, "undone.ndjson", Lines(new Random(seed + 100), 700, "x"));
            }

            await ImportAsync(app, owner, "kept.ndjson", Lines(random, 120, "y"));
            if (app == with.App && !first)
            {
                await ImportAsync(app, owner, "undone.ndjson", Lines(new Random(seed + 100), 700, "x"));
            }

            await VisitAsync(app, random, 40);
        }

        var before = await ReportAsync(with.App, with.Owner);
        var import = (await with.App.Get<ImportRecords>().ListAsync(with.Owner.Id, Cancelled)).Single(import => import.Name == "undone.ndjson");
        var undone = Assert.IsType<UndoOutcome.Done>(await with.App.Get<ImportUndo>().UndoAsync(import.Id, with.Owner.Id, null, Cancelled));

        // The link that both imports have clicks on stays with the one that is left.
        Assert.Equal((700, first ? 1 : 0), (undone.Clicks, undone.Kept.Kept));
        Assert.NotEqual(before, await ReportAsync(with.App, with.Owner));
        Assert.Equal(await LinksAsync(without.App), await LinksAsync(with.App));
        Assert.Equal(await ReportAsync(without.App, without.Owner), await ReportAsync(with.App, with.Owner));
        Assert.True((await with.App.Get<ClickAudit>().RunAsync(Cancelled)).IsGood);
    }

    [Fact]
    public async Task A_link_that_was_clicked_or_changed_since_stays_and_is_named()
    {
        var (app, owner) = await NewAsync();
        var plan = await app.Get<LinkImport>().ReadAsync(
            new LinkFileToImport
            {
                Name = "links.csv",
                Content = new MemoryStream("short_code,long_url,tags\nclicked,https://example.com/1,\nchanged,https://example.com/2,\nblocked,https://example.com/3,\nfresh,https://example.com/4,spring\n"u8.ToArray()),
                OwnerId = owner.Id,
            },
            Cancelled);
        await app.Get<LinkImport>().StoreAsync(plan, owner.Id, null, Cancelled);
        var links = await AllAsync(app);
        await app.AddAsync(Some.Click(links.Single(link => link.ShortCode == "clicked")));
        await app.Get<LinkService>().EditAsync(links.Single(link => link.ShortCode == "changed").PublicId, new LinkEdit { Title = new("Mine") }, Viewer.User(owner.Id), null, Cancelled);
        await app.Get<Data.Links.Blocks.LinkBlocks>().BlockAsync(["blocked"], "spam", null, Cancelled);

        var import = Assert.Single(await app.Get<ImportRecords>().ListAsync(owner.Id, Cancelled));
        var undone = Assert.IsType<UndoOutcome.Done>(await app.Get<ImportUndo>().UndoAsync(import.Id, owner.Id, null, Cancelled));

        Assert.Equal((ImportKind.Links, 4, "csv", 64), (import.Kind, import.Links, import.Format, import.FileHash?.Length));
        Assert.Equal((0, 1), (undone.Clicks, undone.Links));
        Assert.Equal(
            [("blocked", KeptBecause.Blocked), ("changed", KeptBecause.Changed), ("clicked", KeptBecause.Clicked)],
            undone.Kept.KeptLinks.Select(kept => (kept.Name, kept.Because)).Order());
        Assert.Equal(["blocked", "changed", "clicked"], (await AllAsync(app)).Select(link => link.ShortCode).Order());
        Assert.IsType<UndoOutcome.Refused>(await app.Get<ImportUndo>().UndoAsync(import.Id, owner.Id, null, Cancelled));
    }

    [Fact]
    public async Task A_link_that_two_imports_know_goes_with_the_last_of_them()
    {
        var (app, owner) = await NewAsync();
        await ImportAsync(app, owner, "one", Line("x", Some.Noon));
        await ImportAsync(app, owner, "two", Line("x", Some.Noon.AddDays(5)));
        var imports = await app.Get<ImportRecords>().ListAsync(owner.Id, Cancelled);

        var one = Assert.IsType<UndoOutcome.Done>(await app.Get<ImportUndo>().UndoAsync(imports[1].Id, owner.Id, null, Cancelled));
        var between = Assert.Single(await AllAsync(app));
        var two = Assert.IsType<UndoOutcome.Done>(await app.Get<ImportUndo>().UndoAsync(imports[0].Id, owner.Id, null, Cancelled));

        Assert.Equal((1, 0, 1), (one.Clicks, one.Links, one.Kept.Kept));
        Assert.Equal((1L, Some.Noon.AddDays(5), (DateTimeOffset?)Some.Noon.AddDays(5)), (between.TotalClicks, between.CreatedAt, between.LastClick));
        Assert.Equal((1, 1, 0), (two.Clicks, two.Links, two.Kept.Kept));
        Assert.Empty(await AllAsync(app));
    }

    [Fact]
    public async Task An_import_that_was_broken_off_goes_on_in_one_record_and_is_undone_as_one()
    {
        var (app, owner) = await NewAsync();
        var text = string.Join('\n', Enumerable.Range(0, 3_000).Select(i => Line("x", Some.Noon.AddSeconds(i)).TrimEnd('\n'))) + "\nnonsense\n";
        await Assert.ThrowsAsync<ClickFileException>(() => ImportAsync(app, owner, "file", text, breaksOffAfter: text.Length / 2));
        var broken = Assert.Single(await app.Get<ImportRecords>().ListAsync(owner.Id, Cancelled));
        await ImportAsync(app, owner, "file", text);
        var whole = Assert.Single(await app.Get<ImportRecords>().ListAsync(owner.Id, Cancelled));
        await ImportAsync(app, owner, "file", text);
        var again = (await app.Get<ImportRecords>().ListAsync(owner.Id, Cancelled))[0];

        Assert.Equal((ImportState.Stopped, null, true), (broken.State, broken.FileHash, broken.Clicks is > 0 and < 3_000));
        Assert.Contains("cannot be read any further", ImportFindings.Parse(broken.Findings).Fault!.ToString(), StringComparison.Ordinal);
        Assert.Equal((ImportState.Done, 3_001, 3_000, 1, 0, 1), (whole.State, whole.Lines, whole.Clicks, whole.Links, whole.AlreadyThere, whole.Bad));
        Assert.Equal([new BadLine(3_001, new("not valid JSON (byte {0})", 2L))], ImportFindings.Parse(whole.Findings).BadLines);
        Assert.Equal((whole.FileHash, 0, 3_000), (again.FileHash, again.Clicks, again.AlreadyThere));

        var undone = Assert.IsType<UndoOutcome.Done>(await app.Get<ImportUndo>().UndoAsync(whole.Id, owner.Id, null, Cancelled));

        // The third one found all of it there, and so it has nothing that could keep the link.
        Assert.Equal((3_000, 0), (undone.Clicks, await CountAsync(app)));
    }

    [Fact]
    public async Task An_import_is_undone_by_its_owner_and_not_while_it_runs()
    {
        var (app, owner) = await NewAsync();
        var other = await app.AddUserAsync();
        await ImportAsync(app, owner, "file", Line("x", Some.Noon));
        var import = Assert.Single(await app.Get<ImportRecords>().ListAsync(owner.Id, Cancelled));
        await using var database = app.OpenDatabase();
        await database.Set<ImportRecord>().ExecuteUpdateAsync(set => set.SetProperty(row => row.State, ImportState.Running), Cancelled);

        Assert.IsType<UndoOutcome.Refused>(await app.Get<ImportUndo>().UndoAsync(import.Id, other.Id, null, Cancelled));
        Assert.IsType<UndoOutcome.Refused>(await app.Get<ImportUndo>().UndoAsync(import.Id, owner.Id, null, Cancelled));
        Assert.Equal(1, await CountAsync(app));

        // Killed: it will never say that it is over.
        _clock.Advance(ImportRecord.Silence);
        Assert.IsType<UndoOutcome.Done>(await app.Get<ImportUndo>().UndoAsync(import.Id, owner.Id, null, Cancelled));
        Assert.Equal(0, await CountAsync(app));
    }

    [Fact]
    public async Task Deleting_an_account_deletes_what_it_imported_and_that_it_did()
    {
        var (app, owner) = await NewAsync();
        await ImportAsync(app, owner, "private name", Line("x", Some.Noon));

        await app.Get<AccountRemoval>().RemoveAsync(owner.Id, Cancelled);

        await using var database = app.OpenDatabase();
        Assert.Equal((0, 0), (await database.Set<ImportRecord>().CountAsync(Cancelled), await database.Set<ImportedLink>().CountAsync(Cancelled)));
        Assert.Equal(0, await database.ClickWriters.CountAsync(writer => writer.Name == "private name", Cancelled));
    }

    [Fact]
    public async Task What_was_said_about_a_file_is_known_for_the_next_one_with_the_same_columns()
    {
        var (app, owner) = await NewAsync();
        var options = new ClickFileOptions { Map = new Dictionary<string, string?> { ["Wann"] = "time", ["Wo"] = "short_code", ["Rest"] = null }, Dates = DateOrder.DayMonth };
        await app.Get<ClickImport>().RunAsync(
            new ClickFileToImport { Name = "may.csv", Content = Bytes("Wann;Wo;Rest\n01.02.2025 10:00;abc;1\n"), OwnerId = owner.Id, Options = options }, null, Cancelled);

        var check = await app.Get<ClickImport>().CheckAsync(
            new ClickFileToImport { Name = "june.csv", Content = Bytes("Rest;Wann;Wo\n2;03.04.2025 10:00;abd\n"), OwnerId = owner.Id, Options = options }, null, Cancelled);
        var choices = await app.Get<ImportRecords>().LastChoicesAsync(owner.Id, ImportKind.Clicks, check.Header!.Value, Cancelled);

        Assert.Equal(ClickChoices.Of(null, options).ToString(), choices!.ToString());
        Assert.Equal(ClickChoices.Of(null, options).ToString(), ClickChoices.Of(null, ClickChoices.Options(choices)).ToString());
    }

    [Fact]
    public async Task What_was_given_to_another_account_stays_with_it_until_the_operator_takes_it_back()
    {
        var (app, owner) = await NewAsync();
        var other = await app.AddUserAsync();
        await ImportAsync(app, owner, "clicks.ndjson", Lines(new Random(3), 60, "x"));
        var import = Assert.Single(await app.Get<ImportRecords>().ListAsync(owner.Id, Cancelled));
        var given = (await AllAsync(app)).MaxBy(link => link.TotalClicks)!;
        Assert.InRange(given.TotalClicks, 1, 59);
        await app.Get<LinkOwners>().TransferAsync([given.Name], other.Id, null, Cancelled);

        var undone = Assert.IsType<UndoOutcome.Done>(await app.Get<ImportUndo>().UndoAsync(import.Id, owner.Id, null, Cancelled));

        Assert.Equal(60 - given.TotalClicks, undone.Clicks);
        var left = Assert.Single(await AllAsync(app));
        Assert.Equal((given.Id, other.Id, given.TotalClicks, given.CreatedAt), (left.Id, left.OwnerId, left.TotalClicks, left.CreatedAt));
        Assert.Empty((await app.Get<ClickAudit>().RunAsync(Cancelled)).Differences);
    }

    private async Task<(SpooApp App, SpooUser Owner)> NewAsync()
    {
        var app = new SpooApp { Clock = _clock };
        _apps.Add(app);
        return (app, await app.AddUserAsync());
    }

    // On links that were made here, some of them long after the first click that a file tells.
    private static async Task VisitAsync(SpooApp app, Random random, int clicks)
    {
        var links = (await AllAsync(app)).Where(link => link.ShortCode.Length == 1).OrderBy(link => link.ShortCode, StringComparer.Ordinal).Where(link => link.ShortCode[0] < 'x').ToList();
        await app.AddAsync(Enumerable.Range(0, clicks).Select(_ => Some.Click(links[random.Next(links.Count)], Some.Noon.AddHours(random.Next(-300, 900)), random.Next(20)) with
        {
            Browser = random.Next(2) == 0 ? "Chrome" : "Firefox",
            Country = random.Next(2) == 0 ? "DE" : null,
        }));
    }

    private static string Lines(Random random, int count, string own)
    {
        var lines = new StringBuilder();
        for (var i = 0; i < count; i++)
        {
            var code = ((string[])["a", "b", "c", own, own + "2", "z"])[random.Next(6)];
            lines.AppendLine(CultureInfo.InvariantCulture, $$"""{"time":"{{Some.Noon.AddMinutes(random.Next(-90_000, 90_000)):O}}","short_code":"{{code}}","long_url":"https://example.com/{{own}}","user_agent":"{{Agents[random.Next(Agents.Length)]}}","visitor":"{{own}}{{random.Next(30)}}","country":"{{(random.Next(2) == 0 ? "FR" : "DE")}}","referrer":"{{own}}.example"}""");
        }

        return lines.ToString();
    }

    private static string Line(string code, DateTimeOffset at) => $$"""{"time":"{{at:O}}","short_code":"{{code}}"}""" + "\n";

    private static MemoryStream Bytes(string text) => new(Encoding.UTF8.GetBytes(text));

    private static Task<ImportReport> ImportAsync(SpooApp app, SpooUser owner, string name, string text, int? breaksOffAfter = null) => app.Get<ClickImport>().RunAsync(
        new ClickFileToImport
        {
            Name = name,
            Content = breaksOffAfter is { } bytes ? new BrokenStream(Bytes(text), bytes) : Bytes(text),
            OwnerId = owner.Id,
            Format = ClickFileFormat.Ndjson,
        },
        null,
        Cancelled);

    private static async Task<List<Link>> AllAsync(SpooApp app)
    {
        await using var database = app.OpenDatabase();
        return await database.Links.AsNoTracking().ToListAsync(Cancelled);
    }

    private static async Task<int> CountAsync(SpooApp app)
    {
        await using var database = app.OpenDatabase();
        return await database.Clicks.CountAsync(Cancelled);
    }

    private static async Task<IEnumerable<string>> LinksAsync(SpooApp app) => (await AllAsync(app))
        .OrderBy(link => link.ShortCode, StringComparer.Ordinal)
        .Select(link => string.Create(CultureInfo.InvariantCulture, $"{link.ShortCode} {link.LongUrl} {link.CreatedAt:O} {link.TotalClicks} {link.PreviewClicks} {link.LastClick:O} {link.ForgottenClicks}"));

    private static async Task<string> ReportAsync(SpooApp app, SpooUser owner)
    {
        using var client = await app.WithKeyAsync(owner);
        var answer = await client.GetAsync("/api/v1/stats?scope=all&group_by=time,browser,country,referrer,visitor_type,short_code", Cancelled);
        var stats = JsonDocument.Parse(await answer.Content.ReadAsStringAsync(Cancelled)).RootElement;
        return $"{stats.GetProperty("summary")} {stats.GetProperty("metrics")} {stats.GetProperty("time_range")}";
    }

    /// <summary>Ends in the middle, as a connection does.</summary>
    private sealed class BrokenStream(Stream whole, int bytes) : ForwardStream
    {
        private int _left = bytes;

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            var read = _left == 0 ? throw new IOException("the connection is gone") : await whole.ReadAsync(buffer[..Math.Min(buffer.Length, _left)], cancellationToken);
            _left -= read;
            return read;
        }
    }
}

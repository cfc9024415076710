using System.Globalization;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Spoo.Data;
using Spoo.Data.Care;
using Spoo.Data.Clicks.Journal;
using Spoo.Data.Clicks.Reading;
using Spoo.Data.Database;
using Spoo.Data.Stats.Live;
using Spoo.Tests.Support;

namespace Spoo.Tests.Care;

/// <summary>
/// One bit of a file is another one than was written. Whatever it hits, nothing is made up, and what is lost is said. <c>benchmarks/faults</c>
/// runs the long form: <c>SPOO_FLIPS</c> says how often, <c>SPOO_SEED</c> where.
/// </summary>
public sealed class DamageTests : IAsyncDisposable
{
    private const int Clicks = 40;

    private static readonly ClickJournalOwner Owner = new(7, "node-under-test");

    private readonly TemporaryFolder _folder = new();
    private readonly int _flips = Setting("SPOO_FLIPS", 25);
    private readonly Random _random = new(Setting("SPOO_SEED", 20260218));

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public ValueTask DisposeAsync() => _folder.DisposeAsync();

    [Fact]
    public void A_bit_of_a_journals_header_costs_no_click()
    {
        var whole = WriteJournal();
        for (var flip = 0; flip < _flips; flip++)
        {
            var (read, isSaid) = ReadFlipped(whole, _random.Next(ClickJournalFile.HeaderLength * 8));

            Assert.Equal(Clicks, read.Count);
            Assert.True(isSaid);
        }

        TestContext.Current.SendDiagnosticMessage($"{_flips} flips in journal headers: 0 of {_flips * Clicks} clicks lost, each said");
    }

    [Fact]
    public void A_bit_of_a_journals_record_costs_that_click_and_is_said()
    {
        var whole = WriteJournal();
        var lost = 0;
        for (var flip = 0; flip < _flips; flip++)
        {
            var (read, isSaid) = ReadFlipped(whole, _random.Next(ClickJournalFile.HeaderLength * 8, whole.Length * 8));

            Assert.All(read, record => Assert.Equal(Click(record.Sequence), record.Click));
            Assert.Equal(read.Count, read.Select(record => record.Sequence).Distinct().Count());
            Assert.InRange(read.Count, Clicks - 1, Clicks);
            Assert.True(isSaid || read.Count == Clicks || read[^1].Sequence == Clicks - 1, "A click is missing, and nobody was told.");
            lost += Clicks - read.Count;
        }

        TestContext.Current.SendDiagnosticMessage($"{_flips} flips in journal records: {lost} records lost, each the one that was hit; 0 made up, 0 double");
    }

    [Fact]
    public async Task A_bit_of_an_index_is_found_and_the_index_is_not_used()
    {
        await using var app = new SpooApp { On = _folder.Path };
        var link = await app.AddAsync(Some.Link(owner: await app.AddUserAsync()));
        await app.AddAsync(Enumerable.Range(0, 300).Select(number => Some.Click(link, Some.Noon.AddMinutes(number), number / 3)));
        Assert.Empty((await app.Get<ClickAudit>().RunAsync(Cancelled)).Differences);
        app.Get<LiveClicks>().Dispose();
        await using var database = app.OpenDatabase();
        var (epoch, _) = await ClickEpoch.OfAsync(database, Cancelled);
        var index = app.Get<ClickIndex>();
        var file = index.PathOf(link.OwnerId);
        var whole = await File.ReadAllBytesAsync(file, Cancelled);
        var writers = await FollowedWriters.NowAsync(database, null, Cancelled);
        Assert.NotNull(index.Load(link.OwnerId, epoch, writers, new HashSet<long> { link.Id }, index.MemoryOf(long.MaxValue)));

        for (var flip = 0; flip < _flips; flip++)
        {
            var bytes = whole.ToArray();
            Flip(bytes, _random.Next(bytes.Length * 8));
            await File.WriteAllBytesAsync(file, bytes, Cancelled);

            Assert.Null(index.Load(link.OwnerId, epoch, writers, new HashSet<long> { link.Id }, index.MemoryOf(long.MaxValue)));
        }

        TestContext.Current.SendDiagnosticMessage($"{_flips} flips in an index: {_flips} refused, 0 numbers made up");
    }

    [Fact]
    public async Task A_bit_of_a_backup_is_found_before_anything_is_put_in_its_place()
    {
        await using (var app = new SpooApp { On = _folder.Path })
        {
            var link = await app.AddAsync(Some.Link(owner: await app.AddUserAsync()));
            await app.AddAsync(Enumerable.Range(0, 200).Select(visitor => Some.Click(link, visitor: visitor)));
        }

        var file = Path.Combine(_folder.Path, "backup.zip");
        await Archive(_folder.Path).MakeAsync(file, Cancelled);
        var whole = await File.ReadAllBytesAsync(file, Cancelled);
        var expected = await RestoreAsync(file);
        Assert.NotNull(expected);
        var refused = 0;
        for (var flip = 0; flip < _flips; flip++)
        {
            var bytes = whole.ToArray();
            Flip(bytes, _random.Next(bytes.Length * 8));
            await File.WriteAllBytesAsync(file, bytes, Cancelled);

            // Some bits, such as those of a file's date, say nothing that is used.
            if (await RestoreAsync(file) is { } restored)
            {
                Assert.Equal(expected, restored);
            }
            else
            {
                refused++;
            }
        }

        TestContext.Current.SendDiagnosticMessage($"{_flips} flips in a backup: {refused} refused, {_flips - refused} restored to the last bit, 0 damaged databases put in place");
    }

    [Fact]
    public async Task A_backup_that_cannot_be_finished_leaves_no_file()
    {
        await using (var app = new SpooApp { On = _folder.Path })
        {
            await app.AddUserAsync();
        }

        var places = Directory.CreateDirectory(Path.Combine(_folder.Path, "elsewhere")).FullName;
        using var disk = SmallDisk.Mount(places, kilobytes: 64);

        await Assert.ThrowsAsync<SettingException>(() => Archive(_folder.Path).MakeAsync(Path.Combine(places, "backup.zip"), Cancelled));

        Assert.Empty(Directory.GetFiles(places));
    }

    [Fact]
    public async Task An_audit_of_a_damaged_database_names_what_it_finds_and_does_not_die()
    {
        await using (var app = new SpooApp { On = _folder.Path })
        {
            var link = await app.AddAsync(Some.Link(owner: await app.AddUserAsync()));
            await app.AddAsync(Enumerable.Range(0, 2_000).Select(visitor => Some.Click(link, visitor: visitor)));
        }

        SqliteConnection.ClearAllPools();
        var database = Path.Combine(_folder.Path, DataOptions.SqliteFile);
        using (var connection = new SqliteConnection($"Data Source={database};Pooling=False"))
        {
            connection.Open();
            using var command = connection.CreateCommand();
            command.CommandText = "PRAGMA wal_checkpoint(TRUNCATE); UPDATE Clicks SET Time = 9223372036854775807 WHERE Id IN (SELECT Id FROM Clicks LIMIT 1)";
            command.ExecuteNonQuery();
        }

        await using var damaged = new SpooApp { On = _folder.Path };
        var report = await damaged.Get<ClickAudit>().RunAsync(Cancelled);

        Assert.NotEmpty(report.Faults.Concat(report.Differences.Select(difference => difference.What)));
    }

    private static int Setting(string name, int otherwise) =>
        Environment.GetEnvironmentVariable(name) is { Length: > 0 } text ? int.Parse(text, CultureInfo.InvariantCulture) : otherwise;

    private static void Flip(byte[] bytes, int bit) => bytes[bit / 8] ^= (byte)(1 << (bit % 8));

    private static RawClick Click(long sequence) => new()
    {
        LinkId = sequence,
        Time = Some.Noon.AddSeconds(sequence),
        Visitor = sequence * 31,
        UserAgent = $"Mozilla/5.0 number {sequence}",
    };

    private static BackupArchive Archive(string folder) => new(Options.Create(new DataOptions { Folder = folder }));

    // What the database is after that. Null: the archive was refused, and there is none.
    private async Task<string?> RestoreAsync(string file)
    {
        var folder = Path.Combine(_folder.Path, "restored");
        try
        {
            await Archive(folder).UnpackAsync(file, Cancelled);
            return Convert.ToHexString(System.Security.Cryptography.SHA256.HashData(await File.ReadAllBytesAsync(Path.Combine(folder, DataOptions.SqliteFile), Cancelled)));
        }
        catch (SettingException)
        {
            Assert.False(File.Exists(Path.Combine(folder, DataOptions.SqliteFile)));
            Assert.Empty(Directory.Exists(folder) ? Directory.GetFileSystemEntries(folder) : []);
            return null;
        }
        finally
        {
            if (Directory.Exists(folder))
            {
                Directory.Delete(folder, recursive: true);
            }
        }
    }

    private byte[] WriteJournal()
    {
        using (var journal = Open())
        {
            for (var number = 1; number <= Clicks; number++)
            {
                Assert.True(journal.Append(Click(number)));
            }
        }

        return File.ReadAllBytes(Files().Single());
    }

    private (List<ClickJournalRecord> Read, bool IsSaid) ReadFlipped(byte[] whole, int bit)
    {
        Files().ToList().ForEach(File.Delete);
        Directory.GetFiles(_folder.Path, "*" + ClickJournalFile.DamagedExtension).ToList().ForEach(File.Delete);
        File.Delete(Path.Combine(_folder.Path, "state"));
        var bytes = whole.ToArray();
        Flip(bytes, bit);
        File.WriteAllBytes(Path.Combine(_folder.Path, "0000000000000000001.clicks"), bytes);
        using var journal = Open();
        var records = new List<ClickJournalRecord>();
        journal.Read(1_000, record => records.Add(ClickJournalLayout.Read(record)));
        return (records, journal.HasSetAside || journal.Missing > 0);
    }

    private IEnumerable<string> Files() => Directory.EnumerateFiles(_folder.Path, "*" + ClickJournalFile.Extension);

    private ClickJournal Open()
    {
        var journal = new ClickJournal(_folder.Path, new ClickOptions(), TimeProvider.System, NullLogger<ClickJournal>.Instance);
        journal.Claim();
        journal.Open(Owner, 0);
        return journal;
    }
}

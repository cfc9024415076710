using System.Diagnostics;
using System.Net;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Spoo.Data;
using Spoo.Data.Care;
using Spoo.Data.Clicks.Journal;
using Spoo.Data.Clicks.Storing;
using Spoo.Data.Links;
using Spoo.Tests.Support;

namespace Spoo.Tests.Clicks.Storing;

/// <summary>Two clicks have the same key, because a data folder was copied or put back while its database went on: none is taken for the other.</summary>
public sealed class SharedNumbersTests : IAsyncDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly TemporaryFolder _copy = new();

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    private string Database => Path.Combine(_folder.Path, DataOptions.SqliteFile);

    public async ValueTask DisposeAsync()
    {
        await _folder.DisposeAsync();
        await _copy.DisposeAsync();
    }

    [Fact]
    public async Task Two_servers_on_copies_of_one_folder_lose_no_click_of_each_other()
    {
        Link link;
        await using (var one = Start(_folder.Path))
        {
            link = await one.AddAsync(Some.Link());
            await ClickAsync(one, link, 10);

            // As the image of a virtual machine that runs has it.
            Copy(_folder.Path, _copy.Path);
            File.CreateSymbolicLink(Path.Combine(_copy.Path, DataOptions.SqliteFile), Database);
            await using var other = Start(_copy.Path);
            for (var round = 0; round < 3; round++)
            {
                await Task.WhenAll(ClickAsync(one, link, 7), ClickAsync(other, link, 5 + round));
                Assert.Equal(10 + ((round + 1) * 7) + (5 * (round + 1)) + Enumerable.Range(0, round + 1).Sum(), await StoredAsync(one));
            }
        }

        await using var again = Start(_folder.Path);
        await ClickAsync(again, link, 1);
        Assert.Equal(50, await StoredAsync(again));
        Assert.Equal(0, again.Get<ClickWriter>().Health.MissingRecords);
        Assert.Empty((await again.Get<ClickAudit>().RunAsync(Cancelled)).Differences);
    }

    [Fact]
    public async Task What_was_copied_before_it_was_stored_counts_once()
    {
        Link link;
        await using (var one = Start(_folder.Path))
        {
            link = await one.AddAsync(Some.Link());
            await ClickAsync(one, link, 10);
            await using (var database = one.OpenDatabase())
            {
                // Nothing is stored while it is held.
                await using var held = await database.Database.BeginTransactionAsync(Cancelled);
                await database.Database.ExecuteSqlRawAsync("UPDATE Links SET TotalClicks = TotalClicks", Cancelled);
                await ClickAsync(one, link, 8, untilStored: false);
                Copy(_folder.Path, _copy.Path);
            }

            await one.StoredAsync();
            await ClickAsync(one, link, 3);
        }

        File.CreateSymbolicLink(Path.Combine(_copy.Path, DataOptions.SqliteFile), Database);
        await using (var other = Start(_copy.Path))
        {
            await ClickAsync(other, link, 4);
        }

        await using var again = Start(_folder.Path);
        await ClickAsync(again, link, 1);
        Assert.Equal(26, await StoredAsync(again));
        Assert.Empty((await again.Get<ClickAudit>().RunAsync(Cancelled)).Differences);
    }

    /// <summary>A start without the database goes on with the next multiple of 1,048,576, which the database may have got beyond by then.</summary>
    [Fact]
    public async Task A_folder_that_was_put_back_and_is_started_without_its_database_stores_all_the_same()
    {
        const int Stride = 1 << 20;
        Link link;
        await using (var first = Start(_folder.Path))
        {
            link = await first.AddAsync(Some.Link());
            await ClickAsync(first, link, 1);
        }

        SqliteConnection.ClearAllPools();
        await SqlAsync($"UPDATE ClickWriters SET LastSequence = {Stride - 5} WHERE OwnerId IS NULL");
        await using (var second = Start(_folder.Path))
        {
            await ClickAsync(second, link, 1);
        }

        Copy(_folder.Path, _copy.Path);
        await using (var third = Start(_folder.Path))
        {
            await ClickAsync(third, link, 20);
        }

        SqliteConnection.ClearAllPools();
        await SqlAsync("PRAGMA wal_checkpoint(TRUNCATE)");
        var right = await File.ReadAllBytesAsync(Database, Cancelled);
        await File.WriteAllTextAsync(Path.Combine(_copy.Path, DataOptions.SqliteFile), "this disk is broken", Cancelled);
        await using var putBack = Start(_copy.Path);
        await ClickAsync(putBack, link, 7, untilStored: false);
        File.Delete(Path.Combine(_copy.Path, DataOptions.SqliteFile));
        await File.WriteAllBytesAsync(Path.Combine(_copy.Path, DataOptions.SqliteFile), right, Cancelled);
        await putBack.StoredAsync();

        Assert.Equal(29, await StoredAsync(putBack));
        Assert.Empty((await putBack.Get<ClickAudit>().RunAsync(Cancelled)).Differences);
    }

    [Fact]
    public void A_journal_knows_all_the_numbers_that_it_ever_had()
    {
        var owner = new ClickJournalOwner(7, "name").Renumbered(9).Renumbered(11);

        var read = ClickJournalOwner.Parse(owner.ToString(), "writer");

        Assert.Equal((11, "11 name 7 9\n"), (read.Number, read.ToString()));
        Assert.Equal(owner, read);
        Assert.All([7, 9, 11], number => Assert.True(read.Has(number)));
        Assert.False(read.Has(8));
    }

    private static SpooApp Start(string folder) => new()
    {
        On = folder,
        Settings = { ["Clicks:BatchDelay"] = "00:00:00.020" },
        Register = services => services.Remove(services.Single(service => service.ImplementationType == typeof(ClearingUpRounds))),
    };

    private static async Task ClickAsync(SpooApp app, Link link, int times, bool untilStored = true)
    {
        using var client = app.Anonymous();
        for (var i = 0; i < times; i++)
        {
            Assert.Equal(HttpStatusCode.Redirect, (await client.GetAsync($"/{link.ShortCode}", Cancelled)).StatusCode);
        }

        if (untilStored)
        {
            await app.StoredAsync();
        }
    }

    // By the rows and by the counters.
    private static async Task<long> StoredAsync(SpooApp app)
    {
        await using var database = app.OpenDatabase();
        var (rows, counted) = (await database.Clicks.LongCountAsync(Cancelled), await database.Links.SumAsync(link => link.TotalClicks, Cancelled));
        Assert.Equal(counted, rows);
        return rows;
    }

    // What a running server has locked is copied as well.
    private static void Copy(string from, string to)
    {
        Directory.CreateDirectory(Path.Combine(from, "index"));
        using var copying = Process.Start("cp", ["-r", Path.Combine(from, "journal"), Path.Combine(from, "keys"), Path.Combine(from, "index"), to]);
        copying.WaitForExit();
        Assert.Equal(0, copying.ExitCode);
    }

    private async Task SqlAsync(string sql)
    {
        await using var connection = new SqliteConnection($"Data Source={Database};Pooling=False");
        await connection.OpenAsync(Cancelled);
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        await command.ExecuteNonQueryAsync(Cancelled);
    }
}

using Microsoft.Data.SqlClient;
using Microsoft.EntityFrameworkCore;
using Spoo.Data.Clicks;
using Spoo.Data.Stats;
using Spoo.Tests.Support;

namespace Spoo.Tests;

/// <summary>What only a server can prove. They run where SPOO_SQLSERVER holds the connection string of one, on a database of their own.</summary>
public sealed class SqlServerTests : IAsyncLifetime
{
    private readonly string? _server = Environment.GetEnvironmentVariable("SPOO_SQLSERVER");
    private SpooApp? _app;

    private SpooApp App => _app!;

    public ValueTask InitializeAsync()
    {
        Assert.SkipWhen(string.IsNullOrEmpty(_server), "SPOO_SQLSERVER holds no connection string.");
        var database = new SqlConnectionStringBuilder(_server) { InitialCatalog = $"SpooTest{Guid.NewGuid():N}" };
        _app = new SpooApp { Settings = { ["Data:Database"] = "SqlServer", ["Data:ConnectionString"] = database.ToString() } };
        return ValueTask.CompletedTask;
    }

    public async ValueTask DisposeAsync()
    {
        if (_app is not null)
        {
            await using (var database = _app.OpenDatabase())
            {
                await database.Database.EnsureDeletedAsync();
            }

            await _app.DisposeAsync();
        }
    }

    [Fact]
    public async Task Short_codes_differ_when_only_their_case_does()
    {
        await App.AddAsync(Some.Link("abc"));
        await App.AddAsync(Some.Link("ABC"));

        await using var database = App.OpenDatabase();
        Assert.Single(await database.Links.Where(link => link.ShortCode == "abc").ToListAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_batch_that_is_stored_twice_is_there_once_and_counted_once()
    {
        var link = await App.AddAsync(Some.Link());
        var store = App.Get<ClickStore>();
        var writer = await store.NewWriterAsync("test", null, TestContext.Current.CancellationToken);
        var batch = Some.Batch(writer, Enumerable.Range(0, 5000).Select(i => Some.Click(link, Some.Noon.AddSeconds(i), visitor: i % 700)));

        var first = await store.StoreAsync(batch, TestContext.Current.CancellationToken);
        var again = await store.StoreAsync(batch, TestContext.Current.CancellationToken);

        Assert.Equal(5000, first.Stored);
        Assert.Equal(0, again.Stored);
        await using var database = App.OpenDatabase();
        Assert.Equal(5000, (await database.Links.SingleAsync(row => row.Id == link.Id, TestContext.Current.CancellationToken)).TotalClicks);
        Assert.Equal(5000, await database.Clicks.CountAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Counts_are_those_of_the_rows()
    {
        var random = new Random(11);
        var clicks = new Stats.RandomClicks(random);
        var owner = await App.AddUserAsync();
        var link = await App.AddAsync(Some.Link(owner: owner));
        var facts = Enumerable.Range(0, 3000).Select(_ => clicks.Next(link)).ToList();
        await App.AddAsync(facts.Take(1000));
        for (var i = 0; i < 20; i++)
        {
            var question = clicks.Question([link], owner.Id);

            var counted = await App.Get<LiveClicks>().CountAsync(question, TestContext.Current.CancellationToken);

            Assert.Equal(Stats.PlainCount.Of(question, facts.Take(i < 10 ? 1000 : 3000), counted.AsOf).Total, counted.Total);
            if (i == 9)
            {
                await App.AddAsync(facts.Skip(1000));
            }
        }
    }
}

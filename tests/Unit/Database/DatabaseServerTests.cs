using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json;
using Microsoft.Data.SqlClient;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using Npgsql;
using Spoo.Data;
using Spoo.Data.Accounts;
using Spoo.Data.Care;
using Spoo.Data.Clicks.Facts;
using Spoo.Data.Clicks.News;
using Spoo.Data.Clicks.Reading;
using Spoo.Data.Clicks.Storing;
using Spoo.Data.Database;
using Spoo.Data.Links;
using Spoo.Data.Links.Codes;
using Spoo.Data.Links.Destinations;
using Spoo.Data.Stats.Live;
using Spoo.Data.Stats.Question;
using Spoo.Data.Transfer;
using Spoo.Data.Transfer.ClickFiles;
using Spoo.Data.Transfer.ClickFiles.Formats;
using Spoo.Data.Transfer.LinkFiles;
using Spoo.Tests.Stats.Live;
using Spoo.Tests.Support;

namespace Spoo.Tests.Database;

/// <summary>
/// What the product promises and only a real server can prove, on a database of its own for each test. SQLite has these promises tested
/// all over the suite.
/// </summary>
public abstract class DatabaseServerTests : IAsyncLifetime
{
    private readonly List<SpooApp> _nodes = [];
    private readonly VisitorKey _visitors = VisitorKey.New();

    /// <summary>What the nodes are worried by.</summary>
    private protected KeptLog Log { get; } = new();

    protected static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    /// <summary>The first node.</summary>
    protected SpooApp App => _nodes[0];

    /// <summary>Which server, and where this test's database will be on it. Skips the test where there is none.</summary>
    protected abstract (DatabaseKind Kind, string ConnectionString) Database { get; }

    public ValueTask InitializeAsync()
    {
        NewNode();
        return ValueTask.CompletedTask;
    }

    public async ValueTask DisposeAsync()
    {
        if (_nodes.Count == 0)
        {
            return;
        }

        // Some may have been cut off by a test.
        Npgsql.NpgsqlConnection.ClearAllPools();
        await using (var database = App.OpenDatabase())
        {
            await database.Database.EnsureDeletedAsync();
        }

        foreach (var node in _nodes)
        {
            await node.DisposeAsync();
        }

        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task Nodes_that_start_at_the_same_time_make_one_schema_and_one_secret()
    {
        SpooApp[] nodes = [App, NewNode(), NewNode()];

        var visitors = await Task.WhenAll(nodes.Select(node => Task.Run(() => node.Get<VisitorHash>().Of(IPAddress.Loopback, "a browser"))));

        Assert.Single(visitors.Distinct());
        await using var database = App.OpenDatabase();
        Assert.Empty(await database.Database.GetPendingMigrationsAsync(Cancelled));
        Assert.Equal(6, await database.InstallationSecrets.CountAsync(Cancelled));
    }

    [Fact]
    public async Task A_node_that_would_tell_visitors_apart_otherwise_does_not_start()
    {
        await App.AddUserAsync();
        var other = NewNode();
        var (file, key) = (Path.Combine(other.Folder, "keys", "visitors"), VisitorKey.New().ToString());
        await File.WriteAllTextAsync(file, key, Cancelled);

        Assert.ThrowsAny<Exception>(() => other.Get<VisitorHash>());
        Assert.Equal(key, await File.ReadAllTextAsync(file, Cancelled));
        await using var database = App.OpenDatabase();
        Assert.True(_visitors.Has((await database.InstallationSecrets.SingleAsync(secret => secret.Name == InstallationSecret.VisitorKey, Cancelled)).Value));
    }

    [Fact]
    public async Task Short_codes_differ_when_only_their_case_does_and_sort_by_their_bytes()
    {
        foreach (var code in (string[])["b", "B", "a", "A"])
        {
            await App.AddAsync(Some.Link(code));
        }

        await using var database = App.OpenDatabase();
        Assert.Equal("a", (await database.Links.SingleAsync(link => link.ShortCode == "a", Cancelled)).ShortCode);
        Assert.Equal(["A", "B", "a", "b"], await database.Links.OrderBy(link => link.ShortCode).Select(link => link.ShortCode).ToListAsync(Cancelled));
    }

    [Fact]
    public async Task Of_several_who_want_a_code_one_gets_it_and_the_others_are_told()
    {
        var client = await App.WithKeyAsync(await App.AddUserAsync());

        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(
            _ => client.SendAsync(HttpMethod.Post, "/api/v1/shorten", """{"long_url":"https://example.com","alias":"wanted"}""")));

        Assert.Equal(HttpStatusCode.Created, Assert.Single(answers.GroupBy(answer => answer.StatusCode), group => group.Count() == 1).Key);
        Assert.Equal(7, answers.Count(answer => answer.StatusCode == HttpStatusCode.Conflict));
    }

    [Fact]
    public async Task An_account_its_keys_and_its_links_do_what_they_do_elsewhere()
    {
        var user = await App.AddUserAsync("Somebody@example.com");
        var client = await App.WithKeyAsync(user);
        var made = await client.SendAsync(
            HttpMethod.Post, "/api/v1/shorten", """{"long_url":"https://example.com/Ünder","alias":"mine","max_clicks":3}""").JsonAsync(201);
        var id = made.GetProperty("id").GetString()!;
        await client.SendAsync(HttpMethod.Patch, $"/api/v1/urls/{id}", """{"long_url":"https://example.com/later"}""").JsonAsync();
        await App.AddAsync(Some.Link("never", user, Some.Noon));
        await App.AddAsync(Some.Click(await App.Get<LinkService>().FindByNameAsync("mine", Cancelled) ?? throw new InvalidOperationException()));

        var byClick = await client.JsonAsync("/api/v1/urls?sortBy=last_click&sortOrder=descending");
        var found = await client.JsonAsync("""/api/v1/urls?filter={"search":"LATER"}""");

        Assert.Equal(["mine", "never"], Aliases(byClick));
        Assert.Equal(["mine"], Aliases(found));
        await using (var database = App.OpenDatabase())
        {
            Assert.Equal("SOMEBODY@EXAMPLE.COM", (await database.Users.SingleAsync(Cancelled)).NormalizedEmail);
            Assert.Equal("https://example.com/Ünder", (await database.LinkChanges.SingleAsync(Cancelled)).Before);
        }

        Assert.Equal(HttpStatusCode.OK, (await client.SendAsync(HttpMethod.Delete, $"/api/v1/urls/{id}", null)).StatusCode);
        Assert.Equal(["never"], Aliases(await client.JsonAsync("/api/v1/urls")));

        static List<string> Aliases(System.Text.Json.JsonElement body) =>
            [.. body.GetProperty("items").EnumerateArray().Select(link => link.GetProperty("alias").GetString()!)];
    }

    [Fact]
    public async Task Clicks_of_visitors_become_rows_and_columns_that_agree_with_counting_by_hand()
    {
        var clock = new FakeTimeProvider(Some.Noon);
        var node = NewNode(clock);
        var owner = await node.AddUserAsync();
        List<Link> links = [await node.AddAsync(Some.Link(owner: owner)), await node.AddAsync(Some.Link(owner: owner))];
        var random = new Random(5);
        for (var i = 0; i < 300; i++)
        {
            clock.Advance(TimeSpan.FromMinutes(random.Next(100)));
            await ClickAsync(node, links[random.Next(2)], random);
        }

        await node.StoredAsync();

        var facts = await LiveClicksTests.FactsAsync(node);
        Assert.Equal(300, facts.Count);
        var asked = new RandomClicks(random);
        for (var i = 0; i < 12; i++)
        {
            var (query, selection) = asked.Question(links, owner.Id);

            var counted = await node.Get<LiveClicks>().ReportAsync(query, selection);

            Assert.Equal(LiveClicksTests.Text(PlainCount.Of(query, selection, facts, counted.AsOf)), LiveClicksTests.Text(counted));
        }

        var report = await (await node.WithKeyAsync(owner)).JsonAsync("/api/v1/stats?group_by=browser,country");
        Assert.Equal(300, report.GetProperty("summary").GetProperty("total_clicks").GetInt32());
        Assert.Empty((await node.Get<ClickAudit>().RunAsync(Cancelled)).Differences);
    }

    [Fact]
    public async Task Columns_follow_the_rows_through_random_clicks_and_questions()
    {
        var random = new Random(11);
        var clicks = new RandomClicks(random);
        var owner = await App.AddUserAsync();
        var link = await App.AddAsync(Some.Link(owner: owner));
        var facts = Enumerable.Range(0, 3000).Select(_ => clicks.Next(link)).ToList();
        await App.AddAsync(facts.Take(1000));
        for (var i = 0; i < 20; i++)
        {
            var (query, selection) = clicks.Question([link], owner.Id);

            var counted = await App.Get<LiveClicks>().ReportAsync(query, selection);

            Assert.Equal(
                LiveClicksTests.Text(PlainCount.Of(query, selection, facts.Take(i < 10 ? 1000 : 3000).ToList(), counted.AsOf)), LiveClicksTests.Text(counted));
            if (i == 9)
            {
                await App.AddAsync(facts.Skip(1000));
            }
        }
    }

    [Fact]
    public async Task A_batch_that_is_stored_twice_is_there_once_and_counted_once()
    {
        var link = await App.AddAsync(Some.Link());
        var store = App.Get<ClickStore>();
        var writer = await store.NewWriterAsync("test", null, Cancelled);
        ClickBatch Batch(int count)
        {
            var batch = Some.Batch(writer, Enumerable.Range(0, count).Select(i => Some.Click(link, Some.Noon.AddSeconds(i), visitor: i % 700)));
            batch.AddBlocked(new ClickId(writer, 4000), link.Id);
            return batch;
        }

        var first = await store.StoreAsync(Batch(5000), Cancelled);
        var again = await store.StoreAsync(Batch(5000), Cancelled);
        var more = await store.StoreAsync(Batch(5100), Cancelled);

        Assert.Equal((new StoredBatch(5000, 0, 0), new StoredBatch(0, 5000, 0), new StoredBatch(100, 5000, 0)), (first, again, more));
        await using var database = App.OpenDatabase();
        var stored = await database.Links.SingleAsync(Cancelled);
        Assert.Equal((5100, 1, Some.Noon.AddSeconds(5099)), (stored.TotalClicks, stored.BlockedHits, stored.LastClick));
        Assert.Equal(5100, await database.Clicks.CountAsync(Cancelled));
    }

    [Fact]
    public async Task Nodes_that_store_clicks_of_the_same_links_and_browsers_at_once_neither_lose_nor_double_any()
    {
        SpooApp[] nodes = [App, NewNode(), NewNode()];
        var owner = await App.AddUserAsync();
        var links = new List<Link>();
        for (var i = 0; i < 30; i++)
        {
            links.Add(await App.AddAsync(Some.Link(owner: owner)));
        }

        // All put in the same browsers and places at the same moment, every other one in the opposite order.
        const int Rounds = 15, Clicks = 600;
        var writers = new List<int>();
        foreach (var node in nodes)
        {
            writers.Add(await node.Get<ClickStore>().NewWriterAsync("a node", null, Cancelled));
        }

        for (var round = 0; round < Rounds; round++)
        {
            var clicks = Enumerable.Range(0, Clicks).Select(i => Some.Click(links[i % links.Count], Some.Noon.AddSeconds(i), visitor: i) with
            {
                Browser = $"browser {round} {i}",
                City = $"city {round} {i}",
                UtmSource = $"source {round} {i}",
            }).ToList();
            await Task.WhenAll(nodes.Select((node, number) => Task.Run(() =>
            {
                var earlier = Enumerable.Repeat(Some.Click(links[0]), round * Clicks);
                var all = Some.Batch(writers[number], earlier.Concat(number % 2 == 0 ? clicks : clicks.AsEnumerable().Reverse()));
                var batch = new ClickBatch();
                foreach (var click in all.Clicks.Skip(round * Clicks))
                {
                    batch.Add(click, all.Agents[click.AgentId], all.Places[click.PlaceId], all.Sources[click.SourceId]);
                }

                return node.Get<ClickStore>().StoreAsync(batch, Cancelled);
            })));
        }

        const int Total = 3 * Rounds * Clicks;
        foreach (var node in nodes)
        {
            Assert.Equal(Total, await CountAsync(node, owner, links));
        }

        await using var database = App.OpenDatabase();
        Assert.Equal(Total, await database.Links.SumAsync(link => link.TotalClicks, Cancelled));
        Assert.Equal(Total, await database.Clicks.LongCountAsync(Cancelled));
        Assert.Empty((await App.Get<ClickAudit>().RunAsync(Cancelled)).Differences);
    }

    [Fact]
    public async Task What_visitors_click_on_one_node_is_in_the_next_answer_of_another()
    {
        var other = NewNode();
        var owner = await App.AddUserAsync();
        var link = await App.AddAsync(Some.Link(owner: owner));
        var random = new Random(3);
        for (var round = 1; round <= 3; round++)
        {
            await ClickAsync(App, link, random);
            await ClickAsync(other, link, random);
            await App.StoredAsync();
            await other.StoredAsync();

            Assert.Equal(2 * round, await CountAsync(App, owner, [link]));
            Assert.Equal(2 * round, await CountAsync(other, owner, [link]));
        }

        await using var database = App.OpenDatabase();
        Assert.Equal(2, (await database.Clicks.Select(click => click.Id).ToListAsync(Cancelled)).Select(id => ClickId.Unpack(id).Writer).Distinct().Count());
    }

    [Fact]
    public async Task Who_looks_on_one_node_hears_of_clicks_that_another_stored()
    {
        var other = NewNode();
        var owner = await App.AddUserAsync();
        var link = await App.AddAsync(Some.Link(owner: owner));
        await ClickAsync(App, link, new Random(4));
        await App.StoredAsync();
        var heard = 0;
        var news = App.Get<ClickSubscriptions>();
        using var ofLink = news.ListenToLink(link.Id, () => Interlocked.Or(ref heard, 1));
        using var ofOwner = news.ListenToOwner(owner.Id, () => Interlocked.Or(ref heard, 2));
        var before = news.VersionOf(link.Id);

        await ClickAsync(other, link, new Random(5));
        await other.StoredAsync();

        await Eventually.TrueAsync(() => Volatile.Read(ref heard) == 3);
        Assert.NotEqual(before, news.VersionOf(link.Id));
    }

    [Fact]
    public async Task Clicks_are_kept_as_long_as_their_owner_says_and_every_number_follows()
    {
        var owner = await App.AddUserAsync();
        var link = await App.AddAsync(Some.Link(owner: owner, createdAt: DateTimeOffset.UtcNow.AddDays(-100)));
        await App.AddAsync(Enumerable.Range(1, 90).Select(day => Some.Click(link, DateTimeOffset.UtcNow.AddDays(-day), visitor: day)));
        Assert.Equal(90, await CountAsync(App, owner, [link]));
        await using var database = App.OpenDatabase();
        await database.Users.ExecuteUpdateAsync(set => set.SetProperty(user => user.RetentionDays, 30), Cancelled);

        Assert.Equal(60, await App.Get<ClickRetention>().RunAsync(Cancelled));

        Assert.Equal(30, await CountAsync(App, owner, [link]));
        var kept = await database.Links.AsNoTracking().SingleAsync(Cancelled);
        Assert.Equal((30, 60, 30), (kept.TotalClicks, kept.ForgottenClicks, await database.Clicks.CountAsync(Cancelled)));
        Assert.Empty((await App.Get<ClickAudit>().RunAsync(Cancelled)).Differences);
    }

    [Fact]
    public async Task A_deleted_account_takes_everything_with_it_and_nobody_elses()
    {
        var (owner, other) = (await App.AddUserAsync(), await App.AddUserAsync());
        var (mine, theirs) = (await App.AddAsync(Some.Link(owner: owner)), await App.AddAsync(Some.Link(owner: other)));
        await App.AddAsync(Some.Click(mine), Some.Click(mine, visitor: 2), Some.Click(theirs));
        var key = await App.WithKeyAsync(owner);
        await key.JsonAsync("/api/v1/stats");

        var receipt = Assert.IsType<RemovalOutcome.Done>(await App.Get<AccountRemoval>().RemoveAsync(owner.Id, Cancelled)).Receipt;

        Assert.Equal((1, 2L, 1), (receipt!.Links, receipt.Clicks, receipt.Keys));
        await using var database = App.OpenDatabase();
        Assert.Equal([other.Id], await database.Users.Select(user => user.Id).ToListAsync(Cancelled));
        Assert.Equal([theirs.Id], await database.Links.Select(link => link.Id).ToListAsync(Cancelled));
        Assert.Equal([theirs.Id], await database.Clicks.Select(click => click.LinkId).ToListAsync(Cancelled));
        await key.ProblemAsync("/api/v1/stats", 401, "authentication_error");
    }

    [Fact]
    public async Task Imported_clicks_and_links_are_there_once_and_exported_as_they_came()
    {
        var owner = await App.AddUserAsync();
        var lines = string.Join('\n', Enumerable.Range(0, 2000).Select(i => $$"""{"time":{{1_700_000_000 + i}},"short_code":"code{{i % 7}}","id":"{{i}}","country":"DE"}"""));

        var first = await ImportAsync(owner, lines);
        var again = await ImportAsync(owner, lines);
        var importer = App.Get<LinkImport>();
        var plan = await importer.ReadAsync(
            new MemoryStream("alias,long_url\ncode1,https://example.com/1\nfresh,https://example.com/2"u8.ToArray()), owner.Id, null, Cancelled);
        await importer.StoreAsync(plan, owner.Id, null, Cancelled);

        Assert.Equal((2000, 7, 0, 2000), (first.Stored, first.LinksCreated, again.Stored, again.AlreadyThere));
        Assert.Equal((1, 1), (plan.New.Count, plan.AlreadyThere));
        await using var database = App.OpenDatabase();
        Assert.Equal(2000, await database.Clicks.CountAsync(Cancelled));
        Assert.Equal(2000, await database.Links.SumAsync(link => link.TotalClicks, Cancelled));
        var export = await (await App.WithKeyAsync(owner)).GetStringAsync("/api/v1/export/clicks?format=ndjson", Cancelled);
        Assert.Equal(2000, export.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length);
    }

    [Fact]
    public async Task Clicks_that_are_being_stored_while_their_link_is_deleted_are_not_left_behind()
    {
        var owner = await App.AddUserAsync();
        var (link, other) = (await App.AddAsync(Some.Link(owner: owner)), await App.AddAsync(Some.Link(owner: owner)));
        var store = App.Get<ClickStore>();
        var writer = await store.NewWriterAsync("late", null, Cancelled);

        await using var deleting = App.OpenDatabase();
        await using var transaction = await deleting.Database.BeginTransactionAsync(Cancelled);
        await deleting.Links.Where(row => row.Id == link.Id).ExecuteDeleteAsync(Cancelled);
        await deleting.Clicks.Where(click => click.LinkId == link.Id).ExecuteDeleteAsync(Cancelled);
        var storing = store.StoreAsync(Some.Batch(writer, [Some.Click(link), Some.Click(other)]), Cancelled);
        await Task.WhenAny(storing, Task.Delay(500, Cancelled));
        await transaction.CommitAsync(Cancelled);

        Assert.Equal(new StoredBatch(1, 0, 1), await storing);
        await using var database = App.OpenDatabase();
        Assert.Equal([other.Id], await database.Clicks.Select(click => click.LinkId).ToListAsync(Cancelled));
    }

    /// <summary>As by an update of the program; SQL Server changes no column that a key or an index has.</summary>
    [Fact]
    public async Task A_database_that_an_earlier_version_has_filled_is_brought_up_to_date_with_all_that_is_in_it()
    {
        await using (var database = OpenUnprepared())
        {
            await database.GetService<IMigrator>().MigrateAsync(EarlierModel.IdIn(database), Cancelled);
        }

        await using (var database = OpenUnprepared(options => options.ReplaceService<IModelCustomizer, EarlierModel>()))
        {
            var user = Some.User("somebody@example.com");
            (user.NormalizedUserName, user.NormalizedEmail) = ("SOMEBODY@EXAMPLE.COM", "SOMEBODY@EXAMPLE.COM");
            database.Users.Add(user);
            database.ApiKeys.Add(new ApiKey { Id = "a", OwnerId = user.Id, Name = "key", Scopes = [ApiKeyScope.AdminAll], TokenHash = "hash", TokenPrefix = "prefix", CreatedAt = Some.Noon });
            database.UserTokens.Add(new() { UserId = user.Id, LoginProvider = "one", Name = "two", Value = "three" });
            var links = Enumerable.Range(0, 50).Select(i => Some.Link($"code{i}", user)).ToList();
            links.ForEach(link => link.Tags.Add(new LinkTag { OwnerId = user.Id, Name = "m2" }));
            database.Links.AddRange(links);
            await database.SaveChangesAsync(Cancelled);
            database.LinkChanges.Add(new LinkChange { LinkId = links[0].Id, At = Some.Noon, Field = LinkField.Destination, Before = "a", After = "b" });
            database.ClickWriters.Add(new ClickWriterNode { Name = "an import", OwnerId = user.Id, CreatedAt = Some.Noon });
            await database.SaveChangesAsync(Cancelled);
        }

        await App.AddAsync(Some.Click(await App.Get<LinkService>().FindByNameAsync("code7", Cancelled) ?? throw new InvalidOperationException()));

        await using var after = App.OpenDatabase();
        Assert.Empty(await after.Database.GetPendingMigrationsAsync(Cancelled));
        var owner = await after.Users.SingleAsync(user => user.NormalizedEmail == "SOMEBODY@EXAMPLE.COM", Cancelled);
        Assert.Equal((50, 50), (await after.Links.CountAsync(link => link.OwnerId == owner.Id, Cancelled), await after.LinkTags.CountAsync(tag => tag.Name == "m2", Cancelled)));
        Assert.Equal(owner.Id, (await after.ClickWriters.SingleAsync(writer => writer.Name == "an import", Cancelled)).OwnerId);
        after.LinkTags.Add(new LinkTag { LinkId = (await after.Links.FirstAsync(Cancelled)).Id, OwnerId = owner.Id, Name = "m²" });
        await after.SaveChangesAsync(Cancelled);

        // Keys are unique again, and what refers to an account goes with it.
        after.Links.Add(Some.Link("code7"));
        await Assert.ThrowsAsync<DbUpdateException>(() => after.SaveChangesAsync(Cancelled));
        Assert.True(await App.Get<Administrators>().HasAsync(owner.Id, Cancelled));
        await App.Get<Administrators>().MakeAsync((await App.AddUserAsync()).Id, null, Cancelled);
        await App.Get<AccountRemoval>().RemoveAsync(owner.Id, Cancelled);
        after.ChangeTracker.Clear();
        Assert.Equal((0, 0, 0), (await after.Links.CountAsync(Cancelled), await after.LinkTags.CountAsync(Cancelled), await after.UserTokens.CountAsync(Cancelled)));
    }

    /// <summary>Two nodes store clicks of links that go meanwhile: neither may wait for the other for ever, and nothing may stay behind.</summary>
    [Fact]
    public async Task Links_that_are_deleted_while_nodes_store_their_clicks_leave_none_behind()
    {
        const int Links = 40, Rounds = 30, Clicks = 80;
        SpooApp[] nodes = [App, NewNode()];
        var owner = await App.AddUserAsync();
        var links = new List<Link>();
        for (var i = 0; i < Links; i++)
        {
            links.Add(await App.AddAsync(Some.Link(owner: owner)));
        }

        var (kept, random) = (links[^1], new Random(17));
        var storing = nodes.Select(async node =>
        {
            var store = node.Get<ClickStore>();
            var stored = 0L;
            for (var round = 0; round < Rounds; round++)
            {
                var writer = await store.NewWriterAsync("a node", null, Cancelled);
                var clicks = links.ToArray();
                lock (random)
                {
                    random.Shuffle(clicks);
                }

                var batch = Some.Batch(writer, Enumerable.Range(0, Clicks).Select(i => Some.Click(clicks[i % Links], visitor: i)));
                batch.AddBlocked(new ClickId(writer, Clicks + 1), clicks[0].Id);
                stored += (await store.StoreAsync(batch, Cancelled)).Stored;
            }

            return stored;
        }).ToList();
        var deleting = nodes.Select(async (node, number) =>
        {
            var service = node.Get<LinkService>();
            foreach (var some in links.SkipLast(1).Where((_, i) => i % 2 == number).Chunk(5))
            {
                await Task.Delay(10, Cancelled);
                Assert.Equal(some.Length, (await service.DeleteManyAsync([.. some.Select(link => link.PublicId)], Viewer.User(owner.Id), Cancelled)).Changed);
            }
        }).ToList();
        await Task.WhenAll(deleting);
        var total = (await Task.WhenAll(storing)).Sum();

        Assert.True(total > 2 * Rounds * Clicks / Links);
        await using var database = App.OpenDatabase();
        Assert.Equal([kept.Id], await database.Clicks.Select(click => click.LinkId).Distinct().ToListAsync(Cancelled));
        Assert.Equal(2 * Rounds * Clicks / Links, (await database.Links.SingleAsync(Cancelled)).TotalClicks);
        var audit = await App.Get<ClickAudit>().RunAsync(Cancelled);
        Assert.True(audit.IsGood, $"{audit.ClicksWithoutLink} {string.Join("; ", audit.Differences)}");
    }

    [Fact]
    public async Task Two_that_wait_for_each_other_both_come_to_their_end()
    {
        var (one, other) = (await App.AddAsync(Some.Link()), await App.AddAsync(Some.Link()));
        var bothHaveOne = new Barrier(2);
        var attempts = 0;

        Task CountAsync(params Link[] order) => Task.Run(async () =>
        {
            var first = true;
            await using var database = App.OpenDatabase();
            await database.InTransactionAsync(
                async _ =>
                {
                    Interlocked.Increment(ref attempts);
                    await AddAsync(order[0]);
                    if (first)
                    {
                        first = false;
                        bothHaveOne.SignalAndWait(TimeSpan.FromSeconds(20));
                    }

                    await AddAsync(order[1]);
                    return 0;
                },
                Cancelled);

            Task<int> AddAsync(Link link) => database.Links.Where(row => row.Id == link.Id)
                .ExecuteUpdateAsync(set => set.SetProperty(row => row.BlockedHits, row => row.BlockedHits + 1), Cancelled);
        });

        await Task.WhenAll(CountAsync(one, other), CountAsync(other, one));

        Assert.True(attempts > 2, $"{attempts} attempts");
        await using var database = App.OpenDatabase();
        Assert.Equal([2L, 2L], await database.Links.Select(link => link.BlockedHits).ToListAsync(Cancelled));
    }

    /// <summary>To a language they are equal, or differ only in case, width or accent.</summary>
    [Fact]
    public async Task Texts_that_a_language_takes_for_one_are_two()
    {
        string[] texts = ["m2", "m²", "straße", "strasse", "café", "cafe\u0301", "ａ", "a", "œ", "oe"];
        var owner = await App.AddUserAsync();
        var client = await App.WithKeyAsync(owner);

        var body = JsonSerializer.Serialize(new { long_url = "https://example.com/Ünder", alias = "tagged", tags = texts });
        var made = await client.SendAsync(HttpMethod.Post, "/api/v1/shorten", body).JsonAsync(201);

        Assert.Equal(texts.Order(StringComparer.Ordinal), made.GetProperty("tags").EnumerateArray().Select(tag => tag.GetString()!).Order(StringComparer.Ordinal));
        var list = App.Get<LinkList>();
        foreach (var text in texts)
        {
            Assert.Equal(1, (await list.SelectAsync(new LinkSelection { OwnerId = owner.Id, Tag = text }, Cancelled)).Total);
        }

        Assert.Equal(0, (await list.SelectAsync(new LinkSelection { OwnerId = owner.Id, Tag = "M2" }, Cancelled)).Total);
        Assert.Equal(1, (await list.SelectAsync(new LinkSelection { OwnerId = owner.Id, Search = "COM/Ünder" }, Cancelled)).Total);
        Assert.Equal(1, (await list.SelectAsync(new LinkSelection { OwnerId = owner.Id, Search = "com/ünder" }, Cancelled)).Total);
        Assert.Equal(0, (await list.SelectAsync(new LinkSelection { OwnerId = owner.Id, Search = "com/under" }, Cancelled)).Total);

        // A code that would be another one in eight bits.
        Assert.NotNull(await App.Get<LinkService>().FindByNameAsync("tagged", Cancelled));
        Assert.Null(await App.Get<LinkService>().FindByNameAsync("ｔagged", Cancelled));
        Assert.Null(await App.Get<LinkService>().FindByNameAsync("tagged ", Cancelled));
    }

    [Fact]
    public async Task A_filter_finds_the_same_in_every_list()
    {
        var owner = await App.AddUserAsync();
        var link = await App.AddAsync(Some.Link(owner: owner));
        await App.AddAsync(Some.Click(link) with { UtmSource = "s1" }, Some.Click(link, visitor: 2) with { UtmSource = "S1" });
        var client = await App.WithKeyAsync(owner);

        var counted = await client.JsonAsync("/api/v1/stats?utm_source=S1");
        var listed = await App.Get<ClickHistory>().LatestAsync(
            new LatestClicksQuestion { OwnerId = owner.Id, Include = new ClickTraits { UtmSources = ["S1"] }, Take = 10 }, Cancelled);

        Assert.Equal(1, counted.GetProperty("summary").GetProperty("total_clicks").GetInt32());
        Assert.Equal("S1", Assert.Single(listed).UtmSource);
    }

    [Fact]
    public async Task Links_of_a_file_with_many_tags_come_with_all_of_them()
    {
        var owner = await App.AddUserAsync();
        var lines = string.Join('\n', Enumerable.Range(0, 900).Select(i => $"many{i},https://example.com/{i},\"one,two,three\""));
        var importer = App.Get<LinkImport>();

        var plan = await importer.ReadAsync(new MemoryStream(Encoding.UTF8.GetBytes("alias,long_url,tags\n" + lines)), owner.Id, null, Cancelled);
        Assert.Equal(900, (await importer.StoreAsync(plan, owner.Id, null, Cancelled)).Links);

        Assert.Equal(["one", "three", "two"], (await App.Get<LinkList>().TagsAsync(owner.Id, Cancelled)).Where(tag => tag.Links == 900).Select(tag => tag.Name));
    }

    [Fact]
    public async Task Many_clicks_are_deleted_and_counted_in_pieces()
    {
        var owner = await App.AddUserAsync();
        List<Link> links = [await App.AddAsync(Some.Link(owner: owner)), await App.AddAsync(Some.Link(owner: owner)), await App.AddAsync(Some.Link(owner: owner))];
        await App.AddAsync(Enumerable.Range(0, 24_000).Select(i => Some.Click(links[i % 3], Some.Noon.AddSeconds(i), visitor: i % 500)));

        Assert.True((await App.Get<ClickAudit>().RunAsync(Cancelled)).IsGood);
        await App.Get<LinkService>().DeleteAsync(links[0].PublicId, Viewer.User(owner.Id), Cancelled);
        Assert.Equal(16_000, await CountAsync(App, owner, [.. links.Skip(1)]));
        await App.Get<ClickHistory>().ClearAsync(owner.Id, null, Cancelled);

        Assert.Equal(0, await CountAsync(App, owner, [.. links.Skip(1)]));
        await using var database = App.OpenDatabase();
        Assert.Equal((0, 0, 2), (await database.Clicks.CountAsync(Cancelled), await database.DeletedLinks.CountAsync(Cancelled), await database.Links.CountAsync(link => link.TotalClicks == 0 && link.LastClick == null, Cancelled)));
        Assert.True((await App.Get<ClickAudit>().RunAsync(Cancelled)).IsGood);
    }

    private SpooDbContext OpenUnprepared(Action<DbContextOptionsBuilder>? more = null)
    {
        var (kind, connection) = Database;
        return kind == DatabaseKind.SqlServer
            ? new SqlServerSpooDbContext(With(new DbContextOptionsBuilder<SqlServerSpooDbContext>().UseSqlServer(connection)))
            : new PostgreSqlSpooDbContext(With(new DbContextOptionsBuilder<PostgreSqlSpooDbContext>().UseNpgsql(connection)));

        DbContextOptions<T> With<T>(DbContextOptionsBuilder<T> builder)
            where T : DbContext
        {
            more?.Invoke(builder);
            return builder.Options;
        }
    }

    /// <summary>One more node over the same database, with a data folder of its own.</summary>
    protected SpooApp NewNode(TimeProvider? clock = null)
    {
        var (kind, connection) = Database;
        var node = new SpooApp { Clock = clock ?? TimeProvider.System, Settings = { ["Data:Database"] = kind.ToString(), ["Data:ConnectionString"] = connection }, Register = services => services.AddSingleton<ILoggerProvider>(Log) };

        // As it is copied when a node is added.
        Directory.CreateDirectory(Path.Combine(node.Folder, "keys"));
        File.WriteAllText(Path.Combine(node.Folder, "keys", "visitors"), _visitors.ToString());
        _nodes.Add(node);
        return node;
    }

    protected static async Task ClickAsync(SpooApp node, Link link, Random random)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, $"/{link.ShortCode}?utm_source=s{random.Next(3)}");
        request.Headers.Add("User-Agent", $"Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/{100 + random.Next(40)}.0.0.0 Safari/537.36");
        request.Headers.Add("Referer", random.Next(2) == 0 ? "https://news.example.org/" : "https://www.google.com/");
        request.Headers.Add("Accept-Language", random.Next(2) == 0 ? "de" : "en");
        using var client = node.Anonymous();
        Assert.Equal(HttpStatusCode.Redirect, (await client.SendAsync(request, Cancelled)).StatusCode);
    }

    protected static async Task<long> CountAsync(SpooApp node, SpooUser owner, IReadOnlyList<Link> links)
    {
        var everything = new ClickSelection
        {
            OwnerId = owner.Id,
            Links = [.. links.Select(link => new CountedLink(link.Id, link.DomainHost, link.ShortCode, link.OwnerId, link.CreatedAt))],
            Range = new TimeRange(Some.Noon.AddYears(-50), Some.Noon.AddYears(50), TimeZoneInfo.Utc),
        };
        return (await node.Get<LiveClicks>().ReportAsync(new StatsQuery { GroupBy = [] }, everything)).Summary.TotalClicks;
    }

    private Task<ImportReport> ImportAsync(SpooUser owner, string lines) => App.Get<ClickImport>().RunAsync(
        new ClickFileToImport { Name = "clicks", Content = new MemoryStream(Encoding.UTF8.GetBytes(lines)), OwnerId = owner.Id, Format = ClickFileFormat.Ndjson },
        null,
        Cancelled);
}

/// <summary>They run where SPOO_SQLSERVER holds the connection string of a server.</summary>
public sealed class SqlServerTests : DatabaseServerTests
{
    private readonly string _database = string.Create(CultureInfo.InvariantCulture, $"SpooTest{Guid.NewGuid():N}");

    protected override (DatabaseKind Kind, string ConnectionString) Database
    {
        get
        {
            var server = Environment.GetEnvironmentVariable("SPOO_SQLSERVER");
            Assert.SkipWhen(string.IsNullOrEmpty(server), "SPOO_SQLSERVER holds no connection string.");
            return (DatabaseKind.SqlServer, new SqlConnectionStringBuilder(server) { InitialCatalog = _database }.ToString());
        }
    }
}

/// <summary>They run where PostgreSQL is installed, on a server of their own, or where SPOO_POSTGRES holds the connection string of one.</summary>
public sealed class PostgreSqlTests : DatabaseServerTests, IClassFixture<PostgreSqlServer>
{
    private readonly PostgreSqlServer _server;
    private readonly string _database;

    public PostgreSqlTests(PostgreSqlServer server) => (_server, _database) = (server, server.NewDatabase());

    protected override (DatabaseKind Kind, string ConnectionString) Database
    {
        get
        {
            Assert.SkipUnless(_server.WhyNot is null, _server.WhyNot ?? "");
            return (DatabaseKind.PostgreSql, _database);
        }
    }

    [Fact]
    public async Task An_empty_database_under_the_same_name_is_waited_for_and_gets_nothing()
    {
        Assert.SkipUnless(_server.IsOurs, "The databases of SPOO_POSTGRES are not ours to rename.");
        var owner = await App.AddUserAsync();
        var link = await App.AddAsync(Some.Link(owner: owner));
        var client = await App.WithKeyAsync(owner);
        var random = new Random(7);
        await ClickAsync(App, link, random, 50);
        await App.StoredAsync();

        await AdminAsync($"ALTER DATABASE {Name} RENAME TO {Name}_right");
        NpgsqlConnection.ClearAllPools();
        await using (var other = NewNodeElsewhere())
        {
            // It has been made by this version, and is as good as any.
            await other.AddUserAsync();
        }

        await ClickAsync(App, link, random, 150);
        await Eventually.TrueAsync(() => App.Get<ClickWriter>().Health.StoreIsAway is not null);

        await client.ProblemAsync("/api/v1/stats", 503, "storage_error");
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await App.Anonymous().GetAsync("/not-known", Cancelled)).StatusCode);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await App.Anonymous().GetAsync("/health", Cancelled)).StatusCode);
        Assert.False(App.Get<ClickWriter>().Health.IsGood);
        await AdminAsync($"ALTER DATABASE {Name} RENAME TO {Name}_empty");
        await AdminAsync($"ALTER DATABASE {Name}_right RENAME TO {Name}");
        await App.StoredAsync();

        Assert.Equal(200, (await client.JsonAsync("/api/v1/stats")).GetProperty("summary").GetProperty("total_clicks").GetInt32());
        Assert.Empty((await App.Get<ClickAudit>().RunAsync(Cancelled)).Differences);
        await AdminAsync($"DROP DATABASE {Name}_empty");
    }

    [Fact]
    public async Task A_replica_that_had_not_heard_of_the_last_clicks_gets_them_again()
    {
        Assert.SkipUnless(_server.IsOurs, "The databases of SPOO_POSTGRES are not ours to rename.");
        var owner = await App.AddUserAsync();
        var link = await App.AddAsync(Some.Link(owner: owner));
        var client = await App.WithKeyAsync(owner);
        var random = new Random(7);
        await ClickAsync(App, link, random, 50);
        await App.StoredAsync();
        await AdminAsync($"CREATE DATABASE {Name}_replica TEMPLATE {Name}");
        await ClickAsync(App, link, random, 99);
        await App.StoredAsync();
        var told = await client.GetAsync("/api/v1/stats", Cancelled);
        Assert.True(told.IsSuccessStatusCode, string.Join('\n', Log.Worries));
        Assert.Equal(149, (await client.JsonAsync("/api/v1/stats")).GetProperty("summary").GetProperty("total_clicks").GetInt32());

        await AdminAsync($"ALTER DATABASE {Name} RENAME TO {Name}_lost");
        await AdminAsync($"ALTER DATABASE {Name}_replica RENAME TO {Name}");
        await ClickAsync(App, link, random, 20);
        await Eventually.TrueAsync(async () => await TotalAsync() >= 169);

        told = await client.GetAsync("/api/v1/stats", Cancelled);
        Assert.True(told.IsSuccessStatusCode, string.Join('\n', Log.Worries));
        Assert.Equal(169, (await client.JsonAsync("/api/v1/stats")).GetProperty("summary").GetProperty("total_clicks").GetInt32());
        Assert.Empty((await App.Get<ClickAudit>().RunAsync(Cancelled)).Differences);
        Assert.Equal(0, App.Get<ClickWriter>().Health.MissingRecords);
        await AdminAsync($"DROP DATABASE {Name}_lost");
    }

    [Fact]
    public async Task Behind_somebody_who_keeps_a_table_to_themselves_nobody_waits_long_for_an_answer()
    {
        var owner = await App.AddUserAsync();
        await App.AddAsync(Some.Link(owner: owner));
        var client = await App.WithKeyAsync(owner);
        await client.JsonAsync("/api/v1/urls");
        await using var other = App.OpenDatabase();
        await using var keeping = await other.Database.BeginTransactionAsync(Cancelled);
        await other.Database.ExecuteSqlRawAsync("""LOCK TABLE "Links", "Clicks" IN ACCESS EXCLUSIVE MODE""", Cancelled);

        foreach (var path in new[] { "/api/v1/urls", "/api/v1/stats", "/not-known-yet" })
        {
            var asked = Stopwatch.StartNew();
            var answer = await client.GetAsync(path, Cancelled);
            Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
            Assert.Equal("5", answer.Headers.RetryAfter?.ToString());
            Assert.InRange(asked.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(8));
        }
    }

    /// <summary>A visitor must not wait for it, and it must not cost a click.</summary>
    [Fact]
    public async Task Clicks_that_come_while_the_server_is_stopped_are_stored_once_when_it_is_back()
    {
        Assert.SkipUnless(_server.IsOurs, "The server of SPOO_POSTGRES is not ours to stop.");
        var owner = await App.AddUserAsync();
        var link = await App.AddAsync(Some.Link(owner: owner));
        var client = await App.WithKeyAsync(owner);
        var random = new Random(7);
        for (var i = 0; i < 50; i++)
        {
            await ClickAsync(App, link, random);
        }

        _server.Stop();
        try
        {
            for (var i = 0; i < 150; i++)
            {
                await ClickAsync(App, link, random);
            }

            await App.UntilAsync(() => App.Get<ClickWriter>().Health.StoreFailingSince is not null);

            Assert.False(await App.Get<SpooDatabase>().AnswersAsync(Cancelled));
            await client.ProblemAsync("/api/v1/stats", 503, "storage_error");
            var unknown = await App.Anonymous().GetAsync("/not-known-yet", Cancelled);
            Assert.Equal((HttpStatusCode.ServiceUnavailable, "5"), (unknown.StatusCode, unknown.Headers.RetryAfter?.ToString()));
        }
        finally
        {
            _server.Start();
        }

        for (var i = 0; i < 50; i++)
        {
            await ClickAsync(App, link, random);
        }

        await App.StoredAsync();
        Assert.Equal(250, (await client.JsonAsync("/api/v1/stats")).GetProperty("summary").GetProperty("total_clicks").GetInt32());
        Assert.Empty((await App.Get<ClickAudit>().RunAsync(Cancelled)).Differences);
        Assert.True(App.Get<ClickWriter>().Health.IsGood);
    }

    private string Name => new NpgsqlConnectionStringBuilder(_database).Database!;

    private async Task<long> TotalAsync()
    {
        try
        {
            await using var database = App.OpenDatabase();
            return await database.Links.SumAsync(link => link.TotalClicks, Cancelled);
        }
        catch (Exception exception) when (StoreFailure.Is(exception))
        {
            return 0;
        }
    }

    private static async Task ClickAsync(SpooApp node, Link link, Random random, int times)
    {
        for (var i = 0; i < times; i++)
        {
            await ClickAsync(node, link, random);
        }
    }

    // A node that is not one of the test's, for the same address.
    private SpooApp NewNodeElsewhere() => new()
    {
        Settings = { ["Data:Database"] = nameof(DatabaseKind.PostgreSql), ["Data:ConnectionString"] = _database },
    };

    // Clients of a database that is renamed or copied are cut off, and may be back at once.
    private async Task AdminAsync(string sql)
    {
        var server = new NpgsqlConnectionStringBuilder(_database) { Database = "postgres", Pooling = false };
        await using var connection = new NpgsqlConnection(server.ToString());
        await connection.OpenAsync(Cancelled);
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                await using var cut = new NpgsqlCommand(
                    $"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname LIKE '{Name}%' AND pid <> pg_backend_pid()", connection);
                await cut.ExecuteNonQueryAsync(Cancelled);
                await using var command = new NpgsqlCommand(sql, connection);
                await command.ExecuteNonQueryAsync(Cancelled);
                return;
            }
            catch (PostgresException exception) when (exception.SqlState == PostgresErrorCodes.ObjectInUse && attempt < 100)
            {
                await Task.Delay(20, Cancelled);
            }
        }
    }

    /// <summary>PostgreSQL has no text with the character 0 in it, and none with half a character.</summary>
    [Fact]
    public async Task Text_that_cannot_be_stored_is_no_failure_of_the_server()
    {
        (string Address, string? Body)[] requests =
        [
            ("""/api/v1/urls?filter={"search":"\u0000"}""", null),
            ("""/api/v1/urls?filter={"search":"a\ud800b"}""", null),
            ("""/api/v1/urls?filter={"tag":"a\u0000b"}""", null),
            ("/api/v1/stats?short_code=a%00b", null),
            ("/api/v1/stats?referrer=%00", null),
            ("/api/v1/shorten/check-alias?alias=a%00b", null),
            ("/api/v1/shorten", """{"long_url":"https://example.com/\u0000"}"""),
            ("/api/v1/shorten", """{"long_url":"https://example.com/","alias":"a\u0000b"}"""),
            ("/api/v1/shorten", """{"long_url":"https://example.com/","tags":["a\u0000b"]}"""),
            ("/api/v1/shorten", """{"long_url":"https://example.com/","password":"aB1.\u0000bcdef"}"""),
            ("/api/v1/shorten", """{"long_url":"https://example.com/\ud800"}"""),
            ("/api/v1/shorten", """{"long_url":"https://example.com/","tags":["\ud800"]}"""),
        ];
        var client = await App.WithKeyAsync(await App.AddUserAsync());
        foreach (var (address, body) in requests)
        {
            var answer = await client.SendAsync(body is null ? HttpMethod.Get : HttpMethod.Post, address, body);

            Assert.True((int)answer.StatusCode < 500, $"{(int)answer.StatusCode}: {address} {body}");
        }
    }

    [Fact]
    public async Task Text_that_cannot_be_stored_is_no_failure_of_the_server_on_pages_either()
    {
        var user = await App.AddUserAsync("somebody@example.com");
        var visitor = new Visitor(App);
        await visitor.OpenAsync("/account/login");
        await visitor.SendAsync("login", ("Input.Email", "a\0b@example.com"), ("Input.Password", "a\0b"));
        Assert.True(visitor.Status < 500, visitor.Text);

        await visitor.SignInAsync(new("somebody@example.com", "correct horse"));
        foreach (var address in (string[])["/links?q=a%00b", "/links/export.csv?q=a%00b", "/dashboard?short_code=a%00b", "/dashboard?browser=a%00b"])
        {
            await visitor.OpenAsync(address);
            Assert.True(visitor.Status == 200 && !visitor.Text.Contains("database does not answer", StringComparison.Ordinal), $"{address}: {visitor.Status} {visitor.Text}");
        }

        await visitor.OpenAsync("/settings");
        await visitor.SendAsync("profile", ("Input.DisplayName", "a\0b"));
        Assert.True(visitor.Status < 500, visitor.Text);
        var script = await App.ScriptOfAsync(user);
        foreach (var text in (string[])["a\\u0000b", "a\\ud800b"])
        {
            var answer = await script.SendAsync(HttpMethod.Post, "/api/v1/keys", $$"""{"name":"{{text}}","scopes":["stats:read"]}""");
            Assert.True((int)answer.StatusCode < 500, await answer.Content.ReadAsStringAsync(Cancelled));
        }
    }

    [Fact]
    public async Task Clicks_with_text_that_cannot_be_stored_hold_nothing_up()
    {
        var link = await App.AddAsync(Some.Link());
        using var client = App.Anonymous();
        client.DefaultRequestHeaders.TryAddWithoutValidation("User-Agent", "strange \ud800 \u00a0 browser");
        client.DefaultRequestHeaders.TryAddWithoutValidation("Accept-Language", "d\u00ff");
        foreach (var query in (string[])["utm_source=%00", "utm_medium=a%00b", "utm_campaign=%ED%A0%80", "utm_source=%F0%9F%98", "utm_source=" + new string('ä', 400)])
        {
            Assert.Equal(HttpStatusCode.Redirect, (await client.GetAsync($"/{link.ShortCode}?{query}", Cancelled)).StatusCode);
        }

        await App.StoredAsync();

        await using var database = App.OpenDatabase();
        Assert.Equal(5, (await database.Links.SingleAsync(Cancelled)).TotalClicks);
    }
}

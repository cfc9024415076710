using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Time.Testing;
using Spoo.Data;
using Spoo.Data.Accounts;
using Spoo.Data.Clicks.Facts;
using Spoo.Data.Clicks.Reading;
using Spoo.Data.Clicks.Storing;
using Spoo.Data.Database;
using Spoo.Data.Links;
using Spoo.Data.Links.Codes;
using Spoo.Data.Stats;
using Spoo.Data.Stats.Live;
using Spoo.Data.Stats.Question;
using Spoo.Data.Stats.Report;
using Spoo.Tests.Support;

namespace Spoo.Tests.Stats.Live;

[OnEveryDatabase]
public sealed class LiveClicksTests : IAsyncDisposable
{
    private readonly FakeTimeProvider _clock = new(Some.Noon.AddDays(400));
    private readonly SpooApp _app;

    public LiveClicksTests() => _app = new SpooApp { Clock = _clock };

    public async ValueTask DisposeAsync() => await _app.DisposeAsync();

    /// <summary>
    /// Clicks come in batches of any size from several writers, links are deleted in between, and every answer is what counting
    /// every row by hand gives.
    /// </summary>
    [Theory]
    [InlineData(1, 2048)]
    [InlineData(2, 2048)]
    [InlineData(3, 2048)]
    [InlineData(1, 0)]
    public async Task Columns_agree_with_the_rows_after_any_batches(int seed, int memoryMegabytes)
    {
        // Without any memory all clicks are read from a file for each question.
        using var live = new LiveClicks(_app.Get<IDbContextFactory<SpooDbContext>>(), _app.Get<StoreGate>(), _app.Get<ClickIndex>(), new StatsOptions { MemoryMegabytes = memoryMegabytes }, _app.Clock);
        var random = new Random(seed);
        var clicks = new RandomClicks(random);
        var owner = await _app.AddUserAsync();
        var links = new List<Link>();
        for (var i = 0; i < 6; i++)
        {
            links.Add(await _app.AddAsync(Some.Link(owner: random.Next(4) == 0 ? null : owner)));
        }

        for (var round = 0; round < 12; round++)
        {
            await _app.AddAsync(Enumerable.Range(0, random.Next(1, 400)).Select(_ => clicks.Next(links[random.Next(links.Count)])));
            if (round == 7)
            {
                await DeleteAsync(links[0]);
                links.RemoveAt(0);
            }

            for (var i = 0; i < 8; i++)
            {
                var (query, selection) = clicks.Question(links.Where(link => link.OwnerId == owner.Id).ToList(), owner.Id);

                var counted = await live.ReportAsync(query, selection);

                Assert.Equal(Text(PlainCount.Of(query, selection, await FactsAsync(_app), counted.AsOf)), Text(counted));
            }
        }
    }

    [Fact]
    public async Task Questions_of_one_moment_are_answered_as_of_one_and_the_next_moment_has_what_came_since()
    {
        var owner = await _app.AddUserAsync();
        var link = await _app.AddAsync(Some.Link(owner: owner));
        await _app.AddAsync(Some.Click(link, visitor: 1));
        var stats = _app.Get<StatsService>();
        var query = new StatsQuery { Start = Some.Noon.AddDays(-1), Zone = TimeZones.Utc };
        var moment = stats.Now();
        _clock.Advance(TimeSpan.FromMilliseconds(1));
        var first = await AskAsync(moment);
        await _app.AddAsync(Some.Click(link, visitor: 2));
        await _app.AddAsync(Some.Link(owner: owner));
        _clock.Advance(TimeSpan.FromMilliseconds(1));

        var second = await AskAsync(moment);
        var next = await AskAsync(stats.Now());

        Assert.Equal((1, first.AsOf), (second.Summary.TotalClicks, second.AsOf));
        Assert.Equal(2, next.Summary.TotalClicks);
        Assert.True(next.AsOf > first.AsOf, "A later moment is answered as of itself.");

        async Task<StatsReport> AskAsync(StatsMoment asked) =>
            Assert.IsType<StatsOutcome.Found>(await stats.AskAsync(query, Viewer.User(owner.Id), asked, TestContext.Current.CancellationToken)).Report;
    }

    /// <summary>
    /// One writer has most rows and many have one each, others' rows lie between, and a writer goes on while the columns are made, a piece of rows at a time.
    /// What it stores meanwhile is in that answer or in the next.
    /// </summary>
    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(40)]
    public async Task Columns_made_in_pieces_agree_with_the_rows_while_more_are_stored(int atOnce)
    {
        var clicks = new RandomClicks(new Random(atOnce));
        var (owner, other) = (await _app.AddUserAsync(), await _app.AddUserAsync());
        Link[] links = [await _app.AddAsync(Some.Link(owner: owner)), await _app.AddAsync(Some.Link(owner: other)), await _app.AddAsync(Some.Link(owner: owner))];
        var store = _app.Get<ClickStore>();
        var going = await store.NewWriterAsync("node", null, TestContext.Current.CancellationToken);
        var stored = Some.Batch(going, Clicks(80));
        await store.StoreAsync(stored, TestContext.Current.CancellationToken);
        for (var import = 0; import < 5; import++)
        {
            await FinishedWriterAsync(links[import % links.Length]);
        }

        using var live = new LiveClicks(_app.Get<IDbContextFactory<SpooDbContext>>(), _app.Get<StoreGate>(), _app.Get<ClickIndex>(), new StatsOptions(), _app.Clock) { RowsAtOnce = atOnce };
        var selection = new ClickSelection
        {
            OwnerId = owner.Id,
            Links = [.. links.Where(link => link.OwnerId == owner.Id).Select(link => new CountedLink(link.Id, link.DomainHost, link.ShortCode, link.OwnerId, link.CreatedAt))],
            Range = new TimeRange(Some.Noon.AddDays(-50), Some.Noon.AddDays(50), TimeZones.Utc),
        };
        var query = new StatsQuery { GroupBy = [Dimension.Browser, Dimension.City, Dimension.Language, Dimension.Referrer, Dimension.ShortCode], BucketDetails = true };

        var counting = live.ReportAsync(query, selection);
        for (var more = 0; more < 4; more++)
        {
            await _app.AddAsync(Clicks(3));
        }

        var during = (await counting).Summary.TotalClicks;
        var after = await live.ReportAsync(query, selection);
        using var anew = new LiveClicks(_app.Get<IDbContextFactory<SpooDbContext>>(), _app.Get<StoreGate>(), _app.Get<ClickIndex>(), new StatsOptions(), _app.Clock) { RowsAtOnce = atOnce };

        var facts = await FactsAsync(_app);
        var expected = Text(PlainCount.Of(query, selection, facts, after.AsOf));
        var own = facts.Count(click => links[1].Id != click.LinkId);
        Assert.InRange(during, own - 12, own);
        Assert.Equal(expected, Text(after));
        Assert.Equal(expected, Text(await anew.ReportAsync(query, selection)));

        List<ClickFacts> Clicks(int count) => [.. Enumerable.Range(0, count).Select(number => clicks.Next(links[number % links.Length]))];
    }

    [Fact]
    public async Task A_click_is_in_the_very_next_answer()
    {
        var link = await _app.AddAsync(Some.Link());
        for (var expected = 1; expected <= 5; expected++)
        {
            await _app.AddAsync(Some.Click(link, visitor: expected));

            Assert.Equal((expected, expected), (await CountAsync(link)).Summary is var all ? (all.TotalClicks, all.UniqueClicks) : default);
        }
    }

    [Fact]
    public async Task Clicks_that_another_process_stored_are_seen()
    {
        var link = await _app.AddAsync(Some.Link());
        await _app.AddAsync(Some.Click(link));
        await CountAsync(link);

        // What a command such as an import is: the same data folder, without the server.
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Configuration.AddInMemoryCollection(_app.SameData);
        builder.AddSpooData();
        using var other = builder.Build();
        var store = other.Services.GetRequiredService<ClickStore>();
        var writer = await store.NewWriterAsync("command", null, TestContext.Current.CancellationToken);
        await store.StoreAsync(Some.Batch(writer, [Some.Click(link, visitor: 2)]), TestContext.Current.CancellationToken);

        Assert.Equal(2, (await CountAsync(link)).Summary.TotalClicks);
    }

    [Fact]
    public async Task A_writer_that_has_finished_is_still_read_to_its_end()
    {
        var link = await _app.AddAsync(Some.Link());
        await CountAsync(link);
        var store = _app.Get<ClickStore>();
        var writer = await store.NewWriterAsync("import", null, TestContext.Current.CancellationToken);
        await store.StoreAsync(Some.Batch(writer, [Some.Click(link)]), TestContext.Current.CancellationToken);
        await store.FinishWriterAsync(writer, TestContext.Current.CancellationToken);

        Assert.Equal(1, (await CountAsync(link)).Summary.TotalClicks);
        Assert.Equal(1, (await CountAsync(link)).Summary.TotalClicks);
    }

    [Fact]
    public async Task A_question_looks_only_at_open_writers_however_many_imports_there_were()
    {
        var owner = await _app.AddUserAsync();
        await _app.AddAsync(Some.Click(await _app.AddAsync(Some.Link())));
        await using var context = _app.OpenDatabase();
        context.ClickWriters.AddRange(Enumerable.Range(0, 5_000).Select(_ => new ClickWriterNode
        {
            Name = "import",
            OwnerId = owner.Id,
            CreatedAt = Some.Noon,
            FinishedAt = Some.Noon,
        }));
        await context.SaveChangesAsync(TestContext.Current.CancellationToken);
        var before = await FollowedWriters.NowAsync(context, null, TestContext.Current.CancellationToken);

        var same = await FollowedWriters.NowAsync(context, before, TestContext.Current.CancellationToken);
        var writer = await FinishedWriterAsync();
        var oneMore = await FollowedWriters.NowAsync(context, before, TestContext.Current.CancellationToken);

        Assert.Same(before.Finished, same.Finished);
        Assert.Equal((5_000, before.Open.Count), (before.Finished.Count, same.Open.Count));
        Assert.Empty(same.Since(before));
        Assert.Equal(5_001, oneMore.Finished.Count);
        Assert.Equal((ClickId.FirstOf(writer), new ClickId(writer, 1).Packed), Assert.Single(oneMore.Since(before)));
    }

    [Fact]
    public async Task A_writer_that_was_taken_for_dead_and_writes_again_is_followed_again()
    {
        var link = await _app.AddAsync(Some.Link());
        var writer = await FinishedWriterAsync(link);
        Assert.Equal(1, (await CountAsync(link)).Summary.TotalClicks);

        await _app.Get<ClickStore>().StoreAsync(
            Some.Batch(writer, [Some.Click(link), Some.Click(link, visitor: 2)]), TestContext.Current.CancellationToken);
        await FinishedWriterAsync();

        Assert.Equal(2, (await CountAsync(link)).Summary.TotalClicks);
        await using var context = _app.OpenDatabase();
        Assert.Null((await context.ClickWriters.SingleAsync(row => row.Id == writer, TestContext.Current.CancellationToken)).FinishedAt);
    }

    [Fact]
    public async Task An_import_that_was_killed_is_finished_a_day_later_and_a_node_never()
    {
        var owner = await _app.AddUserAsync();
        var store = _app.Get<ClickStore>();
        await store.NewWriterAsync("killed", owner.Id, TestContext.Current.CancellationToken);
        await store.NewWriterAsync("node", null, TestContext.Current.CancellationToken);
        _clock.Advance(TimeSpan.FromDays(2));
        await store.NewWriterAsync("running", owner.Id, TestContext.Current.CancellationToken);

        await store.FinishAbandonedAsync(TestContext.Current.CancellationToken);

        await using var context = _app.OpenDatabase();
        Assert.Equal(["killed"], await context.ClickWriters.Where(row => row.FinishedAt != null).Select(row => row.Name).ToListAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Whoever_gives_up_waiting_does_not_make_the_next_begin_anew()
    {
        var owner = await _app.AddUserAsync();
        var link = await _app.AddAsync(Some.Link(owner: owner));
        await _app.AddAsync(Some.Click(link, Some.Noon, 1));
        var contexts = new SlowContexts(_app.OpenDatabase);
        using var live = new LiveClicks(contexts, _app.Get<StoreGate>(), _app.Get<ClickIndex>(), _app.Get<StatsOptions>(), _app.Clock);
        using var impatient = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);

        var first = live.CountAsync(ByBrowser, [Everything(link)], AnswerLimits.Owner, impatient.Token);
        await impatient.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);
        contexts.Open.SetResult();
        var second = await live.ReportAsync(ByBrowser, Everything(link));

        Assert.Equal((1, 1), (second.Summary.TotalClicks, second.Summary.UniqueClicks));
        Assert.Equal(0, contexts.Cancelled);
    }

    [Fact]
    public async Task Whoever_asks_while_columns_are_made_is_told_how_far_they_are()
    {
        var owner = await _app.AddUserAsync();
        var link = await _app.AddAsync(Some.Link(owner: owner));
        await _app.AddAsync(Enumerable.Range(0, 100).Select(visitor => Some.Click(link, Some.Noon, visitor)));
        var contexts = new SlowContexts(_app.OpenDatabase) { OpensFirst = 1 };
        using var live = new LiveClicks(contexts, _app.Get<StoreGate>(), _app.Get<ClickIndex>(), _app.Get<StatsOptions>(), TimeProvider.System) { FewestAnnounced = 100 };

        var impatient = await live.CountAsync(ByBrowser, [Everything(link)], AnswerLimits.Owner with { Patience = TimeSpan.FromMilliseconds(1) }, TestContext.Current.CancellationToken);
        var patient = live.CountAsync(ByBrowser, [Everything(link)], AnswerLimits.Owner with { Patience = TimeSpan.MaxValue }, TestContext.Current.CancellationToken);
        contexts.Open.SetResult();

        var refusal = Assert.IsType<StatsOutcome.Refused>(Assert.Single(impatient)).Refusal;
        Assert.Equal((CountingRefusals.PreparingCode, RefusalKind.Busy, (0L, 500L)), (refusal.Code, refusal.Kind, refusal.Progress));
        Assert.NotNull(refusal.RetryAfter);
        Assert.Equal(100, Assert.IsType<StatsOutcome.Found>(Assert.Single(await patient)).Report.Summary.TotalClicks);
    }

    [Fact]
    public async Task A_small_account_does_not_wait_for_the_columns_of_a_large_one()
    {
        var (large, small) = (await _app.AddAsync(Some.Link(owner: await _app.AddUserAsync())), await _app.AddAsync(Some.Link(owner: await _app.AddUserAsync())));
        await _app.AddAsync([.. Enumerable.Range(0, 100).Select(visitor => Some.Click(large, visitor: visitor)), Some.Click(small)]);
        var contexts = new SlowContexts(_app.OpenDatabase) { OpensFirst = 1, KeepsWaiting = 1 };
        using var live = new LiveClicks(contexts, _app.Get<StoreGate>(), _app.Get<ClickIndex>(), _app.Get<StatsOptions>(), _app.Clock);

        // The rows are being read, and what they refer to is not.
        var preparing = live.ReportAsync(ByBrowser, Everything(large));
        await contexts.Waiting.Task.WaitAsync(TimeSpan.FromMinutes(1), TestContext.Current.CancellationToken);

        Assert.Equal(1, (await live.ReportAsync(ByBrowser, Everything(small))).Summary.TotalClicks);
        Assert.False(preparing.IsCompleted);
        contexts.Open.SetResult();
        Assert.Equal(100, (await preparing).Summary.TotalClicks);
    }

    [Fact]
    public async Task Owners_that_nobody_asks_about_are_let_go_and_come_back()
    {
        await using var app = new SpooApp { Settings = { ["Stats:MemoryMegabytes"] = "1" } };
        var (first, second) = (await app.AddUserAsync(), await app.AddUserAsync());
        var (one, other) = (await app.AddAsync(Some.Link(owner: first)), await app.AddAsync(Some.Link(owner: second)));
        foreach (var link in (Link[])[one, other])
        {
            await app.AddAsync(Enumerable.Range(0, 40_000).Select(i => Some.Click(link, Some.Noon.AddSeconds(i), visitor: i)));
        }

        var answers = new List<long>();
        for (var round = 0; round < 2; round++)
        {
            foreach (var link in (Link[])[one, other])
            {
                answers.Add((await app.Get<LiveClicks>().ReportAsync(ByBrowser, Everything(link))).Summary.UniqueClicks);
                Assert.InRange(app.Get<LiveClicks>().Bytes, 1, 1024 * 1024);
            }
        }

        Assert.All(answers, unique => Assert.Equal(40_000, unique));
    }

    [Theory]
    [InlineData(24, true)]
    [InlineData(23, false)]
    public async Task An_answer_larger_than_it_may_be_is_refused_and_says_by_how_much(int most, bool isGiven)
    {
        var link = await _app.AddAsync(Some.Link());
        await _app.AddAsync(Enumerable.Range(0, 4).Select(number => Some.Click(link, visitor: number) with { City = $"City {number}", Browser = $"Browser {number}" }));
        var query = new StatsQuery { GroupBy = [Dimension.City, Dimension.Browser], Cross = true };

        var outcome = (await _app.Get<LiveClicks>().CountAsync(query, [Everything(link)], AnswerLimits.Owner with { Rows = most }, TestContext.Current.CancellationToken))[0];

        // Two lists of four, and four cells, for each of two metrics.
        Assert.Equal(isGiven, outcome is StatsOutcome.Found);
        Assert.True(isGiven || outcome is StatsOutcome.Refused { Refusal.Message: var message } && message.Contains("24 rows and cells, and at most 23", StringComparison.Ordinal));
    }

    private static StatsQuery ByBrowser { get; } = new() { GroupBy = [Dimension.Browser] };

    /// <summary>An import that is over, with a click of its own.</summary>
    private async Task<int> FinishedWriterAsync(Link? link = null)
    {
        var store = _app.Get<ClickStore>();
        var writer = await store.NewWriterAsync("import", null, TestContext.Current.CancellationToken);
        await store.StoreAsync(Some.Batch(writer, [Some.Click(link ?? await _app.AddAsync(Some.Link()))]), TestContext.Current.CancellationToken);
        await store.FinishWriterAsync(writer, TestContext.Current.CancellationToken);
        return writer;
    }

    private static ClickSelection Everything(Link link) => Some.ClicksOf(link, Some.Noon.AddDays(-30), Some.Noon.AddDays(30));

    private Task<StatsReport> CountAsync(Link link) => _app.Get<LiveClicks>().ReportAsync(ByBrowser, Everything(link));

    private async Task DeleteAsync(Link link)
    {
        await using var database = _app.OpenDatabase();
        await database.Clicks.Where(click => click.LinkId == link.Id).ExecuteDeleteAsync(TestContext.Current.CancellationToken);
        await database.Links.Where(row => row.Id == link.Id).ExecuteDeleteAsync(TestContext.Current.CancellationToken);
    }

    /// <summary>Every stored click, spelled out.</summary>
    internal static async Task<List<ClickFacts>> FactsAsync(SpooApp app)
    {
        await using var database = app.OpenDatabase();
        return await (
            from click in database.Clicks
            join link in database.Links on click.LinkId equals link.Id
            join agent in database.ClickAgents on click.AgentId equals agent.Id
            join place in database.ClickPlaces on click.PlaceId equals place.Id
            join source in database.ClickSources on click.SourceId equals source.Id
            select new ClickFacts
            {
                LinkId = click.LinkId,
                ShortCode = link.ShortCode,
                Time = click.Time,
                Visitor = click.Visitor,
                Browser = agent.Browser,
                Os = agent.Os,
                Device = agent.Device,
                IsBot = agent.IsBot,
                BotRule = agent.BotRule,
                Country = place.Country,
                Region = place.Region,
                City = place.City,
                Language = click.Language,
                Referrer = source.Referrer,
                ReferrerUrl = source.ReferrerUrl,
                UtmSource = source.UtmSource,
                UtmMedium = source.UtmMedium,
                UtmCampaign = source.UtmCampaign,
                Trigger = source.Trigger,
                RedirectMs = click.RedirectMs,
            }).ToListAsync(TestContext.Current.CancellationToken);
    }

    /// <summary>Everything an answer says about the clicks, in one order.</summary>
    internal static string Text(StatsReport report) => JsonSerializer.Serialize(new
    {
        report.Summary,
        report.BucketDetails,
        Breakdowns = report.Breakdowns.Select(list => new { list.Dimension.Name, list.Rows, list.Sum, list.RestRows, list.Rest }).ToList(),
        CrossTabs = report.CrossTabs.Select(table => new { First = table.First.Name, Second = table.Second.Name, table.Cells }).ToList(),
    });
}

/// <summary>Clicks and questions about them, believable enough to meet every case, and the same for the same seed.</summary>
/// <summary>A database whose first connection takes until it is told to open.</summary>
internal sealed class SlowContexts(Func<SpooDbContext> create) : IDbContextFactory<SpooDbContext>
{
    public TaskCompletionSource Open { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public int Cancelled { get; private set; }

    /// <summary>So many connections are open at once.</summary>
    public int OpensFirst { get; set; }

    /// <summary>So many of the next wait.</summary>
    public int KeepsWaiting { get; set; } = int.MaxValue;

    /// <summary>Is over when one waits.</summary>
    public TaskCompletionSource Waiting { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public SpooDbContext CreateDbContext() => create();

    public async Task<SpooDbContext> CreateDbContextAsync(CancellationToken cancellationToken)
    {
        try
        {
            if (OpensFirst-- <= 0 && KeepsWaiting-- > 0)
            {
                Waiting.TrySetResult();
                await Open.Task.WaitAsync(cancellationToken);
            }
        }
        catch (OperationCanceledException)
        {
            Cancelled++;
            throw;
        }

        return create();
    }
}

internal sealed class RandomClicks(Random random)
{
    private static readonly string?[] Browsers = [null, "Chrome", "Firefox", "Safari", "Mobile Safari"];
    private static readonly string?[] Systems = [null, "Windows", "macOS", "iOS"];
    private static readonly string?[] Places = [null, "DE", "US", "JP", "BR"];
    private static readonly string?[] Cities = [null, "Berlin", "Washington, D.C.", "Tokyo"];
    private static readonly string?[] Sites = [null, "google.com", "t.co", "example.org"];
    private static readonly string?[] Campaigns = [null, "spring", "autumn", "(none)"];
    private static readonly string[] Zones = ["UTC", "Europe/Berlin", "America/New_York", "Asia/Kathmandu", "Australia/Lord_Howe"];

    public ClickFacts Next(Link link) => Some.Click(link, Some.Noon.AddMilliseconds(random.NextInt64(-40L * 86_400_000, 40L * 86_400_000)), random.Next(60)) with
    {
        Browser = Of(Browsers),
        Os = Of(Systems),
        Device = Of(Systems) is null ? "mobile" : "desktop",
        IsBot = random.Next(5) == 0,
        BotRule = random.Next(2) == 0 ? null : "a rule",
        Country = Of(Places),
        Region = Of(Cities),
        City = Of(Cities),
        Language = Of(["en", "de", null]),
        Referrer = Of(Sites),
        ReferrerUrl = random.Next(3) == 0 ? "https://mail.google.com/" : null,
        UtmSource = Of(Campaigns),
        UtmMedium = Of(Campaigns),
        UtmCampaign = Of(Campaigns),
        Trigger = random.Next(4) == 0 ? ClickSource.Qr : ClickSource.FollowedLink,
        RedirectMs = random.Next(3) == 0 ? null : random.Next(200),
    };

    public (StatsQuery Query, ClickSelection Clicks) Question(List<Link> links, string? ownerId)
    {
        var zone = TimeZones.Find(Zones[random.Next(Zones.Length)])!;
        var start = Some.Noon.AddMinutes(random.Next(-50 * 1440, 40 * 1440));
        var range = new TimeRange(start, start.AddMinutes(random.Next(random.Next(2) == 0 ? 3000 : 90 * 1440)), zone);
        var groupBy = Dimension.All.OrderBy(_ => random.Next()).Take(random.Next(1, 6)).ToList();
        var query = new StatsQuery
        {
            GroupBy = groupBy,
            Limit = random.Next(2) == 0 ? null : random.Next(1, 5),
            Cross = random.Next(3) == 0,
            BucketDetails = true,
        };
        return (query, new ClickSelection
        {
            OwnerId = ownerId,
            Links = [.. links.Where(_ => random.Next(4) > 0).Select(link => new CountedLink(link.Id, link.DomainHost, link.ShortCode, link.OwnerId, link.CreatedAt))],
            Range = range,
            Filters = [.. Enumerable.Range(0, random.Next(3)).Select(_ => Filter())],
            Buckets = groupBy.Contains(Dimension.Time) ? TimeBuckets.Of(range, TimeBucketWidth.For(range.Length)) : null,
        });
    }

    private StatsFilter Filter()
    {
        var (dimension, values) = random.Next(6) switch
        {
            0 => (Dimension.Browser, Browsers),
            1 => (Dimension.Country, [.. Places, "Germany", "Nowhere"]),
            2 => (Dimension.City, Cities),
            3 => (Dimension.Referrer, [.. Sites, "https://t.co/abc"]),
            4 => (Dimension.VisitorType, [Dimension.Human, Dimension.Bot]),
            _ => (Dimension.Os, (string?[])[.. Systems, "Mac OS X"]),
        };
        var op = FilterOperator.All[random.Next(FilterOperator.All.Count)];
        var chosen = values.Where(_ => random.Next(3) == 0).Select(dimension.LabelOf);
        return new StatsFilter(dimension, op, [.. op.MatchesPart ? chosen.Select(text => text[..Math.Min(3, text.Length)]) : chosen]);
    }

    private string? Of(string?[] choices) => choices[random.Next(choices.Length)];
}

using System.Globalization;
using System.Text;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using Spoo.Data;
using Spoo.Data.Accounts;
using Spoo.Data.Care;
using Spoo.Data.Clicks.Facts;
using Spoo.Data.Clicks.Storing;
using Spoo.Data.Database;
using Spoo.Data.Links;
using Spoo.Data.Links.Codes;
using Spoo.Data.Stats.Live;
using Spoo.Tests.Support;

namespace Spoo.Tests.Care;

/// <summary>What is deleted is gone: words that only it said are in no file of the data folder any more.</summary>
[OnEveryDatabase]
public sealed class ForgottenTests
{
    /// <summary>Enough that pages of the database are divided while they come.</summary>
    private const int Clicks = 400;

    private const string Mine = "PlantedWord";
    private const string Theirs = "KeptForOthers";

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public enum Deleted
    {
        Account,
        Link,
        OldClicks,
    }

    [Theory]
    [InlineData(Deleted.Account)]
    [InlineData(Deleted.Link)]
    [InlineData(Deleted.OldClicks)]
    public async Task No_file_has_a_word_of_what_was_deleted(Deleted deleted)
    {
        await using var folder = new TemporaryFolder();
        var now = new FakeTimeProvider(DateTimeOffset.UtcNow);
        string owner;
        long link;
        await using (var app = App())
        {
            var (me, other) = (await app.AddUserAsync(deleted == Deleted.Account ? $"{Mine}mail@example.com" : null), await app.AddUserAsync());
            var (own, theirs) = (await app.AddAsync(Some.Link(owner: me, longUrl: deleted == Deleted.OldClicks ? "https://example.com/" : $"https://example.com/{Mine}path")), await app.AddAsync(Some.Link(owner: other)));
            (owner, link) = (me.Id, own.Id);
            await VisitAsync(app, own, Mine, Clicks);
            await VisitAsync(app, theirs, Theirs, 20);
            if (deleted != Deleted.OldClicks)
            {
                await VisitAsync(app, own, Theirs, 1);
            }

            await app.StoredAsync();
            await AskAsync(app, me);
            await AskAsync(app, other);
        }

        // By now everything is on the disk: rows, indexes, what is known of links.
        Assert.NotEmpty(Found(folder.Path, Mine));
        Assert.NotEmpty(Found(folder.Path, Theirs));

        await using (var app = App())
        {
            await using var database = app.OpenDatabase();
            var me = await database.Users.SingleAsync(user => user.Id == owner, Cancelled);
            await VisitAsync(app, await database.Links.SingleAsync(row => row.Id == link, Cancelled), Mine, 3);
            await app.StoredAsync();
            await AskAsync(app, me);
            switch (deleted)
            {
                case Deleted.Account:
                    await app.Get<AccountRemoval>().RemoveAsync(owner, Cancelled);
                    break;
                case Deleted.Link:
                    var publicId = await database.Links.Where(row => row.Id == link).Select(row => row.PublicId).SingleAsync(Cancelled);
                    Assert.IsType<LinkOutcome.Done>(await app.Get<LinkService>().DeleteAsync(publicId, Viewer.User(owner), Cancelled));
                    break;
                default:
                    await database.Users.Where(user => user.Id == owner).ExecuteUpdateAsync(set => set.SetProperty(user => user.RetentionDays, 1), Cancelled);
                    now.Advance(TimeSpan.FromDays(3));
                    await app.Get<ClickRetention>().RunAsync(Cancelled);
                    break;
            }

            await app.UntilAsync(() => Found(folder.Path, Mine).Count == 0);
            Assert.NotEmpty(Found(folder.Path, Theirs));
            Assert.Equal(0, await database.ClickSources.CountAsync(source => source.ReferrerUrl!.Contains(Mine), Cancelled));
            Assert.Equal(0, await database.ClickAgents.CountAsync(agent => agent.UserAgent!.Contains(Mine), Cancelled));
        }

        // Nor does one come back when the process ends.
        Assert.Empty(Found(folder.Path, Mine));

        // A server's files are not in the folder, and for its replicas the journal keeps what is stored for a while.
        SpooApp App() => new() { On = folder.Path, Clock = now, Settings = { ["Data:Database"] = nameof(DatabaseKind.Sqlite) } };
    }

    [Fact]
    public async Task What_was_removed_comes_back_with_the_next_click_that_says_it()
    {
        await using var app = new SpooApp { Register = ByHand };
        var (gone, kept) = (await app.AddAsync(Some.Link()), await app.AddAsync(Some.Link()));
        await VisitAsync(app, gone, "Again", 1);
        await app.StoredAsync();
        await using var database = app.OpenDatabase();
        await database.DeleteLinksAsync([(gone.Id, 1)], DateTimeOffset.UtcNow, Cancelled);
        Assert.Equal(3, await app.Get<UnusedEntries>().RemoveAsync(Cancelled));
        Assert.Equal(0, await app.Get<UnusedEntries>().RemoveAsync(Cancelled));

        await VisitAsync(app, kept, "Again", 1);
        await app.StoredAsync();

        Assert.Equal(1, await FullClicks(database).CountAsync(Cancelled));
    }

    [Fact]
    public async Task While_clicks_are_stored_nothing_is_removed_that_they_refer_to()
    {
        await using var app = new SpooApp { Register = ByHand };
        var owner = await app.AddUserAsync();
        var unused = app.Get<UnusedEntries>();
        using var done = new CancellationTokenSource();
        var removing = Task.Run(
            async () =>
            {
                var removed = 0L;
                while (!done.IsCancellationRequested)
                {
                    removed += await unused.RemoveAsync(Cancelled);
                }

                return removed;
            },
            Cancelled);

        // The same few words again and again, of links that come and go: so they are removed and needed at the same time.
        for (var round = 0; round < 30; round++)
        {
            var passing = await app.AddAsync(Some.Link(owner: owner));
            await Task.WhenAll(
                app.AddAsync(Saying(passing, round % 3)),
                app.AddAsync(Saying(passing, (round + 1) % 3)));
            await using var database = app.OpenDatabase();
            Assert.Equal(2, await FullClicks(database).CountAsync(Cancelled));
            await database.DeleteLinksAsync([(passing.Id, 2)], DateTimeOffset.UtcNow, Cancelled);
        }

        await done.CancelAsync();
        Assert.True(await removing > 0);

        static ClickFacts Saying(Link link, int word) => Some.Click(link, visitor: word) with { Browser = $"Browser{word}", City = $"City{word}", UtmCampaign = $"Campaign{word}" };
    }

    // Nothing is cleared up but when the test says so.
    private static void ByHand(IServiceCollection services) => services.Remove(services.Single(service => service.ImplementationType == typeof(ClearingUpRounds)));

    private static IQueryable<long> FullClicks(SpooDbContext database) =>
        from click in database.Clicks
        join agent in database.ClickAgents on click.AgentId equals agent.Id
        join place in database.ClickPlaces on click.PlaceId equals place.Id
        join source in database.ClickSources on click.SourceId equals source.Id
        select click.Id;

    private static async Task VisitAsync(SpooApp app, Link link, string word, int count)
    {
        using var visitor = app.Anonymous();
        for (var number = 0; number < count; number++)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, $"/{link.ShortCode}?utm_campaign={word}campaign{number}&utm_source={word}source");
            request.Headers.TryAddWithoutValidation("User-Agent", $"Mozilla/5.0 ({word}agent{number}; by) Firefox/130.0");
            request.Headers.Add("Referer", string.Create(CultureInfo.InvariantCulture, $"https://{word}.example/{word}page/{number}?{word}token"));
            using var answer = await visitor.SendAsync(request, Cancelled);
            Assert.Equal(302, (int)answer.StatusCode);
        }
    }

    private static async Task AskAsync(SpooApp app, SpooUser owner)
    {
        using var client = await app.WithKeyAsync(owner);
        await client.JsonAsync("/api/v1/stats?group_by=utm_campaign,referrer");
    }

    /// <summary>Every file that has the word, in either of the ways in which texts are written.</summary>
    private static List<string> Found(string folder, string word)
    {
        byte[][] spellings = [Encoding.UTF8.GetBytes(word), Encoding.Unicode.GetBytes(word), Encoding.UTF8.GetBytes(word.ToLowerInvariant()), Encoding.UTF8.GetBytes(word.ToUpperInvariant())];
        var found = new List<string>();
        foreach (var path in Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories))
        {
            try
            {
                using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
                using var copy = new MemoryStream();
                file.CopyTo(copy);
                var bytes = copy.GetBuffer().AsSpan(0, (int)copy.Length);
                foreach (var spelling in spellings)
                {
                    if (bytes.IndexOf(spelling) >= 0)
                    {
                        found.Add(path);
                        break;
                    }
                }
            }
            catch (IOException)
            {
                // Gone meanwhile, or the lock of the journal, which no other may read.
            }
        }

        return found;
    }
}

using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using Spoo.Data;
using Spoo.Data.Accounts;
using Spoo.Data.Alerts;
using Spoo.Data.Database;
using Spoo.Data.Links;
using Spoo.Data.Links.Blocks;
using Spoo.Data.Links.Domains;
using Spoo.Data.Links.Pictures;
using Spoo.Tests.Support;

namespace Spoo.Tests.Links;

/// <summary>A link that is given to another account is theirs with all that is about it, and nothing of it stays with whom it belonged to.</summary>
[OnEveryDatabase]
public sealed class LinkOwnersTests(SpooApp app) : IClassFixture<SpooApp>
{
    private const string PictureName = "0123456789abcdef0123456789abcdef.png";

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Clicks_tags_and_pictures_go_along_and_both_accounts_count_right_at_once()
    {
        var (ann, bob) = (await app.AddUserAsync(), await app.AddUserAsync());
        var link = Some.Link(owner: ann);
        link.Preview = new LinkPreview { Title = "Card", Image = $"http://localhost/{LinkPictures.Path}/{PictureName}" };
        link.Tags.Add(new LinkTag { OwnerId = ann.Id, Name = "launch" });
        await app.AddAsync(link);
        var kept = await app.AddAsync(Some.Link(owner: ann));
        await app.AddAsync(Some.Click(link, visitor: 1), Some.Click(link, visitor: 2), Some.Click(kept, visitor: 1));
        await using (var database = app.OpenDatabase())
        {
            database.AddRange(
                new KeptPicture { OwnerId = ann.Id, Name = PictureName, MediaType = "image/png", Content = [1, 2, 3], BroughtAt = Some.Noon },
                new AlertRule { Id = PublicId.New(Some.Noon), OwnerId = ann.Id, Kind = AlertKind.Spike, LinkId = link.PublicId, Threshold = 3, CreatedAt = Some.Noon, NextAt = Some.Noon });
            await database.SaveChangesAsync(Cancelled);
        }

        var (annsClient, bobsClient) = (await app.WithKeyAsync(ann), await app.WithKeyAsync(bob));
        Assert.Equal((3, 0), (await ClicksAsync(annsClient), await ClicksAsync(bobsClient)));

        var (transfer, refusal) = await app.Get<LinkOwners>().TransferAsync([link.Name, "none"], bob.Id, null, Cancelled);

        Assert.Null(refusal);
        Assert.Equal([link.Name], transfer!.Transferred);
        Assert.Equal(["none"], transfer.Unknown);
        Assert.Equal((1, 2), (await ClicksAsync(annsClient), await ClicksAsync(bobsClient)));
        Assert.Equal([new TagCount("launch", 1)], await app.Get<LinkList>().TagsAsync(bob.Id, Cancelled));
        Assert.Empty(await app.Get<LinkList>().TagsAsync(ann.Id, Cancelled));
        await using var after = app.OpenDatabase();
        Assert.Equal(0, await after.AlertRules.CountAsync(rule => rule.OwnerId == ann.Id, Cancelled));
        Assert.Equal(1, await after.Pictures.CountAsync(picture => picture.OwnerId == bob.Id && picture.Name == PictureName, Cancelled));
        Assert.Equal([(AuditAct.LinkTransferred, $"{ann.Id} > {bob.Id}")], (await after.AuditEntries.Where(entry => entry.Subject == link.PublicId).ToListAsync(Cancelled)).Select(entry => (entry.Act, entry.Detail!)));
        Assert.Equal([link.Name], (await app.Get<LinkOwners>().TransferAsync([link.Name], bob.Id, null, Cancelled)).Transfer!.Theirs);
    }

    [Fact]
    public async Task What_is_counted_for_other_accounts_is_not_counted_anew()
    {
        var (ann, bob, carol) = (await app.AddUserAsync(), await app.AddUserAsync(), await app.AddUserAsync());
        var (empty, clicked) = (await app.AddAsync(Some.Link(owner: ann)), await app.AddAsync(Some.Link(owner: ann)));
        await app.AddAsync(Some.Click(clicked, visitor: 1));
        var before = await EpochsAsync();

        await app.Get<LinkOwners>().TransferAsync([empty.Name], bob.Id, null, Cancelled);
        Assert.Equal(before, await EpochsAsync());
        await app.Get<LinkOwners>().TransferAsync([clicked.Name], bob.Id, null, Cancelled);
        var after = await EpochsAsync();

        Assert.Equal([false, false, true, true], before.Zip(after, (one, other) => one == other));

        async Task<IReadOnlyList<string>> EpochsAsync()
        {
            await using var database = app.OpenDatabase();
            var epochs = new List<string>();
            foreach (var owner in (string?[])[ann.Id, bob.Id, carol.Id, null])
            {
                epochs.Add((await ClickEpoch.OfOwnerAsync(database, owner, Cancelled)).Epoch);
            }

            return epochs;
        }
    }

    [Fact]
    public async Task Links_that_are_named_are_looked_up_and_not_searched_for_among_all()
    {
        Assert.SkipUnless(SuiteDatabase.Kind == DatabaseKind.Sqlite, "It reads SQLite's words about its plan.");
        var plans = new QueryPlans("\"ShortCode\" IN (");
        await using var watched = new SpooApp { Register = services => services.AddSingleton<IInterceptor>(plans) };
        var (ann, bob) = (await watched.AddUserAsync(), await watched.AddUserAsync());
        string[] names = [(await watched.AddAsync(Some.Link(owner: ann))).Name, (await watched.AddAsync(Some.Link(owner: ann))).Name];

        Assert.Equal(2, (await watched.Get<LinkOwners>().TransferAsync(names, bob.Id, null, Cancelled)).Transfer!.Transferred.Count);
        Assert.Equal(2, (await watched.Get<LinkBlocks>().BlockAsync(names, null, null, Cancelled)).Count);

        Assert.Equal(2, plans.Seen.Count);
        Assert.All(plans.Seen, plan => Assert.Contains("USING INDEX IX_Links_DomainId_ShortCode (DomainId=? AND ShortCode=?)", plan, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_link_on_a_domain_of_another_account_stays_where_it_is()
    {
        var (ann, bob) = (await app.AddUserAsync(), await app.AddUserAsync());
        var domain = new Domain { PublicId = PublicId.New(Some.Noon), Host = "anns.example", OwnerId = ann.Id, State = DomainState.Active, Token = "t", CreatedAt = Some.Noon };
        await using (var database = app.OpenDatabase())
        {
            database.Add(domain);
            await database.SaveChangesAsync(Cancelled);
        }

        var link = Some.Link(owner: ann);
        (link.DomainId, link.DomainHost) = (domain.Id, domain.Host);
        await app.AddAsync(link);

        var (transfer, _) = await app.Get<LinkOwners>().TransferAsync([link.Name], bob.Id, null, Cancelled);

        Assert.Empty(transfer!.Transferred);
        Assert.Equal([link.Name], transfer.Elsewhere);
        await using var after = app.OpenDatabase();
        Assert.Equal(ann.Id, (await after.Links.SingleAsync(row => row.Id == link.Id, Cancelled)).OwnerId);
    }

    [Fact]
    public async Task An_account_gets_no_more_links_than_it_may_have()
    {
        var (ann, bob) = (await app.AddUserAsync(), await app.AddUserAsync());
        var links = new[] { await app.AddAsync(Some.Link(owner: ann)), await app.AddAsync(Some.Link(owner: ann)) };
        Assert.Null(await app.Get<Quotas>().GiveAsync(bob.Id, QuotaKind.Links, "1", null, Cancelled));

        var (transfer, refusal) = await app.Get<LinkOwners>().TransferAsync([.. links.Select(link => link.Name)], bob.Id, null, Cancelled);

        Assert.Equal((null, RefusalKind.Forbidden), (transfer, refusal!.Kind));
        await using var after = app.OpenDatabase();
        Assert.Equal(2, await after.Links.CountAsync(link => link.OwnerId == ann.Id, Cancelled));
    }

    private static async Task<int> ClicksAsync(HttpClient client) =>
        (await client.JsonAsync("/api/v1/stats?start_date=2020-01-01")).GetProperty("summary").GetProperty("total_clicks").GetInt32();
}

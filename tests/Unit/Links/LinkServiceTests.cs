using Microsoft.EntityFrameworkCore;
using Spoo.Data.Accounts;
using Spoo.Data.Links;
using Spoo.Data.Links.Codes;
using Spoo.Data.Links.Destinations;
using Spoo.Tests.Support;

namespace Spoo.Tests.Links;

[OnEveryDatabase]
public sealed class LinkServiceTests(SpooApp app) : IClassFixture<SpooApp>
{
    private LinkService Service => app.Get<LinkService>();

    [Fact]
    public async Task Every_change_that_may_show_in_the_clicks_is_remembered_with_what_was_before()
    {
        var owner = await app.AddUserAsync();
        var link = await app.AddAsync(Some.Link(owner: owner));

        await Service.EditAsync(
            link.PublicId,
            new LinkEdit { LongUrl = "https://example.com/new", MaxClicks = new(10), Password = new("correct horse"), Tags = ["a"] },
            Viewer.User(owner.Id),
            null,
            TestContext.Current.CancellationToken);
        await Service.EditAsync(link.PublicId, new LinkEdit { Status = LinkStatus.Inactive, BlockBots = new(false) }, Viewer.User(owner.Id), null, TestContext.Current.CancellationToken);

        Assert.Equal(
            [
                (LinkField.Destination, "https://example.com/page", "https://example.com/new"),
                (LinkField.Password, null, "set"),
                (LinkField.MaxClicks, null, "10"),
                (LinkField.Status, "ACTIVE", "INACTIVE"),
            ],
            await ChangesAsync(owner, link.ShortCode));
    }

    [Fact]
    public async Task A_refused_change_leaves_no_trace()
    {
        var owner = await app.AddUserAsync();
        var (link, other) = (await app.AddAsync(Some.Link(owner: owner)), await app.AddAsync(Some.Link()));

        var outcome = await Service.EditAsync(
            link.PublicId, new LinkEdit { Alias = other.ShortCode, LongUrl = "https://example.com/new" }, Viewer.User(owner.Id), null, TestContext.Current.CancellationToken);

        Assert.IsType<LinkOutcome.Refused>(outcome);
        Assert.Empty(await ChangesAsync(owner, link.ShortCode));
    }

    [Fact]
    public async Task Changes_are_told_to_the_owner_only_and_within_the_range_only()
    {
        var owner = await app.AddUserAsync();
        var link = await app.AddAsync(Some.Link(owner: owner));
        await Service.EditAsync(link.PublicId, new LinkEdit { MaxClicks = new(10) }, Viewer.User(owner.Id), null, TestContext.Current.CancellationToken);

        Assert.Empty(await ChangesAsync(await app.AddUserAsync(), link.ShortCode));
        var past = await app.Get<LinkChanges>().OfAsync(owner.Id, link.ShortCode, Some.Noon, Some.Noon.AddDays(1), TestContext.Current.CancellationToken);
        Assert.Empty(past);
    }

    [Fact]
    public async Task Many_links_are_changed_but_not_those_of_others_nor_blocked_ones()
    {
        var owner = await app.AddUserAsync();
        var mine = new List<Link>();
        for (var i = 0; i < 3; i++)
        {
            mine.Add(await app.AddAsync(Some.Link(owner: owner)));
        }

        var theirs = await app.AddAsync(Some.Link(owner: await app.AddUserAsync()));
        var blocked = Some.Link(owner: owner);
        blocked.Status = LinkStatus.Blocked;
        await app.AddAsync(blocked);

        var done = await Service.EditManyAsync(
            [.. mine.Select(link => link.PublicId), theirs.PublicId, blocked.PublicId],
            new LinkEdit { Status = LinkStatus.Inactive, TagsToAdd = ["old"] },
            Viewer.User(owner.Id),
            null,
            TestContext.Current.CancellationToken);

        Assert.Equal(new ManyLinksOutcome(3, 2), done);
        var (links, _) = await app.Get<LinkList>().SelectAsync(new LinkSelection { OwnerId = owner.Id, Tag = "old" }, TestContext.Current.CancellationToken);
        Assert.Equal(mine.Select(link => link.PublicId).Order(), links.Select(link => link.PublicId).Order());
        Assert.All(links, link => Assert.Equal(LinkStatus.Inactive, link.Status));
        await using var database = app.OpenDatabase();
        Assert.Equal(LinkStatus.Active, (await database.Links.SingleAsync(link => link.Id == theirs.Id, TestContext.Current.CancellationToken)).Status);
        Assert.Equal([new TagCount("old", 3)], await app.Get<LinkList>().TagsAsync(owner.Id, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Many_links_get_an_end_in_the_future_and_lose_it_again()
    {
        var owner = await app.AddUserAsync();
        var (one, two) = (await app.AddAsync(Some.Link(owner: owner)), await app.AddAsync(Some.Link(owner: owner)));
        var end = new DateTimeOffset(2099, 1, 31, 10, 0, 0, TimeSpan.Zero);

        var past = await EditAsync(DateTimeOffset.UtcNow.AddMinutes(-1));
        var set = await EditAsync(end);
        var (ending, _) = await app.Get<LinkList>().SelectAsync(new LinkSelection { OwnerId = owner.Id, EndingBy = end }, TestContext.Current.CancellationToken);
        var cleared = await EditAsync(null);

        Assert.Equal((new ManyLinksOutcome(0, 2), new ManyLinksOutcome(2, 0), new ManyLinksOutcome(2, 0)), (past with { First = null }, set, cleared));
        Assert.Equal("expire_after must be in the future", past.First?.Message);
        Assert.Equal(2, ending.Count);
        var (links, _) = await app.Get<LinkList>().SelectAsync(new LinkSelection { OwnerId = owner.Id }, TestContext.Current.CancellationToken);
        Assert.All(links, link => Assert.Null(link.ExpireAfter));
        Assert.Equal([(LinkField.Expiry, null, "2099-01-31T10:00:00Z"), (LinkField.Expiry, "2099-01-31T10:00:00Z", null)], await ChangesAsync(owner, one.ShortCode));

        Task<ManyLinksOutcome> EditAsync(DateTimeOffset? to) => Service.EditManyAsync(
            [one.PublicId, two.PublicId], new LinkEdit { ExpireAfter = new(to) }, Viewer.User(owner.Id), null, TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task Many_links_are_deleted_with_all_that_belongs_to_them()
    {
        var owner = await app.AddUserAsync();
        var (one, two, kept) = (await app.AddAsync(Some.Link(owner: owner)), await app.AddAsync(Some.Link(owner: owner)), await app.AddAsync(Some.Link(owner: owner)));
        await app.AddAsync(Some.Click(one), Some.Click(two, visitor: 2), Some.Click(kept));
        await Service.EditManyAsync([one.PublicId, kept.PublicId], new LinkEdit { TagsToAdd = ["a"], MaxClicks = new(9) }, Viewer.User(owner.Id), null, TestContext.Current.CancellationToken);

        var done = await Service.DeleteManyAsync([one.PublicId, two.PublicId], Viewer.User(owner.Id), TestContext.Current.CancellationToken);

        Assert.Equal(new ManyLinksOutcome(2, 0), done);
        await using var database = app.OpenDatabase();
        long[] gone = [one.Id, two.Id];
        Assert.Equal(0, await database.Clicks.CountAsync(click => gone.Contains(click.LinkId), TestContext.Current.CancellationToken));
        Assert.Equal(0, await database.LinkTags.CountAsync(tag => gone.Contains(tag.LinkId), TestContext.Current.CancellationToken));
        Assert.Equal(0, await database.LinkChanges.CountAsync(change => gone.Contains(change.LinkId), TestContext.Current.CancellationToken));
        Assert.Equal(1, await database.Clicks.CountAsync(click => click.LinkId == kept.Id, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Of_many_who_claim_a_link_at_once_one_gets_it()
    {
        var made = (LinkOutcome.Done)await Service.CreateAsync(
            new LinkDraft { LongUrl = "https://example.com/a" }, Viewer.Nobody, null, TestContext.Current.CancellationToken);
        var users = new List<SpooUser>();
        for (var i = 0; i < 8; i++)
        {
            users.Add(await app.AddUserAsync());
        }

        var outcomes = await Task.WhenAll(users.Select(user => Task.Run(
            () => app.Get<LinkOwners>().ClaimAsync(null, made.ClaimToken!, Viewer.User(user.Id), TestContext.Current.CancellationToken))));

        Assert.Single(outcomes.OfType<LinkOutcome.Done>());
    }

    [Fact]
    public async Task The_tags_of_a_claimed_link_count_among_those_of_its_new_owner()
    {
        var owner = await app.AddUserAsync();
        var made = (LinkOutcome.Done)await Service.CreateAsync(
            new LinkDraft { LongUrl = "https://example.com/a", Tags = ["mine"] }, Viewer.Nobody, null, TestContext.Current.CancellationToken);

        await app.Get<LinkOwners>().ClaimAsync(null, made.ClaimToken!, Viewer.User(owner.Id), TestContext.Current.CancellationToken);

        var (links, _) = await app.Get<LinkList>().SelectAsync(new LinkSelection { OwnerId = owner.Id, Tag = "mine" }, TestContext.Current.CancellationToken);
        Assert.Equal(made.Link.PublicId, Assert.Single(links).PublicId);
        Assert.Equal([new TagCount("mine", 1)], await app.Get<LinkList>().TagsAsync(owner.Id, TestContext.Current.CancellationToken));
    }

    private async Task<IEnumerable<(LinkField, string?, string?)>> ChangesAsync(SpooUser owner, string code) =>
        (await app.Get<LinkChanges>().OfAsync(owner.Id, code, DateTimeOffset.UtcNow.AddHours(-1), DateTimeOffset.UtcNow.AddHours(1), TestContext.Current.CancellationToken))
        .Select(change => (change.Field, change.Before, change.After));
}

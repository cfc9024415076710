using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using Spoo.Data;
using Spoo.Data.Accounts;
using Spoo.Data.Database;
using Spoo.Data.Links;
using Spoo.Data.Links.Codes;
using Spoo.Tests.Support;

namespace Spoo.Tests.Links;

[OnEveryDatabase]
public sealed class LinkListTests(SpooApp app) : IClassFixture<SpooApp>
{
    [Theory]
    [InlineData(LinkOrder.CreatedAt, true, "IX_Links_OwnerId_CreatedAt")]
    [InlineData(LinkOrder.CreatedAt, false, "IX_Links_OwnerId_CreatedAt")]
    [InlineData(LinkOrder.TotalClicks, true, "IX_Links_OwnerId_TotalClicks")]
    [InlineData(LinkOrder.LastClick, true, "IX_Links_OwnerId_LastClick")]
    [InlineData(LinkOrder.LastClick, false, "IX_Links_OwnerId_LastClick")]
    [InlineData(LinkOrder.ShortCode, false, "IX_Links_OwnerId_ShortCode")]
    public async Task A_page_of_a_long_list_is_read_from_one_end_of_an_index(LinkOrder order, bool descending, string index)
    {
        var plan = await PlanAsync(new LinkSelection { OwnerId = "somebody", Order = order, Descending = descending, Status = LinkStatus.Active });

        Assert.Contains($"USING INDEX {index} (OwnerId=?)", plan, StringComparison.Ordinal);
        Assert.DoesNotContain("TEMP B-TREE", plan, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("status")]
    [InlineData("search")]
    [InlineData("destination")]
    [InlineData("domain")]
    [InlineData("default domain")]
    [InlineData("password")]
    [InlineData("limit")]
    [InlineData("private")]
    public async Task What_no_index_answers_is_looked_for_in_the_order_in_which_links_lie(string filter)
    {
        var all = new LinkSelection { OwnerId = "somebody" };
        var selection = filter switch
        {
            "status" => all with { Status = LinkStatus.Expired },
            "search" => all with { Search = "part" },
            "destination" => all with { LongUrl = "https://example.com/" },
            "domain" => all with { Domain = "links.example.com" },
            "default domain" => all with { Domain = "" },
            "password" => all with { HasPassword = true },
            "limit" => all with { HasMaxClicks = true },
            _ => all with { HasPrivateStats = true },
        };
        const string Lying = "USING INDEX IX_Links_OwnerId_CreatedAt (OwnerId=? AND CreatedAt>?)";

        Assert.Contains(Lying, await PlanAsync(selection with { Order = LinkOrder.TotalClicks }), StringComparison.Ordinal);
        Assert.Contains(Lying, await PlanAsync((list, database) => list.LookedThrough(database, selection)), StringComparison.Ordinal);
        var newest = await PlanAsync(selection);
        Assert.Contains("USING INDEX IX_Links_OwnerId_CreatedAt (OwnerId=?)", newest, StringComparison.Ordinal);
        Assert.DoesNotContain("TEMP B-TREE", newest, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("50%", "50%-off")]
    [InlineData("0%-O", "50%-off")]
    [InlineData("a_b", "a_b")]
    [InlineData("[x]", "[x]")]
    [InlineData("c\\D", "C\\d")]
    [InlineData("é", "Été")]
    [InlineData("ÉT", "Été")]
    [InlineData("ДОМ_", "дом_")]
    [InlineData("οδοσ", "ΟΔΟΣ")]
    [InlineData("οδος", "ΟΔΟΣ")]
    [InlineData("STRAẞE", "Straße")]
    [InlineData("\U00010428\U0001F680", "\U00010400\U0001F680")]
    [InlineData("e\u0301", "E\u0301")]
    [InlineData("短链", "短链")]
    [InlineData("kelvin", "kelvin")]
    public async Task A_search_means_each_sign_as_it_is_and_small_letters_as_capital_ones(string search, string found)
    {
        var owner = await app.AddUserAsync();
        foreach (var title in (string[])["50%-off", "500-off", "a_b", "axb", "[x]", "x", "C\\d", "Cd", "Été", "дом_", "домъ", "ΟΔΟΣ", "Straße", "Strasse", "\U00010400\U0001F680", "E\u0301", "短链", "kelvin", "\u212Aelvin"])
        {
            var link = Some.Link(owner: owner);
            link.Title = title;
            await app.AddAsync(link);
        }

        var (links, _) = await app.Get<LinkList>().SelectAsync(new LinkSelection { OwnerId = owner.Id, Search = search }, TestContext.Current.CancellationToken);

        Assert.Equal([found], links.Select(link => link.Title!));
    }

    [Fact]
    public async Task A_range_of_dates_is_found_by_the_index()
    {
        var plan = await PlanAsync(new LinkSelection { OwnerId = "somebody", CreatedAfter = Some.Noon, CreatedBefore = Some.Noon });

        Assert.Contains("(OwnerId=? AND CreatedAt>? AND CreatedAt<?)", plan, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_links_of_a_tag_are_found_by_the_index_of_tags()
    {
        var plan = await PlanAsync(new LinkSelection { OwnerId = "somebody", Tag = "launch" });

        Assert.Contains("USING COVERING INDEX IX_LinkTags_OwnerId_Name_LinkId (OwnerId=? AND Name=?", plan, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0, 5, 5)]
    [InlineData(0, 4, 4)]
    [InlineData(4, 4, 1)]
    [InlineData(5, 4, 0)]
    [InlineData(9, 4, 0)]
    [InlineData(0, 9, 5)]
    public async Task Every_page_knows_how_many_links_there_are(int skip, int take, int shown)
    {
        var owner = await app.AddUserAsync();
        for (var i = 0; i < 5; i++)
        {
            await app.AddAsync(Some.Link(owner: owner));
        }

        var (links, total) = await app.Get<LinkList>().SelectAsync(
            new LinkSelection { OwnerId = owner.Id, Skip = skip, Take = take }, TestContext.Current.CancellationToken);

        Assert.Equal((shown, 5), (links.Count, total));
    }

    [Fact]
    public async Task Some_links_of_a_large_account_are_found_by_their_ids_and_not_among_all()
    {
        Assert.SkipUnless(SuiteDatabase.Kind == DatabaseKind.Sqlite, "It reads SQLite's words about its plan.");
        var plans = new QueryPlans("\"PublicId\" IN (");
        await using var watched = new SpooApp { Register = services => services.AddSingleton<IInterceptor>(plans) };
        var (owner, other) = (await watched.AddUserAsync(), await watched.AddUserAsync());
        var links = new List<Link>();
        for (var i = 0; i < 3; i++)
        {
            links.Add(await watched.AddAsync(Some.Link(owner: i < 2 ? owner : other)));
        }

        var client = await watched.WithKeyAsync(owner);
        var ids = links.ConvertAll(link => link.PublicId);
        var (service, viewer) = (watched.Get<LinkService>(), Viewer.User(owner.Id));
        await client.JsonAsync($"/api/v1/stats?url_id={string.Join(',', ids)}");
        Assert.Equal(2, (await service.EditManyAsync(ids, new LinkEdit { BlockBots = new(true) }, viewer, null, TestContext.Current.CancellationToken)).Changed);
        Assert.Equal(2, (await service.DeleteManyAsync(ids, viewer, TestContext.Current.CancellationToken)).Changed);

        Assert.Equal(3, plans.Seen.Count);
        Assert.All(plans.Seen, plan => Assert.Contains("USING INDEX IX_Links_PublicId (PublicId=?)", plan, StringComparison.Ordinal));
        await using var database = watched.OpenDatabase();
        Assert.Equal([(links[2].PublicId, links[2].BlockBots)], (await database.Links.ToListAsync(TestContext.Current.CancellationToken)).Select(link => (link.PublicId, link.BlockBots)));
    }

    private Task<string> PlanAsync(LinkSelection selection) => PlanAsync((list, database) => list.Page(database, selection));

    private async Task<string> PlanAsync(Func<LinkList, SpooDbContext, IQueryable<Link>> question)
    {
        Assert.SkipUnless(SuiteDatabase.Kind == DatabaseKind.Sqlite, "It reads SQLite's words about its plan.");
        await using var database = app.OpenDatabase();
        await database.Database.OpenConnectionAsync(TestContext.Current.CancellationToken);
        await using var command = question(app.Get<LinkList>(), database).CreateDbCommand();
        command.CommandText = "EXPLAIN QUERY PLAN " + command.CommandText;
        await using var reader = await command.ExecuteReaderAsync(TestContext.Current.CancellationToken);
        var plan = new List<string>();
        while (await reader.ReadAsync(TestContext.Current.CancellationToken))
        {
            plan.Add(reader.GetString(3));
        }

        return string.Join('\n', plan);
    }
}

using Microsoft.EntityFrameworkCore;
using Spoo.Data;
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
        var plan = await PlanAsync(new LinkSelection { OwnerId = "somebody", Order = order, Descending = descending, Search = "part" });

        Assert.Contains($"USING INDEX {index} (OwnerId=?)", plan, StringComparison.Ordinal);
        Assert.DoesNotContain("TEMP B-TREE", plan, StringComparison.Ordinal);
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

    private async Task<string> PlanAsync(LinkSelection selection)
    {
        Assert.SkipUnless(SuiteDatabase.Kind == DatabaseKind.Sqlite, "It reads SQLite's words about its plan.");
        await using var database = app.OpenDatabase();
        await database.Database.OpenConnectionAsync(TestContext.Current.CancellationToken);
        await using var command = app.Get<LinkList>().Page(database, selection).CreateDbCommand();
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

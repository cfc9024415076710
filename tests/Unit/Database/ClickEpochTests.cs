using System.Text;
using Microsoft.EntityFrameworkCore;
using Spoo.Data.Accounts;
using Spoo.Data.Care;
using Spoo.Data.Clicks.News;
using Spoo.Data.Database;
using Spoo.Data.Transfer;
using Spoo.Data.Transfer.ClickFiles;
using Spoo.Data.Transfer.ClickFiles.Formats;
using Spoo.Data.Transfer.Imports;
using Spoo.Tests.Support;

namespace Spoo.Tests.Database;

/// <summary>What an account does with its own clicks makes its own statistics anew, and costs nobody else theirs.</summary>
[OnEveryDatabase]
public sealed class ClickEpochTests(SpooApp app) : IClassFixture<SpooApp>
{
    /// <summary>What removes clicks while their links stay.</summary>
    public enum Removal
    {
        ForAge,
        Clearing,
        Undoing,
    }

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(Removal.ForAge)]
    [InlineData(Removal.Clearing)]
    [InlineData(Removal.Undoing)]
    public async Task Removed_clicks_are_counted_no_more_and_those_of_others_not_anew(Removal removal)
    {
        var (ann, bob) = (await app.AddUserAsync(), await app.AddUserAsync());
        var (anns, bobs) = (await app.AddAsync(Some.Link(owner: ann)), await app.AddAsync(Some.Link(owner: bob)));
        await app.AddAsync(Some.Click(anns, Some.Noon, visitor: 1), Some.Click(bobs, Some.Noon, visitor: 1));
        var import = (await app.Get<ClickImport>().RunAsync(
            new ClickFileToImport
            {
                Name = "more.ndjson",
                Content = new MemoryStream(Encoding.UTF8.GetBytes($$"""{"time":"{{Some.Noon:O}}","short_code":"{{anns.ShortCode}}"}""" + "\n")),
                OwnerId = ann.Id,
                Format = ClickFileFormat.Ndjson,
            },
            null,
            Cancelled)).Stored;
        Assert.Equal(1, import);
        var (annsClient, bobsClient) = (await app.WithKeyAsync(ann), await app.WithKeyAsync(bob));
        Assert.Equal((2, 1), (await ClicksAsync(annsClient), await ClicksAsync(bobsClient)));
        var before = await EpochsAsync(ann, bob);

        await RemoveAsync(removal, ann);

        var after = await EpochsAsync(ann, bob);
        Assert.Equal((true, false, true), (before.Ann != after.Ann, before.Bob != after.Bob, before.All != after.All));
        Assert.Equal((removal == Removal.Undoing ? 1 : 0, 1), (await ClicksAsync(annsClient), await ClicksAsync(bobsClient)));
    }

    private async Task RemoveAsync(Removal removal, SpooUser owner)
    {
        switch (removal)
        {
            case Removal.ForAge:
                await using (var database = app.OpenDatabase())
                {
                    await database.Users.Where(user => user.Id == owner.Id).ExecuteUpdateAsync(set => set.SetProperty(user => user.RetentionDays, 1), Cancelled);
                }

                Assert.Equal(2, await app.Get<ClickRetention>().RunAsync(Cancelled));
                break;
            case Removal.Clearing:
                await app.Get<ClickHistory>().ClearAsync(owner.Id, null, Cancelled);
                break;
            default:
                var import = Assert.Single(await app.Get<ImportRecords>().ListAsync(owner.Id, Cancelled));
                Assert.Equal(1, Assert.IsType<UndoOutcome.Done>(await app.Get<ImportUndo>().UndoAsync(import.Id, owner.Id, null, Cancelled)).Clicks);
                break;
        }
    }

    private async Task<(string Ann, string Bob, EpochOfAll All)> EpochsAsync(SpooUser ann, SpooUser bob)
    {
        await using var database = app.OpenDatabase();
        return ((await ClickEpoch.OfOwnerAsync(database, ann.Id, Cancelled)).Epoch,
            (await ClickEpoch.OfOwnerAsync(database, bob.Id, Cancelled)).Epoch,
            await ClickEpoch.OfAllAsync(database, Cancelled));
    }

    private static async Task<int> ClicksAsync(HttpClient client) =>
        (await client.JsonAsync("/api/v1/stats?start_date=2020-01-01")).GetProperty("summary").GetProperty("total_clicks").GetInt32();
}

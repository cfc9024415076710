using System.Data;
using System.Net;
using Microsoft.EntityFrameworkCore;
using Spoo.Data.Care;
using Spoo.Data.Clicks.News;
using Spoo.Data.Database;
using Spoo.Tests.Support;

namespace Spoo.Tests.Database;

/// <summary>Rows that another program wrote, or changed, keep nobody from what is in the others.</summary>
[OnEveryDatabase]
public sealed class OddRowsTests : IAsyncDisposable
{
    private readonly SpooApp _app = new();

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    /// <summary>Contexts are used again, and what one had time for must not be what the next one has.</summary>
    [Fact]
    public async Task A_context_that_was_to_answer_soon_has_all_the_time_again_when_it_is_taken_for_something_long()
    {
        var contexts = _app.Get<IDbContextFactory<SpooDbContext>>();
        for (var i = 0; i < 3; i++)
        {
            await using (var quick = await contexts.CreateToAnswerAsync(Cancelled))
            {
                Assert.Equal((int)StoreFailure.Patience.TotalSeconds, quick.Database.GetCommandTimeout());
                quick.Links.Add(Some.Link());
                await quick.Database.OpenConnectionAsync(Cancelled);
                await quick.Database.BeginTransactionAsync(Cancelled);
            }

            await using var other = await contexts.CreateDbContextAsync(Cancelled);
            Assert.Null(other.Database.GetCommandTimeout());
            Assert.Null(other.Database.CurrentTransaction);
            Assert.Empty(other.ChangeTracker.Entries());
            Assert.Equal(ConnectionState.Closed, other.Database.GetDbConnection().State);
        }
    }

    [Fact]
    public async Task Times_beyond_all_calendars_break_no_redirect_no_list_and_no_audit()
    {
        var owner = await _app.AddUserAsync();
        var (odd, other) = (await _app.AddAsync(Some.Link(owner: owner)), await _app.AddAsync(Some.Link(owner: owner)));
        await _app.AddAsync(Some.Click(odd), Some.Click(odd, visitor: 2), Some.Click(other));
        await using var database = _app.OpenDatabase();
        await SqlAsync($"UPDATE \"Links\" SET \"ExpireAfter\" = {long.MaxValue}, \"CreatedAt\" = {long.MinValue}, \"LastClick\" = {long.MaxValue} WHERE \"Id\" = {odd.Id}");
        await SqlAsync($"UPDATE \"Clicks\" SET \"Time\" = {long.MaxValue} WHERE \"LinkId\" = {odd.Id} AND \"Visitor\" = 2");
        var client = await _app.WithKeyAsync(owner);

        Assert.Equal(HttpStatusCode.Redirect, (await _app.Anonymous().GetAsync("/" + odd.ShortCode, Cancelled)).StatusCode);
        Assert.Equal(2, (await client.JsonAsync("/api/v1/urls")).GetProperty("items").GetArrayLength());
        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync("/api/v1/stats", Cancelled)).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync("/api/v1/export/clicks?format=ndjson", Cancelled)).StatusCode);
        await _app.StoredAsync();
        Assert.Equal(4, (await _app.Get<ClickHistory>().ArrivedLastAsync(owner.Id, null, 10, Cancelled)).Count);
        Assert.Equal(4, (await _app.Get<ClickAudit>().RunAsync(Cancelled)).Clicks);

        Task<int> SqlAsync(string sql) => database.Database.ExecuteSqlRawAsync(sql, Cancelled);
    }
}

using System.Net;
using Microsoft.EntityFrameworkCore;
using Spoo.Data.Care;
using Spoo.Data.Clicks.News;
using Spoo.Tests.Support;

namespace Spoo.Tests.Database;

/// <summary>Rows that another program wrote, or changed, keep nobody from what is in the others.</summary>
[OnEveryDatabase]
public sealed class OddRowsTests : IAsyncDisposable
{
    private readonly SpooApp _app = new();

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    [Fact]
    public async Task Times_beyond_all_calendars_break_no_redirect_no_list_and_no_audit()
    {
        var owner = await _app.AddUserAsync();
        var (odd, other) = (await _app.AddAsync(Some.Link(owner: owner)), await _app.AddAsync(Some.Link(owner: owner)));
        await _app.AddAsync(Some.Click(odd), Some.Click(odd, visitor: 2), Some.Click(other));
        await using var database = _app.OpenDatabase();
        await SqlAsync($"UPDATE \"Links\" SET \"ExpireAfter\" = {long.MaxValue}, \"LastClick\" = {long.MaxValue} WHERE \"Id\" = {odd.Id}");
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

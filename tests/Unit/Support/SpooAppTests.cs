using System.Net;
using Microsoft.EntityFrameworkCore;

namespace Spoo.Tests.Support;

public sealed class SpooAppTests
{
    [Fact]
    public async Task The_product_starts_inside_of_a_test_and_leaves_nothing_behind()
    {
        string folder;
        await using (var app = new SpooApp())
        {
            folder = app.Folder;

            var answer = await app.Anonymous().GetAsync("/account/login", TestContext.Current.CancellationToken);

            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
            Assert.True(File.Exists(Path.Combine(folder, "spoo.db")));
        }

        Assert.False(Directory.Exists(folder));
    }

    [Fact]
    public async Task Clicks_are_stored_with_the_counters_of_their_link()
    {
        await using var app = new SpooApp();
        var link = await app.AddAsync(Some.Link(owner: await app.AddUserAsync()));

        await app.AddAsync(Some.Click(link), Some.Click(link, visitor: 2) with { Browser = "Firefox" });

        await using var database = app.OpenDatabase();
        var stored = await database.Links.SingleAsync(TestContext.Current.CancellationToken);
        Assert.Equal((2, Some.Noon), (stored.TotalClicks, stored.LastClick));
    }
}

using Microsoft.EntityFrameworkCore;
using Spoo.Tests.Support;

namespace Spoo.Tests.Api;

public sealed class HealthTests
{
    [Fact]
    public async Task Health_says_how_every_part_is()
    {
        await using var app = new SpooApp();

        var well = await app.Anonymous().JsonAsync("/health");
        await using (var database = app.OpenDatabase())
        {
            await database.Database.ExecuteSqlRawAsync("ALTER TABLE InstallationSecrets RENAME TO Elsewhere", TestContext.Current.CancellationToken);
        }

        var ill = await app.Anonymous().SendAsync(HttpMethod.Get, "/health").JsonAsync(503);

        Assert.Equal(("healthy", "healthy"), (well.Text("status"), well.GetProperty("checks").Text("database")));
        Assert.Equal(("ok", "not_configured", "error"), (well.GetProperty("checks").Text("mongodb"), well.GetProperty("checks").Text("redis"), ill.GetProperty("checks").Text("mongodb")));
        Assert.Matches(@"^\d+\.\d+\.\d+$", well.Text("version"));
        Assert.Equal(("unhealthy", "unhealthy"), (ill.Text("status"), ill.GetProperty("checks").Text("database")));
    }
}

using System.Globalization;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Spoo.Data.Transfer.ClickFiles;

namespace Spoo.Stories.Support;

/// <summary>
/// A server with one account that has clicks on the first twelve days of March 2025 and of March 2026: on the n-th day n clicks in the
/// first year and twice as many in the second, an hour apart from 06:00, every third of a bot.
/// </summary>
public sealed class ServerWithTwoYears : IAsyncLifetime
{
    public const string Days = "start_date=2026-03-01T00:00:00Z&end_date=2026-03-12T23:59:59.999Z";

    public SpooServer Server { get; } = new();

    public Account Owner { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        Owner = await Account.NewAsync(Server);
        var lines = new StringBuilder("time,short_code,long_url,visitor,country,bot,redirect_ms\n");
        foreach (var (year, times) in ((int, int)[])[(2025, 1), (2026, 2)])
        {
            for (var day = 1; day <= 12; day++)
            {
                for (var click = 0; click < day * times; click++)
                {
                    var time = new DateTimeOffset(year, 3, day, 6, 0, 0, TimeSpan.Zero).AddMinutes(click * 30);
                    lines.AppendLine(CultureInfo.InvariantCulture, $"{time:O},spring,https://example.com/,v{click},{(click % 2 == 0 ? "DE" : "FR")},{(click % 3 == 0 ? "true" : "false")},{day}");
                }
            }
        }

        await using var file = new MemoryStream(Encoding.UTF8.GetBytes(lines.ToString()));
        var report = await Server.Services.GetRequiredService<ClickImport>().RunAsync(
            new ClickFileToImport { Name = "two-years.csv", Content = file, OwnerId = Owner.Id }, null, TestContext.Current.CancellationToken);
        Assert.Equal(3 * 78, report.Stored);
    }

    public ValueTask DisposeAsync() => Server.DisposeAsync();
}

/// <summary>The stories that share one such server.</summary>
[CollectionDefinition(Name)]
public sealed class TwoYears : ICollectionFixture<ServerWithTwoYears>
{
    public const string Name = "two years";
}

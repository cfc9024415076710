using System.Net;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Spoo.Data;
using Spoo.Tests.Support;

namespace Spoo.Tests.ClickHouse;

public sealed class ClickHouseSettingsTests
{
    [Fact]
    public async Task A_server_that_is_away_is_an_error_and_no_zero()
    {
        await using var app = new SpooApp
        {
            Settings = new() { ["Stats:Engine"] = "ClickHouse", ["Stats:ClickHouse:ConnectionString"] = "Host=127.0.0.1;Port=1;Database=spoo" },
        };
        var owner = await app.AddUserAsync();
        var link = await app.AddAsync(Some.Link(owner: owner));
        await app.AddAsync(Some.Click(link));

        var answer = await (await app.WithKeyAsync(owner)).GetAsync("/api/v1/stats", TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
        Assert.NotNull(answer.Headers.RetryAfter);
        Assert.DoesNotContain("total_clicks", await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Found, (await app.Anonymous().GetAsync($"/{link.ShortCode}", TestContext.Current.CancellationToken)).StatusCode);
    }

    [Theory]
    [InlineData("")]
    [InlineData("Port=8123;Database=spoo")]
    [InlineData("Host=clickhouse;Database=spoo;Port=many")]
    public void A_server_that_is_not_named_is_refused_at_the_start(string connection)
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Configuration.AddInMemoryCollection([new("Stats:Engine", "ClickHouse"), new("Stats:ClickHouse:ConnectionString", connection)]);
        builder.AddSpooData();
        using var host = builder.Build();

        var refused = Assert.Throws<OptionsValidationException>(() => host.Services.GetRequiredService<IStartupValidator>().Validate());

        Assert.Contains("Stats:ClickHouse:ConnectionString is required", refused.Message, StringComparison.Ordinal);
    }
}

using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using Spoo.Data;
using Spoo.Data.Care;
using Spoo.Data.Database;
using Spoo.Data.Stats;
using Spoo.Data.Stats.ClickHouse;
using Spoo.Data.Stats.Question;
using Spoo.Tests.Support;
using Spoo.Web;

namespace Spoo.Tests.ClickHouse;

public sealed class ClickHouseSettingsTests
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_server_that_is_away_is_an_error_and_no_zero()
    {
        await using var app = new SpooApp
        {
            Settings = new() { ["Stats:Engine"] = "ClickHouse", ["Stats:ClickHouse:ConnectionString"] = "Host=127.0.0.1;Port=1;Database=spoo" },
        };
        var owner = await app.AddUserAsync();
        var link = await app.AddAsync(Some.Link(owner: owner, privateStats: false));
        await app.AddAsync(Some.Click(link));

        var answer = await (await app.WithKeyAsync(owner)).GetAsync("/api/v1/stats", Cancelled);

        var said = await answer.Content.ReadAsStringAsync(Cancelled);
        Assert.Equal((HttpStatusCode.ServiceUnavailable, "counting_unavailable"), (answer.StatusCode, answer.Headers.GetValues("X-Error-Code").Single()));
        Assert.NotNull(answer.Headers.RetryAfter);
        Assert.DoesNotContain("total_clicks", said, StringComparison.Ordinal);
        Assert.DoesNotContain("127.0.0.1", said, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Found, (await app.Anonymous().GetAsync($"/{link.ShortCode}", Cancelled)).StatusCode);
    }

    [Fact]
    public async Task A_server_that_is_away_is_said_to_those_who_look_at_pages_and_to_those_who_run_the_server()
    {
        await using var app = new SpooApp
        {
            Settings = new() { ["Stats:Engine"] = "ClickHouse", ["Stats:ClickHouse:ConnectionString"] = "Host=127.0.0.1;Port=1;Database=spoo" },
            Register = ClickHouseDoor.WithoutRounds,
        };
        var link = await app.AddAsync(Some.Link(privateStats: false));
        Assert.Equal("healthy", (await app.Anonymous().JsonAsync("/health")).GetProperty("checks").Text("statistics"));

        var page = await app.Anonymous().GetAsync($"/stats/{link.ShortCode}", Cancelled);
        var picture = await app.Anonymous().GetAsync($"/stats/{link.ShortCode}/card.png", Cancelled);

        Assert.Equal(HttpStatusCode.ServiceUnavailable, page.StatusCode);
        Assert.NotNull(page.Headers.RetryAfter);
        Assert.Contains("the server that counts them does not answer. Nothing is lost", await page.Content.ReadAsStringAsync(Cancelled), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, picture.StatusCode);
        var health = await app.Anonymous().JsonAsync("/health");
        Assert.Equal(("degraded", "degraded", "healthy"), (health.Text("status"), health.GetProperty("checks").Text("statistics"), health.GetProperty("checks").Text("database")));
        var system = await (await app.SignedInAsync(await app.AddAdministratorAsync())).GetStringAsync("/admin/system", Cancelled);
        Assert.Contains("ClickHouse at 127.0.0.1:1 does not answer: it takes no connection", system, StringComparison.Ordinal);
        var audit = await Assert.ThrowsAsync<ClickHouseException>(() => app.Get<ClickAudit>().RunAsync(Cancelled));
        Assert.Equal("ClickHouse at 127.0.0.1:1 does not answer: it takes no connection", audit.Message);
    }

    /// <summary>A host behind a wall that drops packets: connections are taken, and then nothing comes.</summary>
    [Fact]
    public async Task A_server_that_says_nothing_is_not_waited_for()
    {
        using var silent = new TcpListener(IPAddress.Loopback, 0);
        silent.Start();
        var clock = new FakeTimeProvider(Some.Noon);
        await using var app = new SpooApp
        {
            Settings = new()
            {
                ["Stats:Engine"] = "ClickHouse",
                ["Stats:ClickHouse:ConnectionString"] = $"Host=127.0.0.1;Port={((IPEndPoint)silent.LocalEndpoint).Port};Database=spoo",
            },
            Clock = clock,
            Register = ClickHouseDoor.WithoutRounds,
        };
        var link = await app.AddAsync(Some.Link());

        var asking = app.Get<IClickCounting>().CountAsync(
            new StatsQuery { GroupBy = [Dimension.Browser] }, [Some.ClicksOf(link, Some.Noon.AddDays(-1), Some.Noon)], AnswerLimits.Owner, Cancelled);
        using var asked = await silent.AcceptTcpClientAsync(Cancelled);
        await Eventually.TrueAsync(() => asking.IsCompleted, () => clock.Advance(TimeSpan.FromSeconds(4)), "the question is told");

        Assert.Equal(CountingRefusals.AwayCode, Assert.IsType<StatsOutcome.Refused>((await asking)[0]).Refusal.Code);
        Assert.Contains("does not answer", app.Get<ClickHouseClicks>().Failure, StringComparison.Ordinal);
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

    [Theory]
    [InlineData("Port=8123;Database=spoo", "Host=one", "Port=9", "Stats:ClickHouse:ConnectionString is required")]
    [InlineData("Host=one;Database=spoo", "Port=many", "Host=two", "Stats:ClickHouse:ConnectionString is required")]
    [InlineData("Port=8123;Database=spoo", "Host=one", "Host=ONE;Username=else", "Stats:ClickHouse:Shards names the same database of the same server twice")]
    [InlineData("Port=8123;Database=spoo", "Host=one", "Host=two", null)]
    [InlineData("Host=one;Database=spoo", "Database=a", "Database=b", null)]
    public void Shards_that_are_not_named_or_are_the_same_are_refused_at_the_start(string common, string first, string second, string? said)
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Configuration.AddInMemoryCollection(
            [new("Stats:Engine", "ClickHouse"), new("Stats:ClickHouse:ConnectionString", common), new(ClickHouseDoor.Shard(1), first), new(ClickHouseDoor.Shard(2), second)]);
        builder.AddSpooData();
        using var host = builder.Build();

        var refused = Record.Exception(() => host.Services.GetRequiredService<IStartupValidator>().Validate());

        Assert.Equal(said is null, refused is null);
        Assert.Contains(said ?? "", refused?.Message ?? "", StringComparison.Ordinal);
    }

    /// <summary>It would be no list, and the one server that all have in common would count everything.</summary>
    [Fact]
    public void Shards_in_one_text_are_refused_at_the_start()
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Configuration.AddInMemoryCollection(
            [new("Stats:Engine", "ClickHouse"), new("Stats:ClickHouse:ConnectionString", "Host=one;Database=spoo"), new("Stats:ClickHouse:Shards", "Host=one,Host=two")]);
        builder.AddSpooData();
        using var host = builder.Build();

        var refused = Assert.Throws<OptionsValidationException>(() => host.Services.GetRequiredService<IStartupValidator>().Validate());

        Assert.Contains("Stats:ClickHouse:Shards is a list", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_a_shard_does_not_say_is_what_all_have_in_common()
    {
        var options = new ClickHouseOptions
        {
            ConnectionString = "Port=8124;Database=spoo;Username=ann;Timeout=7",
            Password = "a;b=c'd",
            Shards = ["Host=one", "Host=two;Port=9000;Username=bob;Password=other"],
        };
        using var servers = new ClickHouseServers(options, TimeProvider.System);

        Assert.Equal(["one:8124", "two:9000"], servers.All.Select(server => server.Where));
        Assert.Equal(["spoo", "spoo"], servers.All.Select(server => server.Database));
        Assert.Equal(
            [("ann", "a;b=c'd", 7), ("bob", "other", 7)],
            options.Parsed()!.Select(settings => (settings.Username, settings.Password, (int)settings.Timeout.TotalSeconds)));
        Assert.Equal(TimeSpan.FromHours(1), options.Parsed(TimeSpan.FromHours(1))![1].Timeout);
    }

    [Theory]
    [InlineData("Stats:Engine", "Clickhose", "Stats:Engine cannot be 'Clickhose': Columns or ClickHouse would be right")]
    [InlineData("Stats:MemoryMegabytes", "much", "Stats:MemoryMegabytes cannot be 'much': a whole number would be right")]
    [InlineData("Links:AllowAnonymous", "maybe", "Links:AllowAnonymous cannot be 'maybe': true or false would be right")]
    [InlineData("Links:PublicUrl", "https://sp.example", null)]
    public void A_setting_of_another_kind_is_said_with_what_would_be_right(string name, string value, string? said)
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Configuration.AddInMemoryCollection([new(name, value)]);
        builder.AddSpooData();
        using var host = builder.Build();

        var refused = Record.Exception(() => host.Services.GetRequiredService<IStartupValidator>().Validate());

        Assert.Equal(said, refused is null ? null : UnreadableSetting.InWords(refused.Message));
    }

    [Fact]
    public void An_engine_by_a_number_that_none_has_is_refused()
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Configuration.AddInMemoryCollection([new("Stats:Engine", "7")]);
        builder.AddSpooData();
        using var host = builder.Build();

        var refused = Assert.Throws<OptionsValidationException>(() => host.Services.GetRequiredService<IStartupValidator>().Validate());

        Assert.Contains("Stats:Engine is Columns or ClickHouse", refused.Message, StringComparison.Ordinal);
    }
}

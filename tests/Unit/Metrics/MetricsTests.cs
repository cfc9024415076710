using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Hosting;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using Spoo.Data.Clicks.Storing;
using Spoo.Tests.Support;

namespace Spoo.Tests.Metrics;

public sealed partial class MetricsTests
{
    private const string Token = "a-token-of-the-operator";

    private string _address = "127.0.0.1";

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Monitoring_reads_what_became_of_visits_clicks_and_questions()
    {
        await using var app = App();
        var owner = await app.AddUserAsync();
        var link = await app.AddAsync(Some.Link("counted", owner));
        var ended = await app.AddAsync(Some.Link("ended", owner, longUrl: "https://example.com/ended"));
        ended.ExpireAfter = Some.Noon;
        await using (var database = app.OpenDatabase())
        {
            database.Update(ended);
            await database.SaveChangesAsync(Cancelled);
        }

        var before = await MetricsAsync(app);
        var visitor = app.Anonymous();
        foreach (var address in (string[])["/counted", "/counted", "/ended", "/counted+", "/nowhere-at-all"])
        {
            await visitor.GetAsync(address, Cancelled);
        }

        await visitor.SendAsync(new HttpRequestMessage(HttpMethod.Head, "/counted"), Cancelled);
        await app.StoredAsync();

        await (await app.WithKeyAsync(owner)).JsonAsync("/api/v1/stats");
        var after = await MetricsAsync(app);

        Assert.Equal((0, 0), (before["spoo_visits_total{outcome=\"redirected\"}"], before["spoo_clicks_total{outcome=\"stored\"}"]));
        double Visits(string outcome) => after[$"spoo_visits_total{{outcome=\"{outcome}\"}}"];
        Assert.Equal((2, 1, 1, 1, 1), (Visits("redirected"), Visits("uncounted"), Visits("expired"), Visits("previewed"), Visits("not_found")));
        Assert.Equal((2, 2), (after["spoo_redirect_duration_seconds_count{}"], after["spoo_clicks_total{outcome=\"stored\"}"]));
        Assert.Equal((1, 2), (after["spoo_questions_duration_seconds_count{}"], after["spoo_columns_clicks{}"]));
        Assert.True(after["spoo_columns_size_bytes{}"] > 0 && after["dotnet_process_memory_working_set_bytes{}"] > 0);
        Assert.Equal((1, 0, 0), (after["spoo_store_up{}"], after["spoo_journal_waiting{}"], after["spoo_clicks_total{outcome=\"lost\"}"]));
    }

    [Fact]
    public async Task Monitoring_sees_a_store_that_is_down_and_how_long_clicks_have_been_waiting()
    {
        var clock = new FakeTimeProvider(Some.Noon);
        await using var app = App(clock);
        await app.AddAsync(Some.Link("known"));
        await app.Anonymous().GetAsync("/known", Cancelled);
        await app.StoredAsync();

        await SqlAsync(app, "ALTER TABLE Clicks RENAME TO Away");
        await app.Anonymous().GetAsync("/known", Cancelled);
        var clicked = clock.GetUtcNow();
        await app.UntilAsync(() => app.Get<ClickWriter>().Health.StoreFailures > 0);
        clock.SetUtcNow(clicked.AddMinutes(10));
        var metrics = await MetricsAsync(app);
        await SqlAsync(app, "ALTER TABLE Away RENAME TO Clicks");

        Assert.Equal((0, 1), (metrics["spoo_store_up{}"], metrics["spoo_journal_waiting{}"]));
        Assert.True(metrics["spoo_store_failures_total{}"] > 0 && metrics["spoo_journal_size_bytes{}"] > 0);
        Assert.InRange(metrics["spoo_journal_oldest_age_seconds{}"], 600, 601);
    }

    [Fact]
    public async Task Nothing_in_them_says_whose_anything_is()
    {
        await using var app = App();
        var owner = await app.AddUserAsync("somebody@example.com");
        await app.AddAsync(Some.Link("very-private", owner, longUrl: "https://secret.example/page"));
        using var request = new HttpRequestMessage(HttpMethod.Get, "/very-private?utm_source=hidden");
        request.Headers.Add("User-Agent", "Peculiar/1.0");
        await app.Anonymous().SendAsync(request, Cancelled);
        await (await app.WithKeyAsync(owner)).JsonAsync("/api/v1/stats?group_by=browser");

        var text = await TextAsync(app);

        Assert.Contains("spoo_visits_total", text, StringComparison.Ordinal);
        Assert.All(
            (string[])["very-private", "secret.example", "somebody@", owner.Id, "hidden", "Peculiar", "127.0.0.1"],
            secret => Assert.DoesNotContain(secret, text, StringComparison.OrdinalIgnoreCase));
    }

    [Theory]
    [InlineData("127.0.0.1", null, 200)]
    [InlineData("::1", null, 200)]
    [InlineData("::ffff:127.0.0.1", null, 200)]
    [InlineData("203.0.113.7", null, 403)]
    [InlineData("10.0.0.7", null, 403)]
    [InlineData("127.0.0.1", "X-Forwarded-For", 403)]
    [InlineData("127.0.0.1", "Forwarded", 403)]
    [InlineData("127.0.0.1", "X-Real-IP", 403)]
    public async Task Without_a_token_only_programs_on_this_machine_may_read_them(string address, string? header, int status)
    {
        await using var app = App();
        _address = address;
        using var request = new HttpRequestMessage(HttpMethod.Get, "/metrics");
        if (header is not null)
        {
            request.Headers.Add(header, "203.0.113.7");
        }

        var answer = await app.Anonymous().SendAsync(request, Cancelled);

        Assert.Equal(status, (int)answer.StatusCode);
        Assert.Equal("text/plain", answer.Content.Headers.ContentType!.MediaType);
    }

    [Fact]
    public async Task With_a_token_whoever_has_it_may_read_them_and_nobody_else()
    {
        await using var app = App(settings: ("Metrics:Token", Token));
        var key = await app.AddKeyAsync(await app.AddUserAsync());
        async Task<HttpStatusCode> Ask(string? token)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, "/metrics");
            request.Headers.Authorization = token is null ? null : new AuthenticationHeaderValue("Bearer", token);
            return (await app.Anonymous().SendAsync(request, Cancelled)).StatusCode;
        }

        var here = await Ask(null);
        _address = "203.0.113.7";

        Assert.Equal(HttpStatusCode.Unauthorized, here);
        Assert.Equal(
            [HttpStatusCode.Unauthorized, HttpStatusCode.Unauthorized, HttpStatusCode.Unauthorized, HttpStatusCode.OK],
            [await Ask(null), await Ask(Token + "x"), await Ask(key), await Ask(Token)]);
    }

    private SpooApp App(TimeProvider? clock = null, params (string Name, string Value)[] settings) => new()
    {
        Clock = clock ?? TimeProvider.System,
        Settings = settings.Append(("Clicks:BatchDelay", "00:00:00.020")).ToDictionary(setting => setting.Item1, setting => setting.Item2),
        Register = services => services.AddSingleton<IStartupFilter>(new Connections(() => _address)),
    };

    private static async Task<string> TextAsync(SpooApp app) => await app.Anonymous().GetStringAsync("/metrics", Cancelled);

    // Fails on a line that is none of the format's.
    private static async Task<Dictionary<string, double>> MetricsAsync(SpooApp app) => (await TextAsync(app))
        .Split('\n', StringSplitOptions.RemoveEmptyEntries)
        .Where(line => !line.StartsWith("# ", StringComparison.Ordinal))
        .Select(line => Sample().Match(line) is { Success: true } sample ? sample : throw new InvalidDataException(line))
        .ToDictionary(sample => sample.Groups["series"].Value, sample => double.Parse(sample.Groups["value"].ValueSpan, CultureInfo.InvariantCulture));

    private static async Task SqlAsync(SpooApp app, string sql)
    {
        await using var database = app.OpenDatabase();
        await database.Database.ExecuteSqlRawAsync(sql, Cancelled);
    }

    [GeneratedRegex("""^(?<series>[a-z_:][a-z0-9_:]*\{(?:[a-z_]+="[^"\\]*",?)*\}) (?<value>[-+0-9.eE]+)$""")]
    private static partial Regex Sample();
}

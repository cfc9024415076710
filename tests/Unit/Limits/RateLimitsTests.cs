using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using Spoo.Data.Accounts;
using Spoo.Data.Database;
using Spoo.Data.Links;
using Spoo.Data.Links.Codes;
using Spoo.Tests.Support;
using Spoo.Web.Limits;

namespace Spoo.Tests.Limits;

public sealed class RateLimitsTests : IAsyncDisposable
{
    private const string Stats = "/api/v1/stats";

    private readonly FakeTimeProvider _clock = new(Some.Noon);
    private readonly SpooApp _app;

    public RateLimitsTests() => _app = new SpooApp
    {
        Clock = _clock,
        Settings =
        {
            ["RateLimits:Enabled"] = "true",
            ["RateLimits:Accounts:stats"] = "3/minute, 5/day",
            ["RateLimits:Others:stats"] = "2/minute",
            ["RateLimits:Others:preview"] = "none",
        },
    };

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    [Fact]
    public async Task Every_answer_says_how_many_calls_are_left_and_one_too_many_is_told_to_wait()
    {
        var client = await _app.WithKeyAsync(await _app.AddUserAsync());

        Assert.Equal((3, 2, Some.Noon.AddMinutes(1)), Standing(await GetAsync(client)));
        _clock.Advance(TimeSpan.FromSeconds(20));
        await GetAsync(client);
        Assert.Equal((3, 0, Some.Noon.AddMinutes(1)), Standing(await GetAsync(client)));
        var refused = await GetAsync(client);

        Assert.Equal("Too many requests", (await refused.ProblemAsync(429, "rate_limit_exceeded")).Text("error"));
        Assert.Equal(TimeSpan.FromSeconds(40), refused.Headers.RetryAfter?.Delta);
        Assert.Equal((3, 0, Some.Noon.AddMinutes(1)), Standing(refused));
    }

    [Fact]
    public async Task The_next_minute_is_a_new_one_until_the_day_is_full()
    {
        var client = await _app.WithKeyAsync(await _app.AddUserAsync());
        for (var call = 0; call < 4; call++)
        {
            await GetAsync(client);
        }

        _clock.Advance(TimeSpan.FromMinutes(1));
        await client.JsonAsync(Stats);
        await client.JsonAsync(Stats);
        var refused = await GetAsync(client);

        await refused.ProblemAsync(429, "rate_limit_exceeded");
        Assert.Equal((5, 0, Some.Noon.AddDays(1)), Standing(refused));
        _clock.Advance(TimeSpan.FromDays(1));
        await client.JsonAsync(Stats);
    }

    [Fact]
    public async Task Every_key_has_its_own_count_and_strangers_share_that_of_their_address()
    {
        var link = await _app.AddAsync(Some.Link());
        var owner = await _app.AddUserAsync();
        var (first, second) = (await _app.WithKeyAsync(owner), await _app.WithKeyAsync(owner));
        var address = $"{Stats}?scope=anon&short_code={link.ShortCode}";

        await GetAsync(first);
        await GetAsync(first);
        await GetAsync(first);
        await _app.Anonymous().JsonAsync(address);
        await _app.Anonymous().JsonAsync(address);

        await first.ProblemAsync(Stats, 429, "rate_limit_exceeded");
        await second.JsonAsync(Stats);
        await _app.Anonymous().ProblemAsync(address, 429, "rate_limit_exceeded");
    }

    [Fact]
    public async Task A_large_answer_counts_as_many_calls()
    {
        await using var app = new SpooApp { Clock = _clock, Settings = { ["RateLimits:Enabled"] = "true" } };
        var owner = await app.AddUserAsync();
        var link = await app.AddAsync(Some.Link(owner: owner));
        await app.AddAsync(Enumerable.Range(0, 2500).Select(number => Some.Click(link, visitor: number) with { UtmSource = $"source {number}" }));
        using var client = await app.WithKeyAsync(owner);

        var small = Standing(await client.GetAsync($"{Stats}?group_by=utm_source", TestContext.Current.CancellationToken));
        var large = Standing(await client.GetAsync($"{Stats}?group_by=utm_source&limit=10000", TestContext.Current.CancellationToken));

        Assert.Equal(1, small.Limit - small.Remaining);
        Assert.Equal(1 + 5, large.Limit - large.Remaining);
    }

    [Fact]
    public async Task Guessing_a_password_by_header_is_limited_like_guessing_it_by_body()
    {
        await using var app = new SpooApp { Clock = _clock, Settings = { ["RateLimits:Enabled"] = "true" } };
        var link = Some.Link(owner: await app.AddUserAsync(), privateStats: false);
        link.PasswordHash = Some.PasswordHash("correct horse");
        await app.AddAsync(link);
        for (var guess = 0; guess < 10; guess++)
        {
            await (await GuessAsync(guess)).ProblemAsync(401, "invalid_password");
        }

        await (await GuessAsync(10)).ProblemAsync(429, "rate_limit_exceeded");

        Task<HttpResponseMessage> GuessAsync(int number)
        {
            var request = new HttpRequestMessage(HttpMethod.Get, $"{Stats}?scope=anon&short_code={link.ShortCode}");
            request.Headers.Add("X-Link-Password", $"guess {number}");
            return app.Anonymous().SendAsync(request, TestContext.Current.CancellationToken);
        }
    }

    [Fact]
    public async Task A_key_that_is_made_up_buys_nothing_and_what_is_refused_at_the_door_costs_nothing()
    {
        var link = await _app.AddAsync(Some.Link());
        var address = $"{Stats}?scope=anon&short_code={link.ShortCode}";
        var madeUp = await _app.WithToken("spoo_0000000000000000000000000000000000000000000")
            .GetAsync(address, TestContext.Current.CancellationToken);
        var tooNarrow = await _app.WithKeyAsync(await _app.AddUserAsync(), ApiKeyScope.ShortenCreate);
        var forbidden = await GetAsync(tooNarrow);

        await madeUp.ProblemAsync(401, "authentication_error");
        Assert.False(madeUp.Headers.Contains("X-RateLimit-Limit"));
        Assert.False(forbidden.Headers.Contains("X-RateLimit-Limit"));
        await _app.Anonymous().JsonAsync(address);
        await _app.Anonymous().JsonAsync(address);
        await _app.Anonymous().ProblemAsync(address, 429, "rate_limit_exceeded");
    }

    [Fact]
    public async Task A_count_is_for_one_thing_only_and_health_is_never_counted()
    {
        var client = _app.Anonymous();
        for (var call = 0; call < 30; call++)
        {
            await client.JsonAsync("/health");
            await client.ProblemAsync("/api/v1/public/preview/nothing", 404, "not_found");
        }

        var answer = await client.GetAsync("/api/v1/shorten/check-alias?alias=some-alias", TestContext.Current.CancellationToken);

        Assert.Equal((60, 59, Some.Noon.AddMinutes(1)), Standing(answer));
    }

    [Fact]
    public async Task Passwords_cannot_be_tried_out_one_after_the_other()
    {
        var client = _app.Anonymous();
        for (var attempt = 0; attempt < 5; attempt++)
        {
            using var form = new FormUrlEncodedContent([new("_handler", "login")]);
            Assert.NotEqual(429, (int)(await client.PostAsync("/account/login", form, TestContext.Current.CancellationToken)).StatusCode);
        }

        using var last = new FormUrlEncodedContent([new("_handler", "login")]);
        var refused = await client.PostAsync("/account/login", last, TestContext.Current.CancellationToken);

        Assert.Equal(429, (int)refused.StatusCode);
        Assert.Equal(TimeSpan.FromMinutes(1), refused.Headers.RetryAfter?.Delta);
    }

    [Theory]
    [InlineData("stats", "many")]
    [InlineData("stats", "0/minute")]
    [InlineData("stats", "5/fortnight")]
    [InlineData("nothing", "5/minute")]
    public void A_limit_that_makes_no_sense_is_refused_at_the_start(string name, string limit)
    {
        var options = Options.Create(new RateLimitOptions { Others = { [name] = limit } });

        var refusal = Assert.Throws<SettingException>(() => new RateLimits(options, new CallCounts(TimeProvider.System, () => [1], isShared: false)));

        Assert.Contains($"'{(name == "stats" ? limit : name)}'", refusal.Message, StringComparison.Ordinal);
    }

    private static Task<HttpResponseMessage> GetAsync(HttpClient client) => client.GetAsync(Stats, TestContext.Current.CancellationToken);

    private static (int Limit, int Remaining, DateTimeOffset Reset) Standing(HttpResponseMessage answer)
    {
        return (Number("Limit"), Number("Remaining"), DateTimeOffset.FromUnixTimeSeconds(Number("Reset")));

        int Number(string name) => int.Parse(answer.Headers.GetValues($"X-RateLimit-{name}").Single(), null);
    }
}

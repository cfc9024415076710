using System.Text;
using System.Text.Json;
using Spoo.Data.Stats;
using Spoo.Data.Stats.Question;
using Spoo.Tests.Support;

namespace Spoo.Tests.Api;

/// <summary>
/// Whatever is sent, the answer is what was asked for or says what is wrong with it. The numbers are fixed, so a failure can be
/// run again; its message has the request.
/// </summary>
public sealed class FuzzTests(SpooApp app) : IClassFixture<SpooApp>
{
    private const int Rounds = 40;

    /// <summary>Texts that have broken a program before.</summary>
    private static readonly string[] Nasty =
    [
        "", " ", "\t", "\0", "\r\nSet-Cookie: a=b", "\u0001\u001f\u007f", "null", "undefined", "NaN", "Infinity", "-1", "0", "1e309", "1.5",
        "2147483648", "-9223372036854775808", "99999999999999999999999999", "0x10", "1_000", "٣", "²", "true", "[]", "{}", "{", "\"",
        "'; DROP TABLE Links; --", "' OR '1'='1", "1; SELECT pg_sleep(10)", "%00", "%", "%zz", "%E0%A4%A", "+", "&", "=", "#", ";",
        "../../../etc/passwd", "<script>alert(1)</script>", "${jndi:ldap://x}", "{{7*7}}", "=1+1", "@SUM(A1)", "ÅΩ≈ç√", "👩‍👩‍👧‍👦",
        "\u202Egnp.exe", "\uFEFF", "\uD83D", "a\u0300\u0301\u0302", "ZALGO\u0336", "İıſK", ",", ",,,", "a,,b", " a , b ", "all", "anon",
        "time", "clicks", "browser", "2025-01-01", "2025-02-30", "0000-00-00", "9999-12-31T23:59:59Z", "-0001-01-01", "2025-W53-7",
        "253402300800", "-62135596800", "99999999999999", "UTC", "Europe/Berlin", "Etc/GMT+14", "../UTC", "ACTIVE", "descending",
        "http://example.com", "javascript:alert(1)", "http://", "http://[", "http://a b", "http://%41", "//x", "http://user:p@ss@h:99999/",
        "{\"a\":" + "[", "[[[[[[[[", "{\"browser\":{\"a\":[{}]}}", "{\"browser\":[1,null,true,{},[]]}", "{\"short_code\":\"x\"}",
        "{\"status\":1}", "{\"search\":{\"$ne\":1}}", "{\"createdAfter\":1e400}", "{\"a\":\"\\ud800\"}", "{\"search\":\"\\u0000\"}",
    ];

    private static readonly string[] StatsNames =
    [
        "scope", "short_code", "url_id", "start_date", "end_date", "period", "timezone", "group_by", "metrics", "interval", "limit", "cross",
        "compare", "compare_start", "compare_end", "filters", "nothing", "", "group_by[]", "__proto__",
        .. Dimension.Filterable.SelectMany(dimension => FilterOperator.All.Select(op => dimension.Name + op.Suffix)),
    ];

    private static readonly string[] ListNames =
        ["page", "pageSize", "page_size", "sortBy", "sort_by", "sortOrder", "sort_order", "filter", "filterBy", "nothing"];

    private static readonly string[] BodyNames =
    [
        "long_url", "url", "alias", "password", "block_bots", "max_clicks", "expire_after", "private_stats", "status", "ids", "name",
        "description", "scopes", "expires_at", "nothing",
    ];

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task No_query_brings_the_api_down(int seed)
    {
        var random = new Random(seed);
        var (key, link) = await OwnerAsync();
        string[] addresses =
        [
            "/api/v1/stats", $"/api/v1/stats/links/{link}", "/api/v1/urls", $"/api/v1/urls/{link}", "/api/v1/shorten/check-alias",
            "/api/v1/public/stats/fuzzed", "/api/v1/public/preview/fuzzed",
        ];

        for (var round = 0; round < Rounds; round++)
        {
            foreach (var address in addresses)
            {
                var names = address.EndsWith("urls", StringComparison.Ordinal) ? ListNames
                    : address.EndsWith("check-alias", StringComparison.Ordinal) ? ["alias"]
                    : StatsNames;
                var query = string.Join('&', Enumerable.Range(0, random.Next(1, 6)).Select(_ => $"{Escape(Pick(random, names))}={Text(random)}"));
                await SendAsync(random.Next(4) == 0 ? app.Anonymous() : key, HttpMethod.Get, $"{address}?{query}", null);
            }
        }
    }

    [Fact]
    public async Task Every_nasty_text_in_every_parameter_is_answered()
    {
        var (key, _) = await OwnerAsync();

        foreach (var (number, text) in Nasty.Index())
        {
            // Each text meets every name, spread over the addresses so that the run stays short.
            foreach (var name in StatsNames.Where((_, index) => (index + number) % 7 == 0))
            {
                await SendAsync(key, HttpMethod.Get, $"/api/v1/stats?{Escape(name)}={Escape(text)}", null);
            }

            foreach (var name in ListNames)
            {
                await SendAsync(key, HttpMethod.Get, $"/api/v1/urls?{name}={Escape(text)}", null);
            }

            await SendAsync(key, HttpMethod.Get, $"/api/v1/shorten/check-alias?alias={Escape(text)}", null);

            // A NUL in a path is refused by the server before it becomes a request, and the test's host does not make one of it.
            if (!text.Contains('\0', StringComparison.Ordinal) && text != "%00")
            {
                await SendAsync(key, HttpMethod.Get, $"/api/v1/urls/{Escape(text)}", null);
                await SendAsync(key, HttpMethod.Get, $"/api/v1/public/preview/{Escape(text)}", null);
            }
        }
    }

    [Theory]
    [InlineData(4)]
    [InlineData(5)]
    public async Task No_body_brings_the_api_down(int seed)
    {
        var random = new Random(seed);
        var (key, link) = await OwnerAsync();
        var person = await app.ScriptOfAsync(await app.AddUserAsync());
        for (var round = 0; round < Rounds; round++)
        {
            await SendAsync(key, HttpMethod.Post, "/api/v1/shorten", Body(random));
            await SendAsync(key, HttpMethod.Patch, $"/api/v1/urls/{link}", Body(random));
            await SendAsync(key, HttpMethod.Patch, $"/api/v1/urls/{link}/status", Body(random));
            await SendAsync(key, HttpMethod.Post, $"/api/v1/urls/bulk/{Pick(random, ["delete", "status", "expiry"])}", Body(random));
            await SendAsync(key, HttpMethod.Post, "/api/v1/public/stats/fuzzed", Body(random));
            await SendAsync(person, HttpMethod.Post, "/api/v1/keys", Body(random));
            await SendAsync(person, HttpMethod.Delete, $"/api/v1/keys/{Text(random)}?revoke={Text(random)}", null);
        }
    }

    [Theory]
    [InlineData("/api/v1/stats?filters=", 4900)]
    [InlineData("/api/v1/urls?filter=", 7000)]
    public async Task Json_that_is_only_brackets_is_refused_and_costs_nothing(string address, int depth)
    {
        var (key, _) = await OwnerAsync();

        await key.ProblemAsync(address + new string('[', depth), 422, "validation_error");
    }

    [Fact]
    public async Task A_body_that_is_only_brackets_is_refused_and_costs_nothing()
    {
        var (key, _) = await OwnerAsync();

        await key.SendAsync(HttpMethod.Post, "/api/v1/shorten", new string('[', 500_000)).ProblemAsync(422, "validation_error");
    }

    [Theory]
    [InlineData("Authorization", "Bearer \u00e4\u00f6\u00fc")]
    [InlineData("Authorization", "Bearer spoo_")]
    [InlineData("Accept", "not a media type")]
    [InlineData("Cookie", "spoo=nonsense")]
    [InlineData("Cookie", "====;;;;")]
    [InlineData("Content-Type", "application/json; charset=utf-7")]
    public async Task No_header_brings_the_api_down(string name, string value)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/v1/shorten");
        request.Content = new StringContent("""{"long_url":"https://example.com"}""", Encoding.UTF8, "application/json");
        if (!request.Headers.TryAddWithoutValidation(name, value))
        {
            request.Content.Headers.Remove(name);
            request.Content.Headers.TryAddWithoutValidation(name, value);
        }

        using var answer = await app.Anonymous().SendAsync(request, TestContext.Current.CancellationToken);

        await InsistAsync(answer, $"{name}: {value}");
    }

    private static async Task SendAsync(HttpClient client, HttpMethod method, string address, string? json)
    {
        using var answer = await client.SendAsync(method, address, json);
        await InsistAsync(answer, $"{method} {address} {json}");
    }

    /// <summary>Success with JSON, or an error of the caller's in the shape that all errors have.</summary>
    private static async Task InsistAsync(HttpResponseMessage answer, string request)
    {
        var text = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        var status = (int)answer.StatusCode;
        Assert.True(status is >= 200 and < 300 or >= 400 and < 500, $"{request}: {status} {text}");
        Assert.True(answer.Content.Headers.ContentType?.MediaType == "application/json", $"{request}: {status} {answer.Content.Headers.ContentType}");
        var body = JsonElement.Parse(text);
        if (status >= 400)
        {
            Assert.True(body.Text("error").Length > 0 && body.Text("code") == body.Text("error_code"), $"{request}: {text}");
            Assert.Equal([body.Text("code")], answer.Headers.GetValues("X-Error-Code"));
        }
    }

    private static string Text(Random random) => random.Next(6) switch
    {
        // Not escaped at all, as a careless program sends it; what would end the address is left out.
        0 => new string([.. Pick(random, Nasty).Where(c => c is > ' ' and < '\u007f' and not '#')]),
        1 => Escape(new string(Pick(random, ["a", ",", "é", "{", "9", "👩"])[0], random.Next(1, 6000))),
        2 => Escape(new string([.. Enumerable.Range(0, random.Next(1, 30)).Select(_ => (char)random.Next(1, 0xD7FF))])),
        3 => string.Concat(Enumerable.Range(0, random.Next(1, 10)).Select(_ => $"%{random.Next(256):X2}")),
        4 => Escape(Pick(random, Nasty) + "," + Pick(random, Nasty)),
        _ => Escape(Pick(random, Nasty)),
    };

    private static string Body(Random random) => random.Next(8) switch
    {
        0 => Pick(random, Nasty),
        1 => "{\"long_url\":\"https://example.com/\"," + Field(random) + "}",
        2 => "{\"name\":\"x\",\"scopes\":[\"stats:read\"]," + Field(random) + "}",
        3 => "{\"ids\":[\"0123456789abcdef01234567\"]," + Field(random) + "}",
        _ => "{" + string.Join(',', Enumerable.Range(0, random.Next(1, 8)).Select(_ => Field(random))) + "}",
    };

    private static string Field(Random random) => $"\"{Pick(random, BodyNames)}\":{Value(random)}";

    private static string Value(Random random) => random.Next(8) switch
    {
        0 => Pick(random, ["null", "true", "false", "0", "-1", "1.5", "1e400", "99999999999999999999", "[]", "{}", "[null]", "[[]]"]),
        1 => random.NextInt64().ToString(System.Globalization.CultureInfo.InvariantCulture),
        2 => $"\"{new string('x', random.Next(1, 9000))}\"",
        3 => "\"\\ud800\"",
        4 => $"[{string.Join(',', Enumerable.Repeat("\"0123456789abcdef01234567\"", random.Next(0, 120)))}]",
        _ => JsonSerializer.Serialize(Pick(random, Nasty)),
    };

    private static string Pick(Random random, string[] texts) => texts[random.Next(texts.Length)];

    /// <summary>Escapes what is text; half a surrogate pair goes over the wire as the bytes that some programs make of it.</summary>
    private static string Escape(string text) => text == "\uD83D" ? "%ED%A0%BD" : Uri.EscapeDataString(text);

    private async Task<(HttpClient Client, string LinkId)> OwnerAsync()
    {
        var owner = await app.AddUserAsync();
        var link = await app.AddAsync(Some.Link(owner: owner));
        await app.AddAsync(Some.Click(link));
        return (await app.WithKeyAsync(owner), link.PublicId);
    }
}

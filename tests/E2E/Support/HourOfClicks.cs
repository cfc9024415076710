using System.Globalization;
using System.Text.Json;

namespace Spoo.Stories.Support;

/// <summary>
/// An hour of clicks in bit.ly's format, made up but shaped like a real one of March 2012: as many clicks, links and countries, a few
/// links that have most of them, and lines that are no clicks. The same every time.
/// </summary>
internal static class HourOfClicks
{
    public const int Clicks = 3_440;
    public const int Links = 737;
    public const int Countries = 72;
    public const int Heartbeats = 120;

    /// <summary>The link that the stories look at, and its clicks.</summary>
    public const string Link = "wcndER";
    public const int ClicksOfLink = 425;

    public const int FromBrazil = 35;
    public const int FromGermany = 28;

    private const int ClicksOfFirstLink = 836;

    private static readonly DateTimeOffset Start = new(2012, 3, 16, 18, 40, 47, TimeSpan.Zero);

    // Null: bit.ly did not know.
    private static readonly (string? Code, int Clicks)[] Most =
    [
        ("US", 2_305), (null, 521), ("GB", 74), ("CA", 60), ("ES", 37), ("JP", 37), ("BR", FromBrazil), ("DE", FromGermany), ("IT", 27),
        ("NL", 22), ("MX", 19), ("PL", 16),
    ];

    private static readonly string[] Rest =
    [
        "AU", "FR", "BE", "SE", "CH", "AT", "NO", "DK", "FI", "IE", "PT", "GR", "TR", "RU", "UA", "RO", "HU", "CZ", "SK", "BG",
        "HR", "SI", "RS", "EE", "LV", "LT", "IN", "CN", "KR", "TW", "HK", "SG", "MY", "TH", "VN", "PH", "ID", "AE", "SA", "IL",
        "EG", "ZA", "NG", "KE", "MA", "AR", "CL", "CO", "PE", "VE", "UY", "EC", "CR", "PA", "GT", "DO", "PR", "JM", "NZ", "PK",
    ];

    private static readonly string[] Cities =
    [
        "Washington", "New York", "Provo", "White Plains", "Palo Alto", "Newark", "New Orleans", "Dallas", "Seattle", "Newport News", "Houston",
    ];

    private static readonly string[] Agents =
    [
        "Mozilla/5.0 (Windows NT 6.1; WOW64) AppleWebKit/535.11 (KHTML, like Gecko) Chrome/17.0.963.79 Safari/535.11",
        "Mozilla/5.0 (Windows NT 5.1) AppleWebKit/535.11 (KHTML, like Gecko) Chrome/17.0.963.78 Safari/535.11",
        "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_7_3) AppleWebKit/535.11 (KHTML, like Gecko) Chrome/17.0.963.79 Safari/535.11",
        "Mozilla/5.0 (Windows NT 6.1; WOW64; rv:10.0.2) Gecko/20100101 Firefox/10.0.2",
        "Mozilla/5.0 (X11; Linux x86_64; rv:10.0.2) Gecko/20100101 Firefox/10.0.2",
        "Mozilla/4.0 (compatible; MSIE 8.0; Windows NT 6.1; WOW64; Trident/4.0)",
        "Mozilla/5.0 (compatible; MSIE 9.0; Windows NT 6.1; WOW64; Trident/5.0)",
        "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_6_8) AppleWebKit/534.52.7 (KHTML, like Gecko) Version/5.1.2 Safari/534.52.7",
        "Mozilla/5.0 (iPhone; CPU iPhone OS 5_1 like Mac OS X) AppleWebKit/534.46 (KHTML, like Gecko) Version/5.1 Mobile/9B176 Safari/7534.48.3",
        "Mozilla/5.0 (iPad; CPU OS 5_1 like Mac OS X) AppleWebKit/534.46 (KHTML, like Gecko) Version/5.1 Mobile/9B176 Safari/7534.48.3",
        "Mozilla/5.0 (Linux; U; Android 2.3.5; en-us; SAMSUNG-SGH-I727) AppleWebKit/533.1 (KHTML, like Gecko) Version/4.0 Mobile Safari/533.1",
        "Opera/9.80 (Windows NT 6.1; U; en) Presto/2.10.229 Version/11.61",
        "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)",
        "Twitterbot/1.0",
        "GoogleMaps/RochesterNY",
    ];

    private static readonly string[] Referrers =
    [
        "direct", "direct", "direct", "http://www.facebook.com/", "http://t.co/UKGBxj29", "http://www.AwareMap.com/", "http://togetter.com/li/39380",
        "http://www.reddit.com/r/space", "https://www.google.com/search?q=nasa", "http://www.shrewsbury-ma.gov/selco/",
    ];

    private static readonly string[] Languages = ["en-US,en;q=0.8", "en-US", "en-us", "es", "pt-BR", "de-DE,de;q=0.8", "ja", "it-IT"];

    /// <summary>Writes the file into a folder. Its name tells the format.</summary>
    public static string WriteTo(string folder)
    {
        var path = Path.Combine(folder, "hour-bitly-clicks.ndjson");
        File.WriteAllLines(path, Lines());
        return path;
    }

    private static IEnumerable<string> Lines()
    {
        var random = new Random(2012);
        var countries = Shuffled(random, Most.Concat(Rest.Select((code, number) => ((string?)code, number < 19 ? 5 : 4))));
        var links = Shuffled(random, LinksWithClicks(random));
        for (var i = 0; i < Clicks; i++)
        {
            if (i % (Clicks / Heartbeats) == 0 && i / (Clicks / Heartbeats) < Heartbeats)
            {
                yield return string.Create(CultureInfo.InvariantCulture, $$"""{ "_heartbeat_": {{Start.ToUnixTimeSeconds() + i}} }""");
            }

            yield return JsonSerializer.Serialize(Click(random, i, countries[i], links[i]));
        }
    }

    private static Dictionary<string, object> Click(Random random, int number, string? country, string link)
    {
        var click = new Dictionary<string, object>
        {
            ["a"] = Of(random, Agents),
            ["tz"] = country is null ? "" : "America/New_York",
            ["g"] = link,
            ["h"] = link,
            ["hh"] = "1.usa.gov",
            ["al"] = Of(random, Languages),
            ["r"] = Of(random, Referrers),
            ["u"] = $"http://www.example.gov/{link}",
            ["t"] = Start.ToUnixTimeSeconds() + number,
            ["hc"] = Start.ToUnixTimeSeconds() - 90_000,
        };
        if (country is not null)
        {
            click["c"] = country;
            click["cy"] = country == "US" ? Of(random, Cities) : $"Town in {country}";
        }

        return click;
    }

    private static IEnumerable<(string Link, int Clicks)> LinksWithClicks(Random random)
    {
        // One click each, and the rest for the first ones rather than the last.
        const int Others = Links - 2;
        var clicks = Enumerable.Repeat(1, Others).ToArray();
        for (var left = Clicks - ClicksOfFirstLink - ClicksOfLink - Others; left > 0; left--)
        {
            clicks[(int)(Others * Math.Pow(random.NextDouble(), 4))]++;
        }

        return [("vNJS4H", ClicksOfFirstLink), (Link, ClicksOfLink), .. clicks.Select((count, number) => (string.Create(CultureInfo.InvariantCulture, $"gov{number:000}"), count))];
    }

    private static T[] Shuffled<T>(Random random, IEnumerable<(T Value, int Count)> values)
    {
        var all = values.SelectMany(value => Enumerable.Repeat(value.Value, value.Count)).ToArray();
        random.Shuffle(all);
        return all.Length == Clicks ? all : throw new InvalidOperationException($"{all.Length} are not {Clicks}.");
    }

    private static string Of(Random random, string[] values) => values[random.Next(values.Length)];
}

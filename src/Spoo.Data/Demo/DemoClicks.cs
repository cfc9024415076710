using System.Buffers;
using System.Globalization;
using System.Text.Json;

namespace Spoo.Data.Demo;

/// <summary>
/// Clicks as they might have happened: people work on weekdays and sleep at night where they live, an account grows, campaigns come and go, a story
/// goes viral for a day. Every day is thrown by itself, so that the same seed gives the same clicks whenever one asks, and a later
/// day only adds to them.
/// </summary>
internal sealed class DemoClicks
{
    private const double ShareOfBots = 0.08;
    private const double ShareOfReturns = 0.36;
    private const int SecondsPerHour = 3600;

    private static readonly double[] Weekdays = [0.62, 1.08, 1.16, 1.14, 1.1, 0.98, 0.6];
    private static readonly double[] WorkingHours = WeightedRandom.Sums([2, 1, 1, 1, 1, 2, 5, 9, 14, 17, 18, 17, 15, 16, 17, 16, 14, 12, 10, 10, 11, 10, 7, 4]);
    private static readonly double[] FreeHours = WeightedRandom.Sums([4, 3, 2, 1, 1, 1, 2, 4, 7, 10, 13, 14, 14, 13, 13, 13, 12, 12, 13, 14, 15, 13, 10, 7]);
    private static readonly double[] CountryWeights = WeightedRandom.Sums(DemoWorld.Countries.Select(country => country.Weight));
    private static readonly double[] BrowserWeights = WeightedRandom.Sums(DemoWorld.Browsers.Select(browser => browser.Weight));
    private static readonly double[] BotWeights = WeightedRandom.Sums(DemoWorld.Bots.Select(bot => bot.Weight));
    private static readonly double[][] ReferrerWeights = [.. DemoWorld.Links.Select(link => WeightedRandom.Sums(link.Referrers.Select(referrer => referrer.Share)))];

    private readonly long _seed;
    private readonly DateOnly _first;
    private readonly double _scale;
    private readonly List<int> _counts = [];

    /// <param name="first">The first of the <see cref="DemoWorld.Days"/> days.</param>
    /// <param name="clicks">How many there are, more or less, on those days together.</param>
    public DemoClicks(long seed, DateOnly first, int clicks)
    {
        (_seed, _first, _scale) = (seed, first, 1);
        _scale = clicks / Enumerable.Range(0, DemoWorld.Days).Sum(day => LinkWeights(day).Sum() * Rhythm(day));
    }

    /// <summary>Writes the clicks up to a moment as the NDJSON that <c>import clicks</c> reads.</summary>
    public void Write(IBufferWriter<byte> lines, int day, DateTimeOffset until)
    {
        var sums = WeightedRandom.Sums(LinkWeights(day));
        while (_counts.Count <= day)
        {
            _counts.Add(CountOn(_counts.Count));
        }

        var count = _counts[day];
        using var json = new Utf8JsonWriter(lines);
        for (var number = 0; number < count; number++)
        {
            json.Reset(lines);
            if (WriteClick(json, day, number, sums, until))
            {
                json.Flush();
                lines.Write("\n"u8);
            }
        }
    }

    private int CountOn(int day) => (int)Math.Round(_scale * LinkWeights(day).Sum() * Rhythm(day));

    private bool WriteClick(Utf8JsonWriter json, int day, int number, double[] links, DateTimeOffset until)
    {
        var dice = new WeightedRandom(_seed, day, number);
        var at = dice.By(links);
        var link = DemoWorld.Links[at];
        var isBot = dice.Happens(ShareOfBots);

        // A returning visitor is the one of an earlier click, with the same browser and place.
        var (origin, index) = (day, number);
        if (!isBot && dice.Happens(ShareOfReturns) && day - 1 - (int)(14 * dice.Share() * dice.Share()) is var earlier && _counts[Math.Max(earlier, 0)] is > 0 and var there)
        {
            (origin, index) = (Math.Max(earlier, 0), dice.Roll(there));
        }

        var visitor = new WeightedRandom(_seed, origin, index, 1);
        var country = DemoWorld.Countries[visitor.By(CountryWeights)];
        var (region, city) = country.Cities[(int)(country.Cities.Count * visitor.Share() * visitor.Share())];
        var userAgent = isBot ? DemoWorld.Bots[dice.By(BotWeights)].UserAgent : DemoWorld.Browsers[visitor.By(BrowserWeights)].UserAgent;

        var weekday = _first.AddDays(day).DayOfWeek;
        var hour = isBot ? dice.Roll(24) : dice.By(weekday is DayOfWeek.Saturday or DayOfWeek.Sunday ? FreeHours : WorkingHours) - country.Hours;
        var second = ((((hour % 24) + 24) % 24) * SecondsPerHour) + dice.Roll(SecondsPerHour);
        var time = new DateTimeOffset(_first.AddDays(day), TimeOnly.MinValue, TimeSpan.Zero).AddSeconds(second).AddMilliseconds(dice.Roll(1000));
        if (time > until)
        {
            return false;
        }

        var isScan = !isBot && dice.Happens(link.Qr);
        json.WriteStartObject();
        json.WriteString("time", time);
        json.WriteString("short_code", link.Code);
        json.WriteString("visitor", isBot ? userAgent + region : string.Create(CultureInfo.InvariantCulture, $"{origin}.{index}"));
        json.WriteString("user_agent", userAgent);
        json.WriteString("country", country.Code);
        json.WriteString("region", region);
        json.WriteString("city", city);
        if (!isBot)
        {
            json.WriteString("language", country.Language);
        }

        if (!isBot && !isScan && link.Referrers[dice.By(ReferrerWeights[at])].Url is { } referrer)
        {
            json.WriteString("referrer", referrer);
        }

        if (link.Utm is { } utm)
        {
            json.WriteString("utm_source", utm.Source);
            json.WriteString("utm_medium", utm.Medium);
            json.WriteString("utm_campaign", utm.Campaign);
        }

        json.WriteString("trigger", isScan ? "qr" : "link");
        json.WriteNumber("redirect_ms", 1 + (int)(6 * dice.Share() * dice.Share()));
        json.WriteString("id", string.Create(CultureInfo.InvariantCulture, $"demo-{_seed}-{day}-{number}"));
        json.WriteEndObject();
        return true;
    }

    /// <summary>How busy a day is beside others.</summary>
    private double Rhythm(int day)
    {
        var date = _first.AddDays(day);
        var dice = new WeightedRandom(_seed, day, -1);
        var growth = 0.3 + (1.4 * day / DemoWorld.Days);
        var season = date.Month switch
        {
            8 => 0.82,
            12 when date.Day >= 22 => 0.55,
            1 when date.Day <= 3 => 0.6,
            _ => 1.0,
        };
        return growth * season * Weekdays[(int)date.DayOfWeek] * (0.9 + (0.2 * dice.Share()));
    }

    private static IEnumerable<double> LinkWeights(int day) => DemoWorld.Links.Select(link =>
    {
        if (day < link.Day)
        {
            return 0;
        }

        // A campaign's first day is its best; each of the next has a share of the one before, so that it is over at its end.
        var extra = link.Events.Where(happening => day >= happening.Day && day < happening.Day + happening.Days)
            .Sum(happening => happening.Times * Math.Exp(-3.0 * (day - happening.Day) / happening.Days));
        return link.Weight * (1 + extra);
    });
}

using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Spoo.Data.Stats.Counting.Columns;

namespace Spoo.Compare;

/// <summary>The clicks that every engine is given, as numbers: texts are coded once, here, which spares all engines the same work.</summary>
internal sealed class ClickData
{
    public static readonly string[] ProfileFields = ["browser", "os", "device", "country", "region", "city", "language", "bot"];
    public static readonly string[] SourceFields = ["referrer", "utm_source", "utm_medium", "utm_campaign", "trigger"];

    private const int BatchSize = 1 << 16;
    private const long Day = 86_400_000;

    private readonly long[] _visitors;
    private readonly long[] _times;
    private readonly int[] _links;
    private readonly int[] _profiles;
    private readonly int[] _sources;
    private readonly int[] _redirects;
    private readonly AttributeTable _profileTable = new(ProfileFields.Length);
    private readonly AttributeTable _sourceTable = new(SourceFields.Length);

    private ClickData(int count)
    {
        _visitors = new long[count];
        _times = new long[count];
        _links = new int[count];
        _profiles = new int[count];
        _sources = new int[count];
        _redirects = new int[count];
    }

    public int Count => _visitors.Length;

    public long FirstTime => _times.Min();

    public long LastTime => _times.Max();

    /// <summary>The link, country and browser with the most clicks.</summary>
    public (int Link, int Country, int Browser) Favourites => (
        MostFrequent(_links),
        MostFrequent(_profiles.Select(profile => _profileTable[profile, Array.IndexOf(ProfileFields, "country")])),
        MostFrequent(_profiles.Select(profile => _profileTable[profile, Array.IndexOf(ProfileFields, "browser")])));

    /// <summary>
    /// A year of clicks through 1,000 links by visitors who mostly come once or twice, and some very often; a few links, countries,
    /// referrers and campaigns have most of the clicks. Every twentieth click is by a visitor who looks different this time.
    /// </summary>
    public static ClickData Generate(int count, int seed)
    {
        var random = new Random(seed);
        var data = new ClickData(count);
        var mostVisitors = Math.Max(1, (int)(count * 0.29));
        var start = new DateTimeOffset(2025, 1, 1, 0, 0, 0, TimeSpan.Zero).ToUnixTimeMilliseconds();
        var sources = Enumerable.Range(0, 6_000).Select(_ => data._sourceTable.Add(
            Skewed(2_000, 3), Sometimes(Skewed(30, 2)), Sometimes(Skewed(10, 2)), Sometimes(Skewed(200, 2)), random.Next(20) == 0 ? 1 : 0)).ToArray();
        var agents = Enumerable.Range(0, 1 << 16).Select(_ => Skewed(400, 3)).ToArray();
        var cities = Enumerable.Range(0, 1 << 16).Select(_ => Skewed(6_000, 2.5)).ToArray();
        for (var i = 0; i < count; i++)
        {
            var visitor = Scrambled((ulong)Skewed(mostVisitors, 1.35));
            var look = (int)(visitor >> 8) & 0xFFFFFF;
            look += random.Next(20) == 0 ? random.Next(3) : 0;
            var (agent, city) = (agents[look & 0xFFFF], cities[(look >> 4) & 0xFFFF]);
            data._visitors[i] = (long)visitor;
            data._times[i] = start + random.NextInt64(365 * Day);
            data._links[i] = Skewed(1_000, 3);
            data._profiles[i] = data._profileTable.Add(
                1 + (agent % 19), 1 + (agent % 11), 1 + (agent % 4), 1 + (city % 200), 1 + (city % 1_500), 1 + city, 1 + (city % 60), agent % 30 == 0 ? 1 : 0);
            data._sources[i] = sources[Skewed(sources.Length, 2)];
            data._redirects[i] = 1 + (int)(Math.Pow(random.NextDouble(), 6) * 250);
        }

        return data;

        int Skewed(int below, double skew) => Math.Min(below - 1, (int)(below * Math.Pow(random.NextDouble(), skew)));
        int Sometimes(int code) => random.Next(3) == 0 ? code : 0;
    }

    /// <summary>Clicks in the form that docs/import.md calls NDJSON. Of a visitor, <c>visitor</c> counts, or else <c>ip</c> and <c>user_agent</c>.</summary>
    public static ClickData Read(string path)
    {
        var lines = File.ReadLines(path).Where(line => !string.IsNullOrWhiteSpace(line)).Count();
        var data = new ClickData(lines);
        var links = new ColumnDictionary();
        var texts = ProfileFields.Concat(SourceFields).ToDictionary(field => field, _ => new ColumnDictionary());
        var i = 0;
        foreach (var line in File.ReadLines(path).Where(line => !string.IsNullOrWhiteSpace(line)))
        {
            try
            {
                using var json = JsonDocument.Parse(line);
                var click = json.RootElement;
                data._visitors[i] = Hash(Text(click, "visitor") ?? $"{Text(click, "ip")}\n{Text(click, "user_agent")}");
                data._times[i] = Time(click);
                data._links[i] = links.Add(Text(click, "short_code") ?? throw new FormatException("short_code is missing")) - 1;
                data._profiles[i] = data._profileTable.Add([.. ProfileFields.Select(field => texts[field].Add(Text(click, field)))]);
                data._sources[i] = data._sourceTable.Add([.. SourceFields.Select(field => texts[field].Add(Text(click, field)))]);
                data._redirects[i] = click.TryGetProperty("redirect_ms", out var redirect) ? redirect.GetInt32() : -1;
                i++;
            }
            catch (Exception exception) when (exception is JsonException or FormatException or InvalidOperationException)
            {
                throw new FormatException($"{path}: click {i + 1} cannot be read: {exception.Message}", exception);
            }
        }

        return data;
    }

    public ClickColumns ToColumns()
    {
        var builder = new ClickColumnsBuilder(ProfileFields.Length, SourceFields.Length, Count);
        AddTo(builder);
        return builder.Build();
    }

    /// <param name="builder">Gets all clicks.</param>
    /// <param name="turned">Bits of the visitors that are turned over, so that the same clicks can be added again as those of others.</param>
    public void AddTo(ClickColumnsBuilder builder, long turned = 0)
    {
        for (var start = 0; start < Count; start += BatchSize)
        {
            var count = Math.Min(BatchSize, Count - start);
            builder.Add(new ClickArrays
            {
                Visitors = turned == 0 ? _visitors.AsMemory(start, count) : Array.ConvertAll(_visitors[start..(start + count)], visitor => visitor ^ turned),
                Times = _times.AsMemory(start, count),
                Links = _links.AsMemory(start, count),
                Profiles = _profiles.AsMemory(start, count),
                Sources = _sources.AsMemory(start, count),
                RedirectMs = _redirects.AsMemory(start, count),
                ProfileTable = _profileTable,
                SourceTable = _sourceTable,
            });
        }
    }

    /// <summary>The columns that are asked about and no others, which is to the advantage of engines that read whole rows.</summary>
    public void WriteCsv(string path)
    {
        using var file = new StreamWriter(path, append: false, new UTF8Encoding(false), 1 << 20);
        var profile = Question.Columns.Where(ProfileFields.Contains).Select(field => Array.IndexOf(ProfileFields, field)).ToArray();
        var source = Question.Columns.Where(SourceFields.Contains).Select(field => Array.IndexOf(SourceFields, field)).ToArray();
        var line = new StringBuilder();
        for (var i = 0; i < Count; i++)
        {
            line.Clear().Append(CultureInfo.InvariantCulture, $"{_visitors[i]},{_times[i]},{_links[i]}");
            foreach (var column in profile)
            {
                line.Append(',').Append(_profileTable[_profiles[i], column]);
            }

            foreach (var column in source)
            {
                line.Append(',').Append(_sourceTable[_sources[i], column]);
            }

            file.Write(line.Append('\n'));
        }
    }

    private static int MostFrequent(IEnumerable<int> codes) => codes.CountBy(code => code).MaxBy(count => count.Value).Key;

    private static ulong Scrambled(ulong number)
    {
        number *= 0x9E3779B97F4A7C15;
        number ^= number >> 29;
        number *= 0xBF58476D1CE4E5B9;
        return number ^ (number >> 32);
    }

    private static long Hash(string text) => BitConverter.ToInt64(SHA256.HashData(Encoding.UTF8.GetBytes(text)));

    private static string? Text(JsonElement click, string field) =>
        click.TryGetProperty(field, out var value) && value.ValueKind != JsonValueKind.Null && value.ToString() is { Length: > 0 } text ? text : null;

    private static long Time(JsonElement click) => Text(click, "time") is not { } text
        ? throw new FormatException("time is missing")
        : long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)
            ? number > 100_000_000_000 ? number : number * 1000
            : DateTimeOffset.Parse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal).ToUnixTimeMilliseconds();
}

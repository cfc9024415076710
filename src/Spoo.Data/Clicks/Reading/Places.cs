using System.Net;
using Microsoft.Extensions.Logging;
using Spoo.Data.Clicks.Facts;

namespace Spoo.Data.Clicks.Reading;

/// <summary>Where an address is. Null is "not known", in each place.</summary>
/// <param name="Country">ISO 3166-1 alpha-2.</param>
/// <param name="Region">State, province, canton: the largest part of the country, in English.</param>
/// <param name="City">In English.</param>
/// <param name="CityId">The city's number at GeoNames, where the database has it.</param>
public sealed record PlaceFacts(string? Country, string? Region, string? City, long? CityId = null)
{
    /// <summary>Characters kept of a region's or city's name.</summary>
    public const int LongestName = 200;

    public static PlaceFacts Unknown { get; } = new(null, null, null);

    public Continent? Continent => Countries.Find(Country)?.Continent;

    /// <summary>What a proxy in front of us says of the visitor, in headers such as <c>CF-IPCountry</c>. Only for proxies that are trusted.</summary>
    public static PlaceFacts FromProxy(string? country, string? region, string? city) => new(
        Countries.Find(country)?.Code, OutsideText.Clean(region, LongestName), OutsideText.Clean(city, LongestName));
}

/// <summary>A database in use.</summary>
/// <param name="File">Its name, without the folder.</param>
/// <param name="Type">What it calls itself.</param>
/// <param name="BuiltAt">When its maker made it.</param>
public sealed record PlaceDatabase(string File, string Type, DateTimeOffset BuiltAt)
{
    /// <summary>What its licence asks us to show beside every number that comes from it: a text, and where it links to. Null: nothing, as far as we know.</summary>
    public (string Text, string Url)? Credit => (File + " " + Type).ToUpperInvariant() switch
    {
        var name when name.Contains("DBIP", StringComparison.Ordinal) || name.Contains("DB-IP", StringComparison.Ordinal) =>
            ("IP Geolocation by DB-IP", "https://db-ip.com"),
        var name when name.Contains("GEOLITE", StringComparison.Ordinal) =>
            ("This product includes GeoLite2 Data created by MaxMind", "https://www.maxmind.com"),
        _ => null,
    };
}

public sealed class PlaceOptions
{
    public const string Section = "Places";

    /// <summary>
    /// An .mmdb file, or a folder of them: city databases are asked before others. Nothing there means that places are not known. Where
    /// nobody says otherwise, the folder is <c>places</c> in the data folder.
    /// </summary>
    public string Path { get; set; } = "data/places";

    /// <summary>How often to look whether the files have changed.</summary>
    public TimeSpan CheckEvery { get; set; } = TimeSpan.FromMinutes(1);
}

/// <summary>
/// Tells where addresses are, by whatever .mmdb files the operator has: MaxMind's nested records or the flat ones of others. New
/// files are taken up while running; one that cannot be read leaves the one before it in use. Safe for many threads.
/// </summary>
public sealed partial class Places : IDisposable
{
    private readonly PlaceOptions _options;
    private readonly ILogger _log;
    private readonly ITimer _timer;
    private readonly Lock _refreshing = new();

    private volatile IReadOnlyList<Database> _databases = [];
    private long _damaged;

    public Places(PlaceOptions options, TimeProvider clock, ILogger<Places> log)
    {
        _options = options;
        _log = log;
        Refresh();
        _timer = clock.CreateTimer(_ => Refresh(), null, options.CheckEvery, options.CheckEvery);
    }

    /// <summary>The databases in use, in the order they are asked. Empty: no place will be known.</summary>
    public IReadOnlyList<PlaceDatabase> Databases => [.. _databases.Select(database => database.About)];

    /// <summary>How many look-ups ended in a damaged part of a file.</summary>
    public long Damaged => Interlocked.Read(ref _damaged);

    public PlaceFacts Read(IPAddress? address)
    {
        foreach (var database in address is null ? [] : _databases)
        {
            try
            {
                if (database.Find(address!) is { Country: not null } place)
                {
                    return place;
                }
            }
            catch (Exception damage) when (damage is InvalidDataException or OverflowException)
            {
                Interlocked.Increment(ref _damaged);
            }
        }

        return PlaceFacts.Unknown;
    }

    /// <summary>Takes up files that are new or have changed, and lets go of those that are gone.</summary>
    public void Refresh()
    {
        lock (_refreshing)
        {
            try
            {
                var before = _databases.ToDictionary(database => database.Path);
                _databases = [.. Files()
                    .Select(file => Open(file, before.GetValueOrDefault(file.FullName)))
                    .OfType<Database>()
                    .OrderBy(database => !database.KnowsCities)
                    .ThenBy(database => database.Path, StringComparer.Ordinal)];
            }
            catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
            {
                LogUnreadable(_options.Path, unreadable.Message);
            }
        }
    }

    public void Dispose() => _timer.Dispose();

    private IEnumerable<FileInfo> Files() =>
        Directory.Exists(_options.Path) ? new DirectoryInfo(_options.Path).EnumerateFiles("*.mmdb")
        : File.Exists(_options.Path) ? [new FileInfo(_options.Path)]
        : [];

    private Database? Open(FileInfo file, Database? known)
    {
        try
        {
            var stamp = (file.Length, file.LastWriteTimeUtc);
            if (known?.Stamp == stamp)
            {
                return known;
            }

            var database = new Database(file.FullName, stamp, new MmdbFile(File.ReadAllBytes(file.FullName)));
            LogTakenUp(file.Name, database.About.Type, database.About.BuiltAt);
            return database;
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException or InvalidDataException or OverflowException)
        {
            // Perhaps it is being copied this very moment; the next look will tell. The one in use goes on.
            LogUnreadable(file.Name, unreadable.Message);
            return known;
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Places are read from {File} ({Type}, made {BuiltAt:yyyy-MM-dd}).")]
    private partial void LogTakenUp(string file, string type, DateTimeOffset builtAt);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{File} cannot be read: {Reason}")]
    private partial void LogUnreadable(string file, string reason);

    private sealed class Database(string path, (long, DateTime) stamp, MmdbFile file)
    {
        // Neighbours share records, and most visitors come from few networks. A slot is overwritten by the next address that needs it.
        private const int Slots = 1 << 14;

        private readonly Remembered?[] _remembered = new Remembered?[Slots];

        public string Path => path;

        public (long, DateTime) Stamp => stamp;

        public PlaceDatabase About { get; } = new(System.IO.Path.GetFileName(path), file.Type, file.BuiltAt);

        public bool KnowsCities => About.Type.Contains("city", StringComparison.OrdinalIgnoreCase)
            || About.Type.Contains("enterprise", StringComparison.OrdinalIgnoreCase)
            || About.File.Contains("city", StringComparison.OrdinalIgnoreCase);

        public PlaceFacts? Find(IPAddress address)
        {
            if (file.Find(address) is not { } record)
            {
                return null;
            }

            ref var slot = ref _remembered[(uint)record.Offset * 2654435769 >> 18];
            if (slot is not { } known || known.Offset != record.Offset)
            {
                slot = known = new(record.Offset, Facts(record));
            }

            return known.Place;
        }

        // GeoIP2: {"country": {"iso_code": "CH"}, "subdivisions": [{"names": {"en": "Bern"}}], "city": {"geoname_id": 2661552, "names": {"en": "Bern"}}}
        // Flat:   {"country_code": "CH", "state1": "Bern", "city": "Bern"}
        private static PlaceFacts Facts(MmdbValue record)
        {
            var city = record["city"];
            return new(
                Countries.Find(record["country"]?["iso_code"]?.Text ?? record["country_code"]?.Text ?? record["country"]?.Text)?.Code,
                Name(record["subdivisions"]?.First ?? record["state1"] ?? record["region"] ?? record["stateprov"]),
                WithoutDistrict(Name(city)),
                city?["geoname_id"]?.Number ?? record["city_geoname_id"]?.Number);
        }

        // DB-IP says "London (Shepherds Bush)"; who asks for London means all of it.
        private static string? WithoutDistrict(string? city) => city is [.., ')'] && city.IndexOf(" (", StringComparison.Ordinal) is var district and > 0 ? city[..district] : city;

        private static string? Name(MmdbValue? value) => OutsideText.Clean(value?["names"]?["en"]?.Text ?? value?.Text, PlaceFacts.LongestName);

        private sealed record Remembered(int Offset, PlaceFacts Place);
    }
}

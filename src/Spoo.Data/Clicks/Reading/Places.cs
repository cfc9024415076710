using System.Net;
using System.Net.Sockets;
using MaxMind.Db;
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

    internal static PlaceFacts Read(string? country, string? region, string? city, long? cityId) => new(
        Countries.Find(country)?.Code,
        OutsideText.Clean(region, LongestName),
        WithoutDistrict(OutsideText.Clean(city, LongestName)),
        cityId);

    // DB-IP says "London (Shepherds Bush)"; who asks for London means all of it.
    private static string? WithoutDistrict(string? city) =>
        city is [.., ')'] && city.IndexOf(" (", StringComparison.Ordinal) is var district and > 0 ? city[..district] : city;

    /// <summary>What a proxy in front of us says of the visitor, in headers such as <c>CF-IPCountry</c>. Only for proxies that are trusted.</summary>
    public static PlaceFacts FromProxy(string? country, string? region, string? city) => new(
        Countries.CodeOf(country), OutsideText.Clean(region, LongestName), OutsideText.Clean(city, LongestName));
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
    /// the settings do not say otherwise, the folder is <c>places</c> in the data folder.
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
            catch (Exception)
            {
                // The library's own errors and some of the framework's: what a damaged file says is as good as nothing.
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

            // Read into memory whole. Mapping it would cost the process when another program truncates the file.
            using var content = file.OpenRead();
            var database = new Database(file.FullName, stamp, new Reader(content));
            LogTakenUp(file.Name, database.About.Type, database.About.BuiltAt);
            return database;
        }
        catch (Exception unreadable)
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

    /// <remarks>
    /// The reader is never disposed of: another thread may be looking in it. Its memory goes when nothing refers to it any more.
    /// </remarks>
    private sealed class Database(string path, (long, DateTime) stamp, Reader reader)
    {
        // Records of one file are alike.
        private readonly bool _isNested = reader.FindAll<Dictionary<string, object>>().Select(found => found.Data)
            .FirstOrDefault()?.Values.Any(value => value is IDictionary<string, object>) == true;

        public string Path => path;

        public (long, DateTime) Stamp => stamp;

        public PlaceDatabase About { get; } = new(System.IO.Path.GetFileName(path), reader.Metadata.DatabaseType ?? "", reader.Metadata.BuildDate);

        public bool KnowsCities => About.Type.Contains("city", StringComparison.OrdinalIgnoreCase)
            || About.Type.Contains("enterprise", StringComparison.OrdinalIgnoreCase)
            || About.File.Contains("city", StringComparison.OrdinalIgnoreCase);

        public PlaceFacts? Find(IPAddress address)
        {
            address = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
            return reader.Metadata.IPVersion == 4 && address.AddressFamily == AddressFamily.InterNetworkV6 ? null
                : _isNested ? reader.Find<NestedPlace>(address)?.Facts
                : reader.Find<FlatPlace>(address)?.Facts;
        }
    }
}

/// <summary>
/// What GeoIP2 says of a network: <c>{"country": {"iso_code": "CH"}, "subdivisions": [{"names": {"en": "Bern"}}],
/// "city": {"geoname_id": 2661552, "names": {"en": "Bern"}}}</c>.
/// </summary>
internal sealed class NestedPlace
{
    [MapKey("country")]
    public Named? Country { get; init; }

    [MapKey("subdivisions")]
    public List<Named>? Subdivisions { get; init; }

    [MapKey("city")]
    public Named? City { get; init; }

    public PlaceFacts Facts => PlaceFacts.Read(Country?.IsoCode, Subdivisions?.FirstOrDefault()?.Names?.English, City?.Names?.English, City?.Id);

    internal sealed class Named
    {
        [MapKey("iso_code")]
        public string? IsoCode { get; init; }

        [MapKey("geoname_id")]
        public long? Id { get; init; }

        [MapKey("names")]
        public NamesByLanguage? Names { get; init; }
    }

    internal sealed class NamesByLanguage
    {
        [MapKey("en")]
        public string? English { get; init; }
    }
}

/// <summary>What the free files say of a network: <c>{"country_code": "CH", "state1": "Bern", "city": "Bern"}</c>.</summary>
internal sealed class FlatPlace
{
    [MapKey("country_code")]
    public string? CountryCode { get; init; }

    [MapKey("country")]
    public string? Country { get; init; }

    [MapKey("state1")]
    public string? State { get; init; }

    [MapKey("region")]
    public string? Region { get; init; }

    [MapKey("stateprov")]
    public string? Province { get; init; }

    [MapKey("city")]
    public string? City { get; init; }

    [MapKey("city_geoname_id")]
    public long? CityId { get; init; }

    public PlaceFacts Facts => PlaceFacts.Read(CountryCode ?? Country, State ?? Region ?? Province, City, CityId);
}

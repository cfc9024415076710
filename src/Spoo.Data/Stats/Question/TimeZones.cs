namespace Spoo.Data.Stats.Question;

/// <summary>Zones by their IANA name. Other names (Windows', or files that merely lie beside the zones) are not known.</summary>
public static class TimeZones
{
    /// <summary>Old names that the clients of spoo.me still send, and what they are called today.</summary>
    private static readonly Dictionary<string, string> Renamed = new(StringComparer.Ordinal)
    {
        ["Asia/Calcutta"] = "Asia/Kolkata",
        ["Asia/Katmandu"] = "Asia/Kathmandu",
        ["Asia/Rangoon"] = "Asia/Yangon",
        ["Asia/Saigon"] = "Asia/Ho_Chi_Minh",
        ["US/Eastern"] = "America/New_York",
        ["US/Central"] = "America/Chicago",
        ["US/Mountain"] = "America/Denver",
        ["US/Pacific"] = "America/Los_Angeles",
    };

    /// <summary>Files of the zone database that are not zones of it.</summary>
    private static readonly string[] NotZones = ["posix/", "right/", "posixrules", "localtime", "Factory"];

    public static TimeZoneInfo Utc => TimeZoneInfo.Utc;

    /// <summary>The names a picker offers, sorted.</summary>
    public static IReadOnlyList<string> Names { get; } =
        [.. TimeZoneInfo.GetSystemTimeZones().Where(zone => zone.HasIanaId).Select(zone => zone.Id).Append("UTC").Distinct().Order(StringComparer.Ordinal)];

    /// <summary>The zone of this name; UTC for a name that is none, as spoo.me answers.</summary>
    public static TimeZoneInfo Resolve(string? name) => Find(name) ?? Utc;

    public static TimeZoneInfo? Find(string? name)
    {
        if (string.IsNullOrEmpty(name) || NotZones.Any(start => name.StartsWith(start, StringComparison.Ordinal)))
        {
            return null;
        }

        name = Renamed.GetValueOrDefault(name, name);
        if (name == "UTC")
        {
            return Utc;
        }

        // The lookup itself is more generous than IANA: it takes Windows' names and, on some systems, any case.
        return TimeZoneInfo.TryFindSystemTimeZoneById(name, out var zone) && zone.HasIanaId && zone.Id == name ? zone : null;
    }
}

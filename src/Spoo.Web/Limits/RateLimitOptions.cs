using System.Globalization;

namespace Spoo.Web.Limits;

/// <summary>Settings of the section <c>RateLimits</c>: how often whom may call what.</summary>
internal sealed class RateLimitOptions
{
    public const string Section = "RateLimits";

    public bool Enabled { get; set; } = true;

    /// <summary>
    /// By name of a limit, what holds for those who say who they are, such as <c>60/minute, 5000/day</c>; none means no limit. What is
    /// not named here keeps its default.
    /// </summary>
    public Dictionary<string, string> Accounts { get; set; } = [];

    /// <summary>The same for everybody else, by network address.</summary>
    public Dictionary<string, string> Others { get; set; } = [];
}

/// <summary>So many calls in such a time.</summary>
internal readonly record struct RateWindow(int Calls, TimeSpan Length)
{
    private static readonly Dictionary<string, TimeSpan> Units = new()
    {
        ["second"] = TimeSpan.FromSeconds(1),
        ["minute"] = TimeSpan.FromMinutes(1),
        ["hour"] = TimeSpan.FromHours(1),
        ["day"] = TimeSpan.FromDays(1),
    };

    /// <summary>Reads <c>60/minute, 5000/day</c>, the shortest window first; <c>none</c> is no window.</summary>
    /// <exception cref="FormatException">It is something else.</exception>
    public static IReadOnlyList<RateWindow> ParseAll(string text) => text.Trim() == "none"
        ? []
        : [.. text.Split(',', StringSplitOptions.TrimEntries).Select(Parse).OrderBy(window => window.Length)];

    private static RateWindow Parse(string text) =>
        text.Split('/', StringSplitOptions.TrimEntries) is [var calls, var unit]
        && int.TryParse(calls, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
        && number > 0
        && Units.TryGetValue(unit, out var length)
            ? new RateWindow(number, length)
            : throw new FormatException($"'{text}' is no rate limit; one looks like 60/minute, with second, minute, hour or day");
}

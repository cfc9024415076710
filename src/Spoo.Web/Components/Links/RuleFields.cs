using System.Globalization;
using Spoo.Data;
using Spoo.Data.Clicks.Reading;
using Spoo.Data.Links.Targets;
using static Spoo.Web.Words.Texts;

namespace Spoo.Web.Components.Links;

/// <summary>A rule of a link as it is written into a form: texts, until they are understood.</summary>
public sealed record RuleFields
{
    private const string LocalTime = "yyyy-MM-ddTHH:mm";

    public string Name { get; init; } = "";

    public string Url { get; init; } = "";

    /// <summary>With commas between them, as are the others of its kind.</summary>
    public string Countries { get; init; } = "";

    public string Systems { get; init; } = "";

    public string Devices { get; init; } = "";

    public string Languages { get; init; } = "";

    /// <summary>On the viewer's clock.</summary>
    public string From { get; init; } = "";

    /// <summary>On the viewer's clock.</summary>
    public string Until { get; init; } = "";

    public string Weight { get; init; } = "";

    public static RuleFields Of(TargetRule rule, TimeZoneInfo zone)
    {
        return new RuleFields
        {
            Name = rule.Name,
            Url = rule.Url,
            Countries = string.Join(", ", rule.Countries),
            Systems = string.Join(", ", rule.Systems),
            Devices = string.Join(", ", rule.Devices),
            Languages = string.Join(", ", rule.Languages),
            From = Local(rule.From),
            Until = Local(rule.Until),
            Weight = rule.Weight?.ToString(CultureInfo.InvariantCulture) ?? "",
        };

        string Local(DateTimeOffset? at) => at is { } moment ? TimeZoneInfo.ConvertTime(moment, zone).ToString(LocalTime, CultureInfo.InvariantCulture) : "";
    }

    /// <summary>The rule, or what is wrong with it, in the words of the page.</summary>
    public (TargetRule? Rule, string? Field, string? Fault) Read(TimeZoneInfo zone, Func<string, bool> isAddress)
    {
        if (!isAddress(Url.Trim()))
        {
            return (null, "url", Url.Trim().Length == 0 ? T("Enter where the link leads.") : T("An address begins with http:// or https://, then names a host, and has no blanks."));
        }

        int? weight = int.TryParse(Weight.Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number is >= 1 and <= 100 ? number : null;
        if (Weight.Trim().Length > 0 && weight is null)
        {
            return (null, "weight", T("A whole number from 1 to 100, or nothing for all."));
        }

        var (rule, field, problem) = TargetWords.Read(new TargetRule
        {
            Name = Name,
            Url = Url,
            Countries = Words(Countries),
            Systems = Words(Systems),
            Devices = Words(Devices),
            Languages = Words(Languages),
            From = LinkFields.Instant(From, zone),
            Until = LinkFields.Instant(Until, zone),
            Weight = weight,
        });
        return rule is null ? (null, field, T(problem!))
            : rule.From >= rule.Until ? (null, "until", T("A rule ends after it has begun."))
            : (rule, null, null);
    }

    private static string[] Words(string text) => text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
}

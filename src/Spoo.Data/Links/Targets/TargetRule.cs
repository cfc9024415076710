using System.Text.Json.Serialization;
using Spoo.Data.Links.Destinations;

namespace Spoo.Data.Links.Targets;

/// <summary>Where some of a link's visitors are sent instead of to its destination: those of whom all holds that the rule says.</summary>
public sealed record TargetRule
{
    public const int MaxNameLength = 60;
    public const int MaxValues = 250;
    public const int MaxWordLength = 40;

    /// <summary>What clicks are counted under that this rule answered; no two rules of a link have the same. Empty: one is made up.</summary>
    public string Name { get; init; } = "";

    public string Url { get; init; } = "";

    /// <summary>ISO 3166-1 alpha-2, in capitals. Empty, as in all these lists: it does not matter.</summary>
    public IReadOnlyList<string> Countries { get; init; } = [];

    /// <summary>As clicks are counted by them: desktop, mobile, tablet, other.</summary>
    public IReadOnlyList<string> Devices { get; init; } = [];

    /// <summary>As clicks are counted by them: iOS, Android, Windows.</summary>
    public IReadOnlyList<string> Systems { get; init; } = [];

    /// <summary>Primary subtags, such as de.</summary>
    public IReadOnlyList<string> Languages { get; init; } = [];

    /// <summary>The first moment at which it holds. Null: from the beginning.</summary>
    public DateTimeOffset? From { get; init; }

    /// <summary>The moment from which on it holds no more. Null: for ever.</summary>
    public DateTimeOffset? Until { get; init; }

    /// <summary>Of those of whom the rest holds, so many in a hundred; a visitor is always among them or never. Null: all.</summary>
    public int? Weight { get; init; }

    [JsonIgnore]
    public bool HasCountriesOnly => Countries.Count > 0 && this is { Devices.Count: 0, Systems.Count: 0, Languages.Count: 0, From: null, Until: null, Weight: null };

    [JsonIgnore]
    public bool HasSystemsOnly => Systems.Count > 0 && this is { Countries.Count: 0, Devices.Count: 0, Languages.Count: 0, From: null, Until: null, Weight: null };

    [JsonIgnore]
    public bool HasWeightOnly => Weight is not null && this is { Countries.Count: 0, Devices.Count: 0, Systems.Count: 0, Languages.Count: 0, From: null, Until: null };

    /// <summary>The address in the characters that a header may have.</summary>
    [JsonIgnore]
    public string Location => field ??= LinkLocation.Of(Url);

    /// <summary>Whether it holds of everybody at every time.</summary>
    [JsonIgnore]
    public bool HoldsAlways => this is { Countries.Count: 0, Devices.Count: 0, Systems.Count: 0, Languages.Count: 0, From: null, Until: null, Weight: null };

    /// <summary>Whether all but the weight holds of this visit.</summary>
    public bool Holds(in TargetVisit visit) =>
        Has(Countries, visit.Country) && Has(Devices, visit.Device) && Has(Systems, visit.System) && Has(Languages, visit.Language)
        && (From is null || visit.Time >= From) && (Until is null || visit.Time < Until);

    /// <summary>Whether this holds of the same visits as another rule, but for the weight.</summary>
    internal bool HoldsLike(TargetRule other) =>
        Same(Countries, other.Countries) && Same(Devices, other.Devices) && Same(Systems, other.Systems) && Same(Languages, other.Languages)
        && From == other.From && Until == other.Until;

    /// <summary>What it is called where its maker has not named it: by what it asks for, or by where it leads.</summary>
    internal string MadeUpName()
    {
        var words = string.Join(' ', new[] { Countries, Devices, Systems, Languages }.Where(list => list.Count > 0).Select(list => string.Join(',', list)));
        if (words.Length == 0)
        {
            var at = Url.IndexOf("://", StringComparison.Ordinal);
            words = at < 0 ? Url : Url[(at + 3)..];
            var end = words.AsSpan().IndexOfAny('?', '#');
            words = (end < 0 ? words : words[..end]).TrimEnd('/');
        }

        return words.Length <= MaxNameLength ? words : words[..(MaxNameLength - 1)] + "…";
    }

    private static bool Has(IReadOnlyList<string> wanted, string? value)
    {
        if (wanted.Count == 0)
        {
            return true;
        }

        for (var i = 0; value is not null && i < wanted.Count; i++)
        {
            if (wanted[i] == value)
            {
                return true;
            }
        }

        return false;
    }

    private static bool Same(IReadOnlyList<string> one, IReadOnlyList<string> other) => one.Order(StringComparer.Ordinal).SequenceEqual(other.Order(StringComparer.Ordinal));
}

/// <summary>What rules may ask about a visit. Null: not known.</summary>
public readonly record struct TargetVisit(long LinkId, long Visitor, DateTimeOffset Time)
{
    public string? Country { get; init; }

    public string? Device { get; init; }

    public string? System { get; init; }

    public string? Language { get; init; }
}

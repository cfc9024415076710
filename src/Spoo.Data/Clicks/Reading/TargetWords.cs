using Spoo.Data.Clicks.Facts;
using Spoo.Data.Links.Targets;

namespace Spoo.Data.Clicks.Reading;

/// <summary>The words by which rules of links ask for visits, brought to those by which clicks are counted.</summary>
public static class TargetWords
{
    /// <summary>Those that nearly everybody has.</summary>
    public static IReadOnlyList<string> CommonSystems { get; } = ["iOS", "Android", "Windows", "macOS", "Linux", "Chrome OS"];

    public static IReadOnlyList<string> Devices { get; } = [.. Enum.GetValues<DeviceClass>().Select(device => device.Name())];

    private static readonly IReadOnlyList<string> Systems =
        [.. CommonSystems, "Ubuntu", "Fedora", "Debian", "FreeBSD", "HarmonyOS", "KaiOS", "Windows Phone", "tvOS", "Tizen", "webOS"];

    /// <summary>Null: there is no such country.</summary>
    public static string? Country(string text) => Countries.Find(text.Trim())?.Code;

    /// <summary>Null: there is no such language.</summary>
    public static string? Language(string text) => Languages.Find(text.Trim());

    /// <summary>Null: there is no such kind of device.</summary>
    public static string? Device(string text) => Devices.FirstOrDefault(device => device.Equals(text.Trim(), StringComparison.OrdinalIgnoreCase));

    /// <summary>Null: none that is told apart.</summary>
    public static string? System(string text) =>
        Systems.FirstOrDefault(system => system.Equals(UserAgents.OsName(text.Trim()), StringComparison.OrdinalIgnoreCase));

    /// <summary>The words of a rule as they are counted by, or which of them is none.</summary>
    public static (TargetRule? Rule, string? Field, Message? Problem) Read(TargetRule rule)
    {
        foreach (var (field, words, read, otherwise) in new (string, IReadOnlyList<string>, Func<string, string?>, Func<string, Message>)[]
        {
            ("countries", rule.Countries, Country, word => new Message("'{0}' is not a valid ISO 3166-1 alpha-2 country code", word)),
            ("devices", rule.Devices, Device, word => new Message("'{0}' is none of {1}", word, string.Join(", ", Devices))),
            ("systems", rule.Systems, System, word => new Message("'{0}' is none of {1}", word, string.Join(", ", Systems))),
            ("languages", rule.Languages, Language, word => new Message("'{0}' is not a code of ISO 639 such as de or en", word)),
        })
        {
            if (words.FirstOrDefault(word => word.Length > TargetRule.MaxWordLength || read(word) is null) is { } unknown)
            {
                return (null, field, otherwise(OutsideText.Clean(unknown, TargetRule.MaxWordLength) ?? ""));
            }
        }

        return (rule with
        {
            Name = rule.Name.Trim(),
            Url = rule.Url.Trim(),
            Countries = [.. rule.Countries.Select(Country).OfType<string>().Distinct()],
            Devices = [.. rule.Devices.Select(Device).OfType<string>().Distinct()],
            Systems = [.. rule.Systems.Select(System).OfType<string>().Distinct()],
            Languages = [.. rule.Languages.Select(Language).OfType<string>().Distinct()],
        }, null, null);
    }
}

using Spoo.Data.Clicks.Reading.Rules;



namespace Spoo.Data.Clicks.Facts;

public enum DeviceClass
{
    Desktop,
    Mobile,
    Tablet,

    /// <summary>A television, a console, a watch, a program without a screen.</summary>
    Other,
}

/// <summary>
/// The kind of machine, from what the rules know of it and from words in the User-Agent itself. The rules name tens of
/// thousands of models but not their kinds.
/// </summary>
/// <remarks>
/// An iPad whose owner has not asked for mobile sites says it is a Macintosh, and counts as one: nothing in the User-Agent tells them apart.
/// </remarks>
public static class DeviceClasses
{
    // "AFTS Build" is a Fire TV stick, "CrKey" a Chromecast, "Web0S" (with a zero) an LG television.
    private static readonly RuleList Screens = Words(
        "Smart-?TV", "HbbTV", "(Google|Apple|Android|Opera|Net|Fire)[ _]?TV", "; ?TV;", "BRAVIA", "; AFT[A-Z0-9]+ Build", "CrKey", "Web0S", "NetCast",
        "Roku/", "DTV", "PlayStation", "Nintendo", "Xbox", "Watch OS", "watchOS", "OculusBrowser", @"\bQuest \d");

    // A "Tablet PC" is any Windows 7 machine with a certain feature, most of them without a touch screen.
    private static readonly RuleList Tablets = Words(
        "iPad", @"\bTablet\b(?! PC)", @"Pad\b(?<!ThinkPad|IdeaPad)", @"\bTab\b", "PlayBook", "Kindle", @"\bKF[A-Z]{2,5}\b", @"Nexus (7|9|10)\b", "Xoom",
        @"\b(SM-[TPX]|GT-P)\w*\d", @"\b(SC-01C|SHW-M180|SHW-M380|SCH-I[89]00|SGH-T849)", "Transformer", "Iconia", @"\bTB-?\w?\d{3,4}");

    private static readonly RuleList Phones = Words("Mobi", "Phone", "Opera Mini", @"\bUCWEB", "MIDP", "Windows CE", "Symbian", "BlackBerry", "Nokia");

    /// <summary>The word that is stored, shown and filtered by.</summary>
    public static string Name(this DeviceClass device) => device switch
    {
        DeviceClass.Desktop => "desktop",
        DeviceClass.Mobile => "mobile",
        DeviceClass.Tablet => "tablet",
        _ => "other",
    };

    internal static DeviceClass? Of(string userAgent, string? browser, string? os, string? device, string? brand) => (os, brand) switch
    {
        (_, "Spider") => DeviceClass.Other,
        _ when Screens.Matches(userAgent) => DeviceClass.Other,
        ("tvOS" or "ATV OS X" or "WatchOS" or "Chromecast" or "FireHbbTV" or "Roku" or "Samsung", _) => DeviceClass.Other,
        ("BlackBerry Tablet OS", _) => DeviceClass.Tablet,
        _ when Tablets.Matches(userAgent) || device is not null && Tablets.Matches(device) => DeviceClass.Tablet,
        ("Android", _) => OnAndroid(userAgent),
        ("HarmonyOS", _) when userAgent.Contains("(PC;", StringComparison.Ordinal) => DeviceClass.Desktop,
        ("HarmonyOS", _) => OnAndroid(userAgent),
        ("iOS" or "Windows Phone" or "Windows Mobile" or "Windows CE" or "Firefox OS" or "KaiOS" or "Tizen" or "webOS" or "BREW" or "Brew MP"
            or "Bada" or "MeeGo" or "Maemo" or "Sailfish", _) => DeviceClass.Mobile,
        ({ } name, _) when name.StartsWith("BlackBerry", StringComparison.Ordinal) || name.StartsWith("Symbian", StringComparison.Ordinal)
            || name.StartsWith("Nokia", StringComparison.Ordinal) => DeviceClass.Mobile,
        _ when Phones.Matches(userAgent) => DeviceClass.Mobile,
        ({ }, _) => DeviceClass.Desktop,

        // No system that the rules know: phones from before there were any, or a program.
        _ when device is not null => DeviceClass.Mobile,
        _ when browser is not null => DeviceClass.Other,
        _ => null,
    };

    // Browsers on Android say "Mobile" on a telephone and leave it out on a tablet. Only browsers do so; of an app that
    // says nothing, a telephone is the likelier guess. Version 2 ran on telephones only.
    private static DeviceClass OnAndroid(string userAgent) =>
        userAgent.Contains("AppleWebKit/", StringComparison.Ordinal) && userAgent.Contains("Safari/", StringComparison.Ordinal)
            && !Phones.Matches(userAgent) && !userAgent.Contains("Android 2", StringComparison.Ordinal)
            ? DeviceClass.Tablet
            : DeviceClass.Mobile;

    private static RuleList Words(params IEnumerable<string> patterns) => new([.. patterns.Select(pattern => new Rule(pattern, IgnoreCase: true))]);
}

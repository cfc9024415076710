using System.Buffers;
using System.Text.RegularExpressions;
using Spoo.Data.Clicks.Facts;
using Spoo.Data.Clicks.Reading.Rules;



namespace Spoo.Data.Clicks.Reading;

/// <summary>Reads browser, operating system and kind of device from User-Agents, by our own rules and those of the uap-core project.</summary>
/// <remarks>
/// Safe for many threads. A User-Agent seen before costs one look-up in a dictionary; a new one some tens of microseconds.
/// The rules are read at the first call (about a third of a second), or earlier by <see cref="Prepare"/>.
/// </remarks>
public sealed partial class UserAgents
{
    /// <summary>The list's version and, after the plus, ours of <c>own.yaml</c>. What the facts were read by; stored with them, so that they can be read again when the rules improve.</summary>
    public const string RuleSet = "uap-core 0.18.0+1";

    /// <summary>Characters that are looked at. Browsers send a hundred or two, apps sometimes five hundred.</summary>
    public const int LongestRead = 1024;

    /// <summary>Characters of a name, where the rules take it from the text itself.</summary>
    public const int LongestName = 100;

    // Two generations of these are at most 32 MB, if every User-Agent were as long as it may be; a typical one makes it 4 MB.
    private const int Remembered = 8192;

    private static readonly Lazy<UapRules> Uap = new(() => UapRules.Parse(RuleFile.Open("own.yaml"), RuleFile.Open("regexes.yaml")));

    private static readonly SearchValues<char> AddressSigns = SearchValues.Create("/;()@+");

    private readonly RecentlySeen<AgentFacts> _seen = new(Remembered, ReadUnseen);

    /// <summary>Reads the rules now, so that the first visitor need not wait for them.</summary>
    public static void Prepare() => _ = Uap.Value;

    public AgentFacts Read(string? userAgent) =>
        string.IsNullOrWhiteSpace(userAgent) ? AgentFacts.Unknown
        : _seen[userAgent.Length <= LongestRead ? userAgent : userAgent[..LongestRead]];

    /// <summary>Whether anything is known of it.</summary>
    internal static bool IsKnown(string userAgent) => ReadUnseen(userAgent) != AgentFacts.Unknown;

    /// <summary>Whether the rules of devices know it to be a machine that reads pages.</summary>
    internal static bool IsSpider(string userAgent) => Uap.Value.Device(userAgent) is [_, "Spider", ..];

    /// <summary>The name we use for a system that the rules, and the clients of other services, may call otherwise.</summary>
    public static string OsName(string name) => name == "Mac OS X" ? "macOS" : name;

    private static AgentFacts ReadUnseen(string userAgent)
    {
        var browser = Family(Uap.Value.Browser(userAgent));
        if (browser is not null && IsPieceOfAddress(browser, userAgent))
        {
            browser = Product().Match(userAgent) is { Success: true } product ? product.Groups["name"].Value : null;
        }

        var os = Family(Uap.Value.System(userAgent));
        var device = Uap.Value.Device(userAgent);

        return new(browser, os is null ? null : OsName(os), DeviceClasses.Of(userAgent, browser, os, Family(device), device?[1]));
    }

    // The rules look for words that end like a bot's name, and find them in the address that polite machines give, too: of
    // "+http://www.example.com/bot.html" they take "com/bot".
    private static bool IsPieceOfAddress(string name, string userAgent) =>
        (name.EndsWith("bot", StringComparison.OrdinalIgnoreCase) || name.EndsWith("crawler", StringComparison.OrdinalIgnoreCase) || name.EndsWith("spider", StringComparison.OrdinalIgnoreCase))
        && userAgent.IndexOf(name, StringComparison.Ordinal) is var at and >= 0
        && (name.AsSpan().ContainsAny(AddressSigns) || (at > 0 && userAgent[at - 1] is '.' or '/' or '@'));

    // What calls itself compatible, or else the first product with a version that is not one of those that all browsers name.
    [GeneratedRegex(
        @"compatible; ?(?<name>(?!MSIE|Mozilla)[A-Za-z][\w.-]{1,40})(?=[/;) ])|(?:^|[ (;,])(?<name>(?!Mozilla|AppleWebKit|Chrome|Safari|Gecko|Firefox|Version|Mobile|Build|Trident)[A-Za-z][\w-]{1,40})/v?[0-9]",
        RegexOptions.CultureInvariant)]
    private static partial Regex Product();

    // Where no rule matches, and for a few that do, the answer is "Other", which says nothing. Some rules take the name
    // from the text itself, which a stranger wrote.
    private static string? Family(string?[]? parts) => parts is [{ } family and not "Other", ..] ? OutsideText.Clean(family, LongestName) : null;
}

using System.Collections.Frozen;
using System.Text;
using System.Text.Json;
using Spoo.Data.Clicks.Facts;
using Spoo.Data.Clicks.Reading.Rules;

namespace Spoo.Data.Clicks.Reading;

public enum BotKind
{
    /// <summary>Reads pages on its own account: search engines, archives, monitors, feeds, everything that does not fit below.</summary>
    Crawler,

    /// <summary>Fetches a page because its link was sent in a message or post: Slack, WhatsApp, Facebook and the like.</summary>
    Preview,

    /// <summary>A program made for sending requests: curl, HTTP libraries, browsers without a person.</summary>
    Tool,

    /// <summary>Sent no User-Agent at all, which no browser does.</summary>
    Empty,
}

/// <param name="Kind">What kind of machine it is.</param>
/// <param name="Rule">The rule that says so: the published pattern, or the name of one of ours. At most 100 characters.</param>
public sealed record BotVerdict(BotKind Kind, string Rule);

/// <summary>
/// Tells the machines that say what they are from people, by their User-Agent. A machine that pretends to be a browser is taken for one.
/// </summary>
/// <remarks>
/// The list is the crawler-user-agents project's; where it is wrong about people, or silent, <see cref="Overruled"/> and
/// <see cref="OurOwn"/> say otherwise. Safe for many threads.
/// </remarks>
public sealed class Bots
{
    /// <summary>The list's version and, after the plus, ours of what is below. Stored with each verdict, so that the past can be judged again.</summary>
    public const string RuleSet = "crawler-user-agents 1.60.0+2";

    public const string EmptyRule = "no User-Agent";

    /// <summary>No browser, no system and no device that the rules know: whatever it is, it is not how people look at pages.</summary>
    public const string NobodyKnowsRule = "own: no browser";

    /// <summary>The rules of browsers know it, and know that it is a machine.</summary>
    public const string SpiderRule = "own: known as a spider";

    /// <summary>Stands for the rule where an import said that a click was a bot's.</summary>
    public const string ImportedRule = "said so by the import";

    private const int Remembered = 8192;

    /// <summary>Patterns of the list that also match people, and what we use in their place; null is nothing.</summary>
    internal static readonly IReadOnlyDictionary<string, string?> Overruled = new Dictionary<string, string?>
    {
        // A build of Android 15: people with a certain telephone who follow a link in Instagram.
        [@"AP3A\.240617\.008"] = null,

        // IAB is the in-app browser, in which people read the links they meet on Facebook.
        ["MetaIAB Facebook"] = null,

        // Editors with a browser inside. Their assistants use it, and so do the people who write in them.
        [@"Code\/1\."] = null,
        [@"Trae\/"] = null,

        // ViewSonic's and HTC's devices, Opera Mini 4.4.39008, the WIRED app, Ask's old tool bar.
        ["Sonic"] = @"RankSonic|\bSonic\/",
        ["Butterfly"] = @"Butterfly\/",
        [@"008\/"] = @"(?<![.\w])008\/",
        [@"RED\/"] = @"\bRED\/",
        ["Teoma"] = "Teoma(?!Bar)",
    };

    /// <summary>What the list does not have: the names that libraries give themselves, and the words by which a machine calls itself one.</summary>
    internal static readonly IReadOnlyList<(string Name, string Pattern, BotKind Kind)> OurOwn =
    [
        ("own: library", @"^(Java|PHP|Ruby|Dart|Deno|Bun|undici|node|reqwest|hyper|ureq|Faraday|RestSharp|Guzzle\w*|PostmanRuntime|insomnia|aria2|fasthttp|req|got|unirest-\w+|Symfony HttpClient|ReactorNetty|Typhoeus|HTTP_Request2|ApacheBench|k6|wrk|hey|vegeta|siege|bruno-runtime|git)\b|^(Jakarta Commons-)?HttpClient\b|^HTTPClient\/|^http\.rb\/|^hackney\/|\blibcurl\b|JMeter", BotKind.Tool),
        ("own: language", "^(Python|Lua|Perl|Swoole|Erlang|Elixir|Rust|Go)[-/ ]", BotKind.Tool),
        ("own: shell", "PowerShell/", BotKind.Tool),

        // Word, Excel and PowerPoint ask for a page before they hand its link to the browser, and Outlook for its pictures.
        ("own: office", @"^Microsoft Office\b|\bms-office\b|^Microsoft Data Access Internet Publishing|^Microsoft-WebDAV-MiniRedir\/", BotKind.Tool),
        ("own: health check", @"^kube-probe\/|^GoogleHC\/|^ELB-HealthChecker\/|^Amazon-Route53-Health-Check|\b[Hh]ealth[- ]?[Cc]heck|\b(Health|Uptime) Probe\b|^Azure Traffic Manager|^Envoy\/HC|^Prometheus\/|^NewRelicPinger\/", BotKind.Tool),
        ("own: scanner", @"^gobuster\/|^feroxbuster\/|^Fuzz Faster U Fool|\b[Nn]uclei\b|^lychee\/|^n8n\b", BotKind.Tool),
        ("own: driven browser", @"\b(Playwright|Puppeteer|Selenium|WebDriver|Cypress)\b", BotKind.Tool),
        ("own: link preview", @"\b[Ll]ink ?[Pp]review|[Uu]nfurl|kakaotalk-scrap|Pleroma|Akkoma|Misskey|\bCardyb\/", BotKind.Preview),

        // Cubot makes telephones, and what follows the version of Android is the name of a model, which may be Robot.
        ("own: calls itself a bot", @"(?<!\b[Cc][Uu])(?<!Android [^;)]{0,20}; [^;)]{0,60})([Bb]ot|BOT)s?\b", BotKind.Crawler),
        ("own: calls itself a crawler", @"(?<!Android [^;)]{0,20}; [^;)]{0,60})([Cc]rawl(er|ing|s)?\b|CRAWLER|[Ss]pider\b|SPIDER|[Ss]crap(er|y|ing)\b|[Ff]etcher\b)", BotKind.Crawler),

        // "(+https://…)" is how a polite machine says where to complain. Old tool bars of Internet Explorer had addresses too.
        ("own: gives an address", @"\+(https?:\/\/|mailto:)|compatible;(?! MSIE)[^)]{0,200}https?:\/\/", BotKind.Crawler),
    ];

    internal static readonly Lazy<(RuleList Rules, BotVerdict[] Verdicts)> List = new(Read);

    private static readonly Lazy<FrozenDictionary<string, BotKind>> Kinds = new(() => List.Value.Verdicts
        .DistinctBy(verdict => verdict.Rule)
        .ToFrozenDictionary(verdict => verdict.Rule, verdict => verdict.Kind, StringComparer.Ordinal));

    private readonly RecentlySeen<BotVerdict?> _seen = new(Remembered, JudgeUnseen);

    /// <summary>Reads the list now, so that the first visitor need not wait for it.</summary>
    public static void Prepare() => _ = List.Value;

    /// <summary>
    /// Null: a person, as far as anyone can tell. Ask only where a User-Agent could have been seen: an import that
    /// has none is not a crowd of machines.
    /// </summary>
    public BotVerdict? Judge(string? userAgent) =>
        string.IsNullOrWhiteSpace(userAgent) ? new(BotKind.Empty, EmptyRule)
        : _seen[userAgent.Length <= UserAgents.LongestRead ? userAgent : userAgent[..UserAgents.LongestRead]];

    /// <summary>What kind of machine a rule finds. Null: the rule is not one of today's.</summary>
    public static BotKind? KindOf(string rule) =>
        rule == EmptyRule ? BotKind.Empty
        : rule == NobodyKnowsRule ? BotKind.Tool
        : rule == SpiderRule ? BotKind.Crawler
        : Kinds.Value.TryGetValue(rule, out var kind) ? kind : null;

    /// <summary>Whether this agent fetches a page because a person sent its link to another.</summary>
    public static bool IsPreview(ClickAgent agent) => agent is { IsBot: true, BotRule: { } rule } && KindOf(rule) == BotKind.Preview;

    /// <summary>Whom a rule finds, as people call it: the first text that its pattern describes, without what may be anything.</summary>
    public static string NameOf(string rule)
    {
        if (OurOwn.Any(own => own.Name == rule) || rule is EmptyRule or ImportedRule or NobodyKnowsRule or SpiderRule)
        {
            return rule;
        }

        var at = 0;
        var name = FirstText(rule, ref at);

        // Where the pattern ends within brackets, or begins behind a sign.
        name = name.Contains('(', StringComparison.Ordinal) && !name.Contains(')', StringComparison.Ordinal) ? name[..name.IndexOf('(', StringComparison.Ordinal)] : name;
        name = name.Trim(' ', '/', '-', '+', ';');
        name = name.Contains('(', StringComparison.Ordinal) ? name : name.TrimEnd(')');
        return name.Length == 0 ? rule : name;
    }

    /// <summary>Reads a pattern up to its end, or to the bracket that closes this part of it.</summary>
    private static string FirstText(string pattern, ref int at)
    {
        var text = new StringBuilder();
        var isOver = false;
        for (; at < pattern.Length && pattern[at] != ')'; at++)
        {
            var part = pattern[at] switch
            {
                '\\' when at + 1 < pattern.Length => Escaped(pattern[++at]),
                '[' => OneOf(pattern, ref at),
                '(' => Group(pattern, ref at),
                '^' or '$' or '?' or '*' or '+' or '.' => "",
                var sign => sign.ToString(),
            };
            isOver |= part == "|";
            text.Append(isOver ? "" : part);
        }

        return text.ToString();

        static string Escaped(char sign) => sign == 's' ? " " : char.IsAsciiLetter(sign) ? "" : sign.ToString();

        static string OneOf(string pattern, ref int at)
        {
            var start = ++at;
            while (at < pattern.Length && (pattern[at] != ']' || pattern[at - 1] == '\\'))
            {
                at++;
            }

            return pattern[start] is '^' or '\\' ? " " : pattern[start].ToString();
        }

        static string Group(string pattern, ref int at)
        {
            at++;
            var isCondition = at < pattern.Length && pattern[at] == '?';
            var text = FirstText(pattern, ref at);
            return isCondition ? "" : text;
        }
    }

    private static BotVerdict? JudgeUnseen(string userAgent)
    {
        var (rules, verdicts) = List.Value;
        return rules.First(userAgent, out _) is var rule and >= 0 ? verdicts[rule]
            : UserAgents.IsSpider(userAgent) ? new(BotKind.Crawler, SpiderRule)
            : UserAgents.IsKnown(userAgent) ? null
            : new(BotKind.Tool, NobodyKnowsRule);
    }

    private static (RuleList, BotVerdict[]) Read()
    {
        using var file = RuleFile.Open("crawlers.json");
        using var crawlers = JsonDocument.Parse(file.ReadToEnd());

        var patterns = new List<string>();
        var verdicts = new List<BotVerdict>();
        foreach (var crawler in crawlers.RootElement.EnumerateArray())
        {
            var pattern = crawler.GetProperty("pattern").GetString()!;
            if (Overruled.GetValueOrDefault(pattern, pattern) is { } used)
            {
                patterns.Add(used);
                verdicts.Add(new(KindOf(crawler.GetProperty("tags")), pattern));
            }
        }

        // Two patterns for one machine are one row of a report: it has one name.
        var first = new Dictionary<string, BotVerdict>(StringComparer.Ordinal);
        foreach (var verdict in verdicts)
        {
            first.TryAdd(NameOf(verdict.Rule), verdict);
        }

        verdicts = verdicts.ConvertAll(verdict => verdict with { Rule = first[NameOf(verdict.Rule)].Rule });
        foreach (var (name, pattern, kind) in OurOwn)
        {
            patterns.Add(pattern);
            verdicts.Add(new(kind, name));
        }

        return (new([.. patterns.Select(pattern => new Rule(pattern))]), [.. verdicts]);
    }

    private static BotKind KindOf(JsonElement tags)
    {
        var names = tags.EnumerateArray().Select(tag => tag.GetString()).ToList();
        return names.Contains("social-preview") ? BotKind.Preview
            : names.Contains("http-library") || names.Contains("browser-automation") ? BotKind.Tool
            : BotKind.Crawler;
    }
}

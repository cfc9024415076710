using System.Net;
using Spoo.Data.Clicks.Facts;
using Spoo.Data.Links.Targets;

namespace Spoo.Data.Clicks.Reading;

/// <summary>
/// Turns what was seen of a click into what is stored of it: who (browser, system, device, bot or not), where, and from where. The
/// only place that does so, for redirects and imports alike. Safe for many threads.
/// </summary>
public sealed class ClickReader(VisitorHash visitors, UserAgents userAgents, Bots bots, Places places, ReadingOptions options)
{
    /// <summary>Stored with every agent, so that it can be read again when the rules improve.</summary>
    public const string Rules = $"{UserAgents.RuleSet}; {Bots.RuleSet}";

    /// <summary>A header of this length names every language there is.</summary>
    private const int MaxHeaderLength = 512;

    // Clicks share agents, places and sources; making an entry anew takes a hash and, in the worst case, hundreds of rules.
    private readonly RecentlySeen<AgentParts, ClickAgent> _agents = new(8192, parts => Agent(parts, userAgents, bots));
    private readonly RecentlySeen<PlaceParts, ClickPlace> _places =
        new(8192, parts => ClickPlace.Of(parts.Country, parts.Region, parts.City));
    private readonly RecentlySeen<SourceParts, ClickSource> _sources = new(8192, Source);

    /// <summary>
    /// What depends on the address of a visitor, the number and the place, so that the address itself need not be kept anywhere.
    /// </summary>
    /// <param name="told">Where the visitor is, if a proxy has said so.</param>
    public (long Visitor, GivenValues Place) Identify(IPAddress? address, string? userAgent, string? language, PlaceFacts? told)
    {
        var place = told ?? places.Read(address);
        var agent = OutsideText.Clean(userAgent, ClickAgent.MaxUserAgentLength);
        var visitor = address is null
            ? visitors.OfTraits(agent, language, place.Country, place.Region, place.City)
            : visitors.Of(address, agent);
        return (visitor, place.Country is null ? GivenValues.None : new GivenValues { Country = place.Country, Region = place.Region, City = place.City });
    }

    /// <summary>Which rule of a link answers a visit. Null: the link's destination does.</summary>
    public TargetRule? RuleFor(
        TargetRules rules, long linkId, long visitor, DateTimeOffset time, GivenValues place, string? userAgent, string? language)
    {
        var agent = rules.AskForAgent ? userAgents.Read(OutsideText.Clean(userAgent, ClickAgent.MaxUserAgentLength)) : AgentFacts.Unknown;
        return rules.For(new TargetVisit(linkId, visitor, time)
        {
            Country = place.Country,
            Device = agent.Device?.Name(),
            System = agent.Os,
            Language = rules.AskForLanguage ? Languages.Read(language) : null,
        });
    }

    /// <summary>Whether what a browser asks for is done, not to be followed.</summary>
    public bool HonoursDoNotTrack => options.HonourDoNotTrack;

    /// <summary>
    /// A click of a person who asked not to be followed: what led there and where they are is left out, and so is the rule that answered where it says
    /// that. The link and whether its QR code was scanned are no matter of the person.
    /// </summary>
    public static RawClick Untracked(RawClick click, TargetRule? rule) => click with
    {
        Address = null,
        Visitor = Click.NoVisitor,
        Referrer = null,
        UtmSource = null,
        UtmMedium = null,
        UtmCampaign = null,
        Target = rule is { Countries.Count: > 0 } ? null : click.Target,
        Given = GivenValues.None,
    };

    /// <summary>What is written down of the page that a visitor came from.</summary>
    public string? ReferrerOf(string? referrer) => options.KeepReferrerQuery ? referrer : Referrers.WithoutQuery(referrer);

    /// <summary>Reads a click and puts it into a batch, together with the entries it refers to.</summary>
    public void Read(RawClick raw, ClickId id, ClickBatch batch) => batch.Add(Read(raw), id, raw.LinkId, raw.ImportKey);

    /// <summary>Reads a click, whichever link it is of.</summary>
    public ReadClick Read(RawClick raw)
    {
        var (agent, place, source) = (AgentOf(raw), PlaceOf(raw), SourceOf(raw));
        return new ReadClick(
            raw.Time,
            Visitor(raw, agent.UserAgent, place),
            agent,
            place,
            source,
            LanguageOf(raw),
            Click.IsRedirectTime(raw.RedirectMs) ? raw.RedirectMs : null);
    }

    internal ClickAgent AgentOf(RawClick raw) => _agents[new AgentParts(
        OutsideText.Clean(raw.UserAgent, ClickAgent.MaxUserAgentLength),
        Known(raw.Given.Browser, ClickAgent.MaxNameLength),
        Known(raw.Given.Os, ClickAgent.MaxNameLength),
        Known(raw.Given.Device, ClickAgent.MaxNameLength)?.ToLowerInvariant(),
        raw.Given.IsBot ?? (raw.Given.BotRule is null ? null : true),
        raw.Given.IsBot == false ? null : OutsideText.Clean(raw.Given.BotRule, ClickAgent.MaxNameLength),
        IsImported: raw.ImportKey is not null)];

    // A place that is given is taken as it is, also where it names the country only.
    internal ClickPlace PlaceOf(RawClick raw)
    {
        if (raw.Given is not { Country: null, Region: null, City: null })
        {
            return _places[new PlaceParts(
                raw.Given.Country,
                Known(raw.Given.Region, ClickPlace.MaxNameLength),
                Known(raw.Given.City, ClickPlace.MaxNameLength))];
        }

        var found = places.Read(raw.Address);
        return _places[new PlaceParts(found.Country, Known(found.Region, ClickPlace.MaxNameLength), Known(found.City, ClickPlace.MaxNameLength))];
    }

    internal ClickSource SourceOf(RawClick raw) => _sources[new SourceParts(
        ReferrerOf(raw.Referrer),
        NoValue.Strip(raw.UtmSource, ClickSource.MaxUtmLength, NoValue.None),
        NoValue.Strip(raw.UtmMedium, ClickSource.MaxUtmLength, NoValue.None),
        NoValue.Strip(raw.UtmCampaign, ClickSource.MaxUtmLength, NoValue.None),
        raw.Trigger,
        OutsideText.Clean(raw.Target, ClickSource.MaxTargetLength))];

    internal static string? LanguageOf(RawClick raw)
    {
        var language = OutsideText.Clean(raw.Language, MaxHeaderLength);
        return Languages.Read(language) ?? Languages.Find(language);
    }

    /// <summary>
    /// Reads the User-Agent of a stored entry again, by today's rules. What an import gave is left alone.
    /// </summary>
    /// <returns>Whether the entry is called anything else now.</returns>
    public bool Reread(ClickAgent agent)
    {
        var given = agent.Given;
        var now = Agent(
            new AgentParts(
                agent.UserAgent,
                given.HasFlag(GivenFacts.Browser) ? agent.Browser : null,
                given.HasFlag(GivenFacts.Os) ? agent.Os : null,
                given.HasFlag(GivenFacts.Device) ? agent.Device : null,
                given.HasFlag(GivenFacts.Bot) ? agent.IsBot : null,
                given.HasFlag(GivenFacts.Bot) ? agent.BotRule : null,
                IsImported: false),
            userAgents,
            bots);
        var changed = (agent.Browser, agent.Os, agent.Device, agent.IsBot, agent.BotRule) != (now.Browser, now.Os, now.Device, now.IsBot, now.BotRule);
        (agent.Browser, agent.Os, agent.Device) = (now.Browser, now.Os, now.Device);
        (agent.IsBot, agent.BotRule, agent.Rules) = (now.IsBot, now.BotRule, Rules);
        return changed;
    }

    private long Visitor(RawClick raw, string? userAgent, ClickPlace place)
    {
        if (raw.Visitor is { } visitor)
        {
            return visitor;
        }

        if (raw.Given.Visitor is { } name)
        {
            return visitors.OfName(name);
        }

        return raw.Address is { } address
            ? visitors.Of(address, userAgent, raw.Time)
            : visitors.OfTraits(userAgent, OutsideText.Clean(raw.Language, MaxHeaderLength), place.Country, place.Region, place.City);
    }

    private static string? Known(string? text, int longest) => NoValue.Strip(text, longest, NoValue.Unknown);

    private static ClickAgent Agent(AgentParts parts, UserAgents userAgents, Bots bots)
    {
        var facts = userAgents.Read(parts.UserAgent);
        var os = parts.Os is null ? null : UserAgents.OsName(parts.Os);

        // A visitor who sends no User-Agent is a program; a file that has none does not say so.
        var nothingToJudge = parts.IsBot is not null || (parts.IsImported && parts.UserAgent is null);
        var verdict = nothingToJudge ? null : bots.Judge(parts.UserAgent);
        var given = (parts.Browser is null ? GivenFacts.None : GivenFacts.Browser)
            | (os is null ? GivenFacts.None : GivenFacts.Os)
            | (parts.Device is null ? GivenFacts.None : GivenFacts.Device)
            | (nothingToJudge ? GivenFacts.Bot : GivenFacts.None);
        return new ClickAgent
        {
            Id = ContentKey.Of(parts.UserAgent, parts.Browser, os, parts.Device, nothingToJudge ? parts.IsBot == true ? "bot" + parts.BotRule : "human" : null),
            UserAgent = parts.UserAgent,
            Browser = parts.Browser ?? Known(facts.Browser, ClickAgent.MaxNameLength),
            Os = os ?? Known(facts.Os, ClickAgent.MaxNameLength),
            Device = parts.Device ?? facts.Device?.Name(),
            IsBot = parts.IsBot ?? verdict is not null,
            BotRule = parts.BotRule ?? OutsideText.Clean(verdict?.Rule, ClickAgent.MaxNameLength),
            Rules = Rules,
            Given = given,
        };
    }

    private static ClickSource Source(SourceParts parts)
    {
        var (domain, url) = Referrers.Read(parts.Referrer);
        return ClickSource.Of(
            domain, OutsideText.Clean(url, ClickSource.MaxReferrerUrlLength), parts.UtmSource, parts.UtmMedium, parts.UtmCampaign, parts.Trigger, parts.Target);
    }

    private readonly record struct AgentParts(string? UserAgent, string? Browser, string? Os, string? Device, bool? IsBot, string? BotRule, bool IsImported);

    private readonly record struct PlaceParts(string? Country, string? Region, string? City);

    private readonly record struct SourceParts(string? Referrer, string? UtmSource, string? UtmMedium, string? UtmCampaign, string Trigger, string? Target);
}

using Spoo.Data.Clicks.Facts;
using Spoo.Data.Clicks.Reading;
using Spoo.Data.Links;
using Spoo.Data.Links.Codes;
using Spoo.Data.Links.Destinations;
using Spoo.Data.Links.Domains;



namespace Spoo.Data.Stats;

/// <summary>Where the value of a click is held.</summary>
public enum DimensionKind
{
    /// <summary>In no table: the question says into which buckets the click's time falls.</summary>
    Time,

    /// <summary>In <see cref="ClickAgent"/>.</summary>
    Agent,

    /// <summary>In <see cref="ClickPlace"/>.</summary>
    Place,

    /// <summary>In the <see cref="Clicks.Facts.Click"/> itself; like an agent and a place it hardly ever changes from one click of a visitor to the next.</summary>
    Click,

    /// <summary>In <see cref="ClickSource"/>.</summary>
    Source,

    Link,

    /// <summary>In the link, and shared by many.</summary>
    Domain,
}

/// <summary>The cards of a report that have breakdowns.</summary>
public enum DimensionCard
{
    Links,
    Sources,
    Places,
    Visitors,
    Bots,
}

/// <summary>
/// Something clicks can be broken down and filtered by. The list below is the only one: parser, pickers, tables, columns, API,
/// export and OpenAPI follow it.
/// </summary>
public sealed record Dimension
{
    private Dimension()
    {
    }

    /// <summary>Name on the wire and in the URL.</summary>
    public required string Name { get; init; }

    /// <summary>Name for people, as a heading; in English, which is the key of every other language's.</summary>
    public required string Title { get; init; }

    /// <summary>The name of a list of its values, in English as well. Null: the same as <see cref="Title"/>.</summary>
    public string? Plural { get; init; }

    public required DimensionKind Kind { get; init; }

    /// <summary>The card on which its list is a tab; the tabs are in the order of <see cref="All"/>. Null: it has none.</summary>
    public DimensionCard? Card { get; init; }

    /// <summary>
    /// Whether anybody may ask for it where a link's statistics are public. What campaigns an owner runs, and what tells of them, is for
    /// the owner alone.
    /// </summary>
    public bool IsPublic { get; init; }

    /// <summary>Characters that the text of a filter may have, all of its values together.</summary>
    public required int MaxFilterLength { get; init; }

    /// <summary>The label of clicks without a value: never stored, put on where the report is drawn.</summary>
    public required string NoValue { get; init; }

    /// <summary>What people read instead, in English, where the label is a code. Null: they read the label.</summary>
    public string? NoValueTitle { get; init; }

    /// <summary>Further words for "no value" that a filter understands.</summary>
    public IReadOnlyList<string> NoValueAliases { get; init; } = [];

    /// <summary>How many rows a breakdown has unless the question says otherwise. Null: all.</summary>
    public int? DefaultLimit { get; init; }

    /// <summary>What a label is called in English, where that is something else: <c>DE</c> is Germany. A filter by a part looks at both.</summary>
    public Func<string, string> NameOf { get; init; } = label => label;

    /// <summary>Reads the value of one click; for <see cref="Time"/> there is none, because it depends on the question.</summary>
    internal Func<ClickFacts, string?> Read
    {
        get;

        // Rows of earlier versions may hold what is not stored any more: labels, and one name in two spellings.
        init => field = click => OutsideText.Name(value(click), int.MaxValue) is { } name && !IsLabel(name) ? name : null;
    }
    = _ => null;

    /// <summary>Turns the text of a filter into the value that is stored: a country's name into its code, a URL into its domain.</summary>
    internal Func<string, string> Normalise { get; init; } = text => text;

    public static Dimension Time { get; } = new()
    {
        Name = "time",
        Title = "Time",
        Kind = DimensionKind.Time,
        IsPublic = true,
        MaxFilterLength = 0,
        NoValue = "Unknown",
    };

    public static Dimension Browser { get; } = new()
    {
        Name = "browser",
        Title = "Browser",
        Plural = "Browsers",
        Kind = DimensionKind.Agent,
        Card = DimensionCard.Visitors,
        IsPublic = true,
        MaxFilterLength = 500,
        NoValue = "Unknown",
        DefaultLimit = 20,
        Read = click => click.Browser,
    };

    public static Dimension Os { get; } = new()
    {
        Name = "os",
        Title = "Operating system",
        Plural = "Systems",
        Kind = DimensionKind.Agent,
        Card = DimensionCard.Visitors,
        IsPublic = true,
        MaxFilterLength = 500,
        NoValue = "Unknown",
        DefaultLimit = 20,
        Read = click => click.Os,
        Normalise = UserAgents.OsName,
    };

    public static Dimension Device { get; } = new()
    {
        Name = "device",
        Title = "Device",
        Plural = "Devices",
        Kind = DimensionKind.Agent,
        Card = DimensionCard.Visitors,
        IsPublic = true,
        MaxFilterLength = 200,
        NoValue = "unknown",
        NoValueTitle = "Unknown",
        NoValueAliases = ["Unknown"],
        DefaultLimit = 20,
        Read = click => click.Device?.ToLowerInvariant(),
        Normalise = text => text.ToLowerInvariant(),
    };

    public static Dimension Country { get; } = new()
    {
        Name = "country",
        Title = "Country",
        Plural = "Countries",
        Kind = DimensionKind.Place,
        Card = DimensionCard.Places,
        IsPublic = true,
        MaxFilterLength = 1000,
        NoValue = "XX",
        NoValueTitle = "Unknown",
        NoValueAliases = ["Unknown"],
        DefaultLimit = 50,
        Read = click => click.Country,
        Normalise = text => Countries.CodeOf(text) ?? text,
        NameOf = Countries.NameOf,
    };

    public static Dimension Region { get; } = new()
    {
        Name = "region",
        Title = "Region",
        Plural = "Regions",
        Kind = DimensionKind.Place,
        Card = DimensionCard.Places,
        IsPublic = true,
        MaxFilterLength = 1000,
        NoValue = "Unknown",
        DefaultLimit = 50,
        Read = click => click.Region,
    };

    public static Dimension City { get; } = new()
    {
        Name = "city",
        Title = "City",
        Plural = "Cities",
        Kind = DimensionKind.Place,
        Card = DimensionCard.Places,
        IsPublic = true,
        MaxFilterLength = 1000,
        NoValue = "Unknown",
        DefaultLimit = 50,
        Read = click => click.City,
    };

    public static Dimension Language { get; } = new()
    {
        Name = "language",
        Title = "Language",
        Plural = "Languages",
        Kind = DimensionKind.Click,
        Card = DimensionCard.Visitors,
        IsPublic = true,
        MaxFilterLength = 500,
        NoValue = "Unknown",
        DefaultLimit = 50,
        Read = click => click.Language,
        Normalise = text => Languages.Find(text) ?? text,
        NameOf = Languages.NameOf,
    };

    public static Dimension Referrer { get; } = new()
    {
        Name = "referrer",
        Title = "Referrer",
        Plural = "Referrers",
        Kind = DimensionKind.Source,
        Card = DimensionCard.Sources,
        IsPublic = true,
        MaxFilterLength = 2000,
        NoValue = "Direct",
        DefaultLimit = 30,
        Read = click => click.Referrer,
        Normalise = Referrers.Normalise,
    };

    /// <summary>What kind of place the click came from; follows from the other facts about its source.</summary>
    public static Dimension Channel { get; } = new()
    {
        Name = "channel",
        Title = "Channel",
        Plural = "Channels",
        Kind = DimensionKind.Source,
        Card = DimensionCard.Sources,
        MaxFilterLength = 200,

        // Every click has one: coming directly is a channel, too.
        NoValue = "",
        DefaultLimit = 20,
        Read = Channels.Of,
        Normalise = text => text.ToLowerInvariant(),
    };

    public static Dimension UtmSource { get; } = new()
    {
        Name = "utm_source",
        Title = "UTM source",
        Kind = DimensionKind.Source,
        Card = DimensionCard.Sources,
        MaxFilterLength = 1000,
        NoValue = "(none)",
        DefaultLimit = 50,
        Read = click => click.UtmSource,
    };

    public static Dimension UtmMedium { get; } = new()
    {
        Name = "utm_medium",
        Title = "UTM medium",
        Plural = "Medium",
        Kind = DimensionKind.Source,
        Card = DimensionCard.Sources,
        MaxFilterLength = 1000,
        NoValue = "(none)",
        DefaultLimit = 50,
        Read = click => click.UtmMedium,
    };

    public static Dimension UtmCampaign { get; } = new()
    {
        Name = "utm_campaign",
        Title = "UTM campaign",
        Plural = "Campaign",
        Kind = DimensionKind.Source,
        Card = DimensionCard.Sources,
        MaxFilterLength = 1000,
        NoValue = "(none)",
        DefaultLimit = 50,
        Read = click => click.UtmCampaign,
    };

    public static Dimension Trigger { get; } = new()
    {
        Name = "trigger",
        Title = "Link or QR code",
        Plural = "Link or QR",
        Kind = DimensionKind.Source,
        Card = DimensionCard.Visitors,
        MaxFilterLength = 200,
        NoValue = "Unknown",
        DefaultLimit = 20,
        Read = click => click.Trigger,
        Normalise = text => text.ToLowerInvariant(),
    };

    /// <summary>Which rule of the link answered: what a split test is read by.</summary>
    public static Dimension Target { get; } = new()
    {
        Name = "target",
        Title = "Rule that answered",
        Plural = "Rules",
        Kind = DimensionKind.Source,
        Card = DimensionCard.Links,
        MaxFilterLength = 1000,
        NoValue = "(destination)",
        NoValueTitle = "Destination",
        DefaultLimit = 50,
        Read = click => click.Target,
    };

    public static Dimension VisitorType { get; } = new()
    {
        Name = "visitor_type",
        Title = "Human or bot",
        Kind = DimensionKind.Agent,
        Card = DimensionCard.Bots,
        MaxFilterLength = 200,
        NoValue = "Unknown",
        DefaultLimit = 20,
        Read = click => click.IsBot ? Bot : Human,
        Normalise = text => text.ToLowerInvariant(),
    };

    /// <summary>The rule that says a click was a bot's, which also tells whose.</summary>
    public static Dimension BotRule { get; } = new()
    {
        Name = "bot_rule",
        Title = "Bot",
        Plural = "Bots",
        Kind = DimensionKind.Agent,
        Card = DimensionCard.Bots,
        MaxFilterLength = 1000,
        NoValue = "(none)",
        NoValueTitle = "No bot",
        NoValueAliases = ["No bot"],
        DefaultLimit = 50,
        Read = click => click.IsBot ? click.BotRule ?? Bots.ImportedRule : null,
    };

    public static Dimension ShortCode { get; } = new()
    {
        Name = "short_code",
        Title = "Link",
        Plural = "Links",
        Kind = DimensionKind.Link,
        Card = DimensionCard.Links,
        MaxFilterLength = 1000,

        // Every link has a code, and "Unknown" may be one.
        NoValue = "",
        DefaultLimit = 100,
        Read = click => click.ShortCode,
        Normalise = text => LinkName.Parse(text)?.ToString() ?? text,
    };

    /// <summary>The host that the link is on now. It follows from the link: moving one takes its clicks along.</summary>
    public static Dimension Domain { get; } = new()
    {
        Name = "domain",
        Title = "Domain",
        Plural = "Domains",
        Kind = DimensionKind.Domain,
        Card = DimensionCard.Links,
        MaxFilterLength = 1000,
        NoValue = "default",
        NoValueTitle = "This server's own",
        DefaultLimit = 50,
        Normalise = text => DomainHosts.Parse(text) ?? text,
    };

    public const string Human = "human";
    public const string Bot = "bot";

    public static IReadOnlyList<Dimension> All { get; } =
    [
        Time, Browser, Os, Device, Country, Region, City, Language, Referrer, Channel, UtmSource, UtmMedium, UtmCampaign, Trigger, BotRule,
        VisitorType, ShortCode, Domain, Target,
    ];

    /// <summary>All that a filter can name: all but <see cref="Time"/>, which has a range instead.</summary>
    public static IReadOnlyList<Dimension> Filterable { get; } = [.. All.Where(dimension => dimension.Kind != DimensionKind.Time)];

    /// <summary>What anybody may ask of a link whose statistics are public.</summary>
    public static IReadOnlyList<Dimension> Public { get; } = [.. All.Where(dimension => dimension.IsPublic)];

    public static Dimension? Find(string name) => All.FirstOrDefault(dimension => dimension.Name == name);

    /// <summary>
    /// The value of a click as it is counted. Null: it has none, or one that is spelled like the label of none and could not be told from it.
    /// </summary>
    internal string? ValueIn(ClickFacts click) => Read(click) is { Length: > 0 } value && value != NoValue ? value : null;

    /// <summary>The label of a stored value.</summary>
    public string LabelOf(string? value) => string.IsNullOrEmpty(value) ? NoValue : value;

    /// <summary>The stored value that the text of a filter means; null is "no value".</summary>
    public string? ValueOf(string text) =>
        OutsideText.Name(text, int.MaxValue) is { } name && !IsLabel(name) ? Normalise(name) : null;

    private bool IsLabel(string name) =>
        name.Equals(NoValue, StringComparison.OrdinalIgnoreCase) || NoValueAliases.Contains(name, StringComparer.OrdinalIgnoreCase);

    public bool Equals(Dimension? other) => ReferenceEquals(this, other);

    public override int GetHashCode() => Name.GetHashCode(StringComparison.Ordinal);

    public override string ToString() => Name;
}

namespace Spoo.Data.Clicks.Facts;

/// <summary>One click with everything that can be asked about it, spelled out. Null means not known, or none.</summary>
public sealed record ClickFacts
{
    public required long LinkId { get; init; }

    public required string ShortCode { get; init; }

    public required DateTimeOffset Time { get; init; }

    public required long Visitor { get; init; }

    public string? Browser { get; init; }

    public string? Os { get; init; }

    public string? Device { get; init; }

    public bool IsBot { get; init; }

    /// <summary>The rule that made it a bot's. Null: it is a human's, or an import said so.</summary>
    public string? BotRule { get; init; }

    public string? Country { get; init; }

    public string? Region { get; init; }

    public string? City { get; init; }

    public string? Language { get; init; }

    public string? Referrer { get; init; }

    /// <summary>The referring page itself, where it is known.</summary>
    public string? ReferrerUrl { get; init; }

    public string? UtmSource { get; init; }

    public string? UtmMedium { get; init; }

    public string? UtmCampaign { get; init; }

    public required string Trigger { get; init; }

    /// <summary>The rule of the link that answered. Null: its destination did.</summary>
    public string? Target { get; init; }

    public int? RedirectMs { get; init; }

    /// <summary>What is known of a click with this agent, from it alone.</summary>
    public static ClickFacts Of(ClickAgent agent) => Nothing with
    {
        Browser = agent.Browser,
        Os = agent.Os,
        Device = agent.Device,
        IsBot = agent.IsBot,
        BotRule = agent.BotRule,
    };

    /// <summary>What is known of a click at this place, from it alone.</summary>
    public static ClickFacts Of(ClickPlace place) => Nothing with { Country = place.Country, Region = place.Region, City = place.City };

    /// <summary>What is known of a click from this source, from it alone.</summary>
    public static ClickFacts Of(ClickSource source) => Nothing with
    {
        Referrer = source.Referrer,
        ReferrerUrl = source.ReferrerUrl,
        UtmSource = source.UtmSource,
        UtmMedium = source.UtmMedium,
        UtmCampaign = source.UtmCampaign,
        Trigger = source.Trigger,
        Target = source.Target,
    };

    /// <summary>A click about which nothing is known.</summary>
    public static ClickFacts Nothing { get; } = new() { LinkId = 0, ShortCode = "", Time = default, Visitor = 0, Trigger = "" };
}

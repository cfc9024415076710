using Spoo.Data.Stats;
using Spoo.Web.Addresses;
using Spoo.Web.Words;
using static Spoo.Web.Words.Texts;

namespace Spoo.Web.Components.Report;

/// <summary>One breakdown of a card.</summary>
public sealed record BreakdownTab(Dimension Dimension)
{
    /// <summary>The plural where there are many: Countries.</summary>
    public string Title => Labels.PluralOf(Dimension);

    /// <summary>Whether only what has a value is of interest: whose clicks were no bot's is not among the bots.</summary>
    public bool LeavesOutNone => Dimension == Dimension.BotRule;

    public static IReadOnlyList<BreakdownTab> Links { get; } = Of(Dimension.ShortCode);

    public static IReadOnlyList<BreakdownTab> Sources { get; } =
        Of(Dimension.Referrer, Dimension.Channel, Dimension.UtmSource, Dimension.UtmMedium, Dimension.UtmCampaign);

    public static IReadOnlyList<BreakdownTab> Places { get; } = Of(Dimension.Country, Dimension.Region, Dimension.City);

    public static IReadOnlyList<BreakdownTab> Visitors { get; } =
        Of(Dimension.Browser, Dimension.Os, Dimension.Device, Dimension.Language, Dimension.Trigger);

    public static IReadOnlyList<BreakdownTab> Bots { get; } = Of(Dimension.BotRule, Dimension.VisitorType);

    /// <summary>The cards of the account's page, of a link's and of a public one, in reading order. Campaigns are the owner's business.</summary>
    public static IReadOnlyList<BreakdownCards> CardsOf(DashboardAddress address)
    {
        var cards = new List<BreakdownCards>();
        if (address.Link is null)
        {
            cards.Add(new(T("Links"), Links));
        }

        cards.Add(new(T("Sources"), address.IsPublic ? [.. Sources.Where(tab => DashboardAddress.IsPublicDimension(tab.Dimension))] : Sources));
        if (address.Link is not null)
        {
            cards.Add(new(T("Visitors"), Visitors));
        }

        cards.Add(new(T("Places"), Places));
        if (address.Link is null)
        {
            cards.Add(new(T("Visitors"), Visitors));
        }

        cards.Add(new(T("Bots"), Bots));
        return cards;
    }

    private static IReadOnlyList<BreakdownTab> Of(params IEnumerable<Dimension> dimensions) => [.. dimensions.Select(dimension => new BreakdownTab(dimension))];
}

/// <summary>Breakdowns that belong together.</summary>
/// <param name="Title">For readers of the page who cannot see its place.</param>
public sealed record BreakdownCards(string Title, IReadOnlyList<BreakdownTab> Tabs)
{
    /// <summary>Whether the card has a map as well, which needs the width of two.</summary>
    public bool HasMap => Tabs.Any(tab => tab.Dimension == Dimension.Country);
}

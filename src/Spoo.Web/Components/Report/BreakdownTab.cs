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

    /// <summary>
    /// The cards of the account's page, of a link's and of a public one, in reading order. Each has a tab for every dimension that names
    /// it; a public page has those for everybody.
    /// </summary>
    public static IReadOnlyList<BreakdownCards> CardsOf(DashboardAddress address)
    {
        DimensionCard[] order = address.Link is null
            ? [DimensionCard.Links, DimensionCard.Sources, DimensionCard.Places, DimensionCard.Visitors, DimensionCard.Bots]
            : [DimensionCard.Sources, DimensionCard.Visitors, DimensionCard.Places, DimensionCard.Bots];
        return
        [
            // Where bots are left out there is nothing to tell of them.
            .. order.Where(card => card != DimensionCard.Bots || !address.PeopleOnly)
                .Select(card => new BreakdownCards(TitleOf(card), [.. TabsOf(card).Where(tab => tab.Dimension.IsPublic || !address.IsPublic)]))
                .Where(card => card.Tabs.Count > 0),
        ];
    }

    public static IReadOnlyList<BreakdownTab> TabsOf(DimensionCard card) =>
        [.. Dimension.All.Where(dimension => dimension.Card == card).Select(dimension => new BreakdownTab(dimension))];

    private static string TitleOf(DimensionCard card) => card switch
    {
        DimensionCard.Links => T("Links"),
        DimensionCard.Sources => T("Sources"),
        DimensionCard.Places => T("Places"),
        DimensionCard.Visitors => T("Visitors"),
        _ => T("Bots"),
    };

}

/// <summary>Breakdowns that belong together.</summary>
/// <param name="Title">For readers of the page who cannot see its place.</param>
public sealed record BreakdownCards(string Title, IReadOnlyList<BreakdownTab> Tabs)
{
    /// <summary>Whether the card has a map as well, which needs the width of two.</summary>
    public bool HasMap => Tabs.Any(tab => tab.Dimension == Dimension.Country);
}

using Spoo.Data.Stats;
using Spoo.Data.Stats.Report;
using Spoo.Web.Addresses;
using Spoo.Web.Words;
using static Spoo.Web.Words.Texts;

namespace Spoo.Web.Components.Report.Cards;

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
    /// <param name="address">The address of the page.</param>
    /// <param name="report">What was counted. Null: not known yet, so that every tab may come.</param>
    public static IReadOnlyList<BreakdownCards> CardsOf(DashboardAddress address, StatsReport? report)
    {
        DimensionCard[] order = address.Link is null
            ? [DimensionCard.Links, DimensionCard.Sources, DimensionCard.Places, DimensionCard.Visitors, DimensionCard.Bots]
            : [DimensionCard.Sources, DimensionCard.Visitors, DimensionCard.Places, DimensionCard.Links, DimensionCard.Bots];
        return
        [
            // Where bots are left out there is nothing to tell of them.
            .. order.Where(card => card != DimensionCard.Bots || !address.PeopleOnly)
                .Select(card => new BreakdownCards(TitleOf(card), [.. TabsOf(card).Where(tab => tab.IsOn(address) && (report is null || tab.TellsApart(report, address)))]))
                .Where(card => card.Tabs.Count > 0),
        ];
    }

    public static IReadOnlyList<BreakdownTab> TabsOf(DimensionCard card) =>
        [.. Dimension.All.Where(dimension => dimension.Card == card).Select(dimension => new BreakdownTab(dimension))];

    // One link is on one domain.
    private bool IsOn(DashboardAddress address) =>
        (Dimension.IsPublic || !address.IsPublic) && (address.Link is null || Dimension.Kind is not (DimensionKind.Link or DimensionKind.Domain));

    /// <summary>Most people have one domain, and links without rules.</summary>
    private bool TellsApart(StatsReport report, DashboardAddress address) =>
        (Dimension != Dimension.Domain && Dimension != Dimension.Target)
        || address.Query.Filters.Any(filter => filter.Dimension == Dimension)
        || report.By(Dimension).Rows.Any(row => row.Value is not null);

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

    /// <summary>Whether the last of them has the place beside it free: two stand beside each other, and one with a map alone.</summary>
    public static bool LeaveRoom(IEnumerable<BreakdownCards> cards) => cards.Count(card => !card.HasMap) % 2 == 1;
}

using Spoo.Data.Stats;

namespace Spoo.Web.Components.Dashboard;

/// <param name="Title">The plural where there are many: Countries.</param>
public sealed record BreakdownTab(Dimension Dimension, string Title)
{
    public static IReadOnlyList<BreakdownTab> Links { get; } = [new(Dimension.ShortCode, "Links"), new(Dimension.Trigger, "Link or QR")];

    public static IReadOnlyList<BreakdownTab> Sources { get; } =
    [
        new(Dimension.Referrer, "Referrers"), new(Dimension.UtmSource, "UTM source"), new(Dimension.UtmMedium, "Medium"),
        new(Dimension.UtmCampaign, "Campaign"),
    ];

    public static IReadOnlyList<BreakdownTab> Places { get; } =
        [new(Dimension.Country, "Countries"), new(Dimension.Region, "Regions"), new(Dimension.City, "Cities")];

    public static IReadOnlyList<BreakdownTab> Devices { get; } =
        [new(Dimension.Browser, "Browsers"), new(Dimension.Os, "Systems"), new(Dimension.Device, "Devices")];

    public static IReadOnlyList<BreakdownTab> Others { get; } =
        [new(Dimension.Language, "Languages"), new(Dimension.VisitorType, "Bots"), new(Dimension.Trigger, "Link or QR")];

    /// <summary>The cards of the account's page, of a link's and of a public one, in reading order. Campaigns are the owner's business.</summary>
    public static IReadOnlyList<(string Card, IReadOnlyList<BreakdownTab> Tabs)> CardsOf(DashboardAddress address) => address switch
    {
        { IsPublic: true } => [("Sources", [.. Sources.Where(tab => DashboardAddress.IsPublicDimension(tab.Dimension))]), ("Places", Places), ("Visitors", Devices), ("More", Others)],
        { Link: null } => [("Links", Links), ("Sources", Sources), ("Places", Places), ("Visitors", [.. Devices, .. Others.SkipLast(1)])],
        _ => [("Sources", Sources), ("Places", Places), ("Visitors", Devices), ("More", Others)],
    };
}

using Spoo.Data.Stats;

namespace Spoo.Web.Components.Dashboard;

/// <param name="Title">The plural where there are many: Countries.</param>
public sealed record BreakdownTab(Dimension Dimension, string Title)
{
    public static IReadOnlyList<BreakdownTab> Links { get; } = [new(Dimension.ShortCode, "Links"), new(Dimension.Trigger, "Link or QR")];

    /// <summary>On the page of a link there is but one.</summary>
    public static IReadOnlyList<BreakdownTab> OfOneLink { get; } = [new(Dimension.Trigger, "Link or QR code")];

    public static IReadOnlyList<BreakdownTab> Sources { get; } =
    [
        new(Dimension.Referrer, "Referrers"), new(Dimension.UtmSource, "UTM source"), new(Dimension.UtmMedium, "Medium"),
        new(Dimension.UtmCampaign, "Campaign"),
    ];

    public static IReadOnlyList<BreakdownTab> Places { get; } =
        [new(Dimension.Country, "Countries"), new(Dimension.Region, "Regions"), new(Dimension.City, "Cities")];

    public static IReadOnlyList<BreakdownTab> Visitors { get; } =
    [
        new(Dimension.Browser, "Browsers"), new(Dimension.Os, "Systems"), new(Dimension.Device, "Devices"),
        new(Dimension.Language, "Languages"), new(Dimension.VisitorType, "Bots"),
    ];
}

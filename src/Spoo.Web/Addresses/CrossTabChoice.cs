using Spoo.Data.Stats;



namespace Spoo.Web.Addresses;

/// <summary>Two dimensions to look at together, and what is counted in each cell.</summary>
public sealed record CrossTabChoice(Dimension First, Dimension Second, Metric Metric)
{
    public static CrossTabChoice Default { get; } = new(Dimension.Country, Dimension.Device, Metric.Clicks);

    /// <summary>As the address says it: <c>country,device</c>, with <c>,unique_clicks</c> behind it where visitors are counted.</summary>
    public string Text => $"{First},{Second}" + (Metric == Metric.Clicks ? "" : "," + Metric);

    /// <summary>Null: nothing was chosen, or nothing that can be.</summary>
    public static CrossTabChoice? Find(string? text, IReadOnlyList<Dimension> dimensions) =>
        text?.Split(',') is [var first, var second, ..] parts
        && dimensions.FirstOrDefault(dimension => dimension.Name == first) is { } rows
        && dimensions.FirstOrDefault(dimension => dimension.Name == second) is { } columns
        && rows != columns && columns != Dimension.Time
            ? new CrossTabChoice(rows, columns, (parts.Length > 2 ? Metric.Find(parts[2]) : null) ?? Metric.Clicks)
            : null;

    /// <summary>What can be crossed there: time only runs down, and one link has no other to compare with.</summary>
    public static IReadOnlyList<Dimension> Dimensions(DashboardAddress address) =>
    [
        .. Dimension.All.Where(dimension =>
            (address.Link is null || dimension != Dimension.ShortCode) && (!address.IsPublic || dimension.IsPublic)),
    ];

    /// <summary>With other rows. Whatever was in the columns already changes places with them.</summary>
    public CrossTabChoice ByRows(Dimension rows) => rows == Second
        ? this with { First = rows, Second = First == Dimension.Time ? (rows == Dimension.Device ? Dimension.Country : Dimension.Device) : First }
        : this with { First = rows };

    public CrossTabChoice ByColumns(Dimension columns) => columns == First ? this with { First = Second, Second = columns } : this with { Second = columns };
}

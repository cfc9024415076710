using System.Globalization;
using Spoo.Data.Stats;
using Spoo.Data.Stats.Question;
using Spoo.Data.Stats.Report;
using Spoo.Web.Words;

namespace Spoo.Web.Addresses;

/// <summary>How a complete list is looked at: what is searched, and what comes first.</summary>
internal sealed record ListView
{
    public const int LongestSearch = 200;

    /// <summary>Large first, as every list is at the beginning.</summary>
    public static ListView Default { get; } = new();

    /// <summary>Any part of a name or label, in any case. Empty: everything.</summary>
    public string Search { get; init; } = "";

    public ListColumn Column { get; init; } = ListColumn.Clicks;

    public bool IsDescending { get; init; } = true;

    /// <summary>The value of <c>sort=</c>: <c>-clicks</c>.</summary>
    public string Sort => (IsDescending ? "-" : "") + Column switch
    {
        ListColumn.Label => "label",
        ListColumn.UniqueClicks => "unique_clicks",
        _ => "clicks",
    };

    /// <summary>The values that <c>sort=</c> may have.</summary>
    public static IReadOnlyList<string> Sorts { get; } = ["-clicks", "clicks", "-unique_clicks", "unique_clicks", "label", "-label"];

    /// <summary>Null: there is no such order. A longer search than there may be is cut.</summary>
    public static ListView? Find(string? search, string? sort) => string.IsNullOrEmpty(sort) || Sorts.Contains(sort)
        ? new ListView
        {
            Search = search?.Trim() is { } text ? text[..Math.Min(text.Length, LongestSearch)] : "",
            IsDescending = string.IsNullOrEmpty(sort) || sort[0] == '-',
            Column = sort?.TrimStart('-') switch { "label" => ListColumn.Label, "unique_clicks" => ListColumn.UniqueClicks, _ => ListColumn.Clicks },
        }
        : null;

    /// <summary>By this column; the other way round if it is so already. Names begin at A, numbers at the largest.</summary>
    public ListView SortedBy(ListColumn column) =>
        this with { Column = column, IsDescending = column == Column ? !IsDescending : column != ListColumn.Label };

    /// <summary>The rows that are searched for, in order. Their shares stay those of the whole list.</summary>
    public IReadOnlyList<ListRow> Of(Breakdown breakdown)
    {
        var rows = breakdown.Rows
            .Select(row => new ListRow(row, Labels.Of(breakdown.Dimension, row.Label), breakdown.Percentage(row, Metric.Clicks)))
            .Where(row => Search.Length == 0
                || row.Name.Contains(Search, StringComparison.CurrentCultureIgnoreCase) || row.Row.Label.Contains(Search, StringComparison.OrdinalIgnoreCase))
            .ToList();
        var byName = StringComparer.Create(CultureInfo.CurrentCulture, ignoreCase: true);
        Comparison<ListRow> order = Column switch
        {
            ListColumn.Label => (one, other) => byName.Compare(one.Name, other.Name),
            ListColumn.UniqueClicks => (one, other) => one.Row.Count.UniqueClicks.CompareTo(other.Row.Count.UniqueClicks),
            _ => (one, other) => one.Row.Count.Clicks.CompareTo(other.Row.Count.Clicks),
        };
        rows.Sort((one, other) => (IsDescending ? order(other, one) : order(one, other)) is var difference and not 0
            ? difference
            : string.CompareOrdinal(one.Row.Label, other.Row.Label));
        return rows;
    }
}

internal enum ListColumn
{
    Label,
    Clicks,
    UniqueClicks,
}

/// <param name="Name">What the viewer reads.</param>
/// <param name="Share">Of the clicks of the whole list, in percent. Null: it has none.</param>
internal sealed record ListRow(BreakdownRow Row, string Name, double? Share);

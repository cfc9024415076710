using Spoo.Data.Stats.Report;
using Spoo.Data.Stats;



namespace Spoo.Web.Export;

/// <summary>A cross-tab laid out: rows and columns with their totals, and what they do not show.</summary>
internal sealed class CrossTable
{
    private readonly Dictionary<(string First, string Second), Count> _cells;
    private readonly StatsReport _report;

    /// <param name="report">Was asked for two dimensions, crossed.</param>
    /// <param name="columns">At most so many columns.</param>
    public CrossTable(StatsReport report, Metric metric, int columns = int.MaxValue)
    {
        (_report, Metric) = (report, metric);
        var tab = report.CrossTabs[0];
        (Rows, Columns) = (report.By(tab.First), report.By(tab.Second).First(columns));
        _cells = tab.Cells.ToDictionary(cell => (cell.FirstLabel, cell.SecondLabel), cell => cell.Count);
        Largest = tab.Cells.Select(cell => Metric.Of(cell.Count)).DefaultIfEmpty().Max();
    }

    public Metric Metric { get; }

    /// <summary>With the total of each row, over all columns.</summary>
    public Breakdown Rows { get; }

    public Breakdown Columns { get; }

    /// <summary>The most that a cell has.</summary>
    public long Largest { get; }

    /// <summary>Clicks add up; a visitor may be in several rows and columns, and is counted once here.</summary>
    public long Total => Metric == Metric.Clicks ? _report.Summary.TotalClicks : _report.Summary.UniqueClicks;

    /// <summary>Whether there are clicks in columns that are not shown.</summary>
    public bool HasOtherColumns => Columns.RestRows > 0;

    public bool HasOtherRows => Rows.RestRows > 0;

    public long At(BreakdownRow row, BreakdownRow column) => Metric.Of(_cells.GetValueOrDefault((row.Label, column.Label)));

    public long Of(BreakdownRow rowOrColumn) => Metric.Of(rowOrColumn.Count);

    /// <summary>What a row has in the columns that are not shown. Null: not known, because visitors do not add up.</summary>
    public long? OthersOf(BreakdownRow row) => Metric == Metric.Clicks ? Of(row) - Columns.Rows.Sum(column => At(row, column)) : null;

    /// <summary>What a column has in the rows that are not shown. Null: not known, because visitors do not add up.</summary>
    public long? OthersOfColumn(BreakdownRow column) => Metric == Metric.Clicks ? Of(column) - Rows.Rows.Sum(row => At(row, column)) : null;

    /// <summary>All rows that are not shown, in all columns. Null: not known.</summary>
    public long? Others => Metric == Metric.Clicks ? Rows.Rest.Clicks : null;

    /// <summary>Rows that are not shown, in columns that are not shown. Null: not known.</summary>
    public long? OthersOfOthers => Others - Columns.Rows.Sum(OthersOfColumn);

    /// <summary>The same for the columns.</summary>
    public long? OtherColumns => Metric == Metric.Clicks ? Columns.Rest.Clicks : null;
}

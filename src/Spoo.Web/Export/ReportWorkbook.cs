using Spoo.Data.Stats;
using Spoo.Data.Stats.Question;
using Spoo.Data.Stats.Report;
using Spoo.Web.Words;
using static Spoo.Web.Words.Texts;

namespace Spoo.Web.Export;

/// <summary>
/// A report as a workbook for people, in the language of the moment: a sheet that says what was counted and the sums, then one for each
/// list, with names beside codes.
/// </summary>
internal static class ReportWorkbook
{
    /// <summary>Rows of a list; what is beyond is told in a line below it.</summary>
    public const int MostRows = 10_000;

    /// <summary>So many links have room in a title.</summary>
    private const int MostNamed = 5;

    public static bool Write(StatsReport report, Stream file)
    {
        using var workbook = Workbooks.New(report.AsOf);
        WriteSummary(workbook.Add(T("Summary")), report);
        foreach (var breakdown in report.Breakdowns)
        {
            WriteList(workbook, report, breakdown);
        }

        workbook.Save(file);
        return true;
    }

    private static void WriteSummary(Workbooks.Sheet sheet, StatsReport report)
    {
        var query = report.Query;
        var row = 1;
        var links = query.Filters.FirstOrDefault(filter => filter.Dimension == Dimension.ShortCode && filter.Operator == FilterOperator.Is && filter.Values.Count is > 0 and <= MostNamed);
        var named = report.Link?.Name ?? query.LinkName?.ToString() ?? (links is null ? null : Labels.ValuesOf(links, all: true));
        sheet.WriteTitle(row++, named is null ? T("Clicks of all links") : T("Clicks of {0}", named));
        row++;
        Fact(T("Period"), DateFormats.Of(report));
        Fact(T("Time zone"), report.Range.Zone.Id);
        var filters = query.Filters.Where(filter => filter != links).ToList();
        if (filters.Count == 0)
        {
            Fact(T("Filters"), T("No filter"));
        }

        foreach (var (filter, index) in filters.Select((filter, index) => (filter, index)))
        {
            Fact(index == 0 ? T("Filters") : "", $"{Labels.TitleOf(filter.Dimension)} {Labels.Of(filter.Operator)} {Labels.ValuesOf(filter, all: true)}");
        }

        Fact(T("Counted at"), report.Range.Local(report.AsOf));
        row++;

        var before = report.Comparison;
        var header = row++;
        string[] columns = before is null
            ? [T("Number"), T("Value")]
            : [T("Number"), T("Value"), DateFormats.Of(before.Range), T("Change")];
        sheet.WriteHeader(header, columns);
        var (now, then) = (report.Summary, before?.Summary);
        Sum(T("Clicks"), now.TotalClicks, then?.TotalClicks);
        if (report.Imported is { Clicks: > 0 } or { LeftOut: > 0 } || before?.Imported is { Clicks: > 0 })
        {
            Sum(T("Imported clicks, beside these: only their number is known"), report.Imported?.Clicks ?? 0, before?.Imported?.Clicks);
        }

        Sum(T("Unique visitors"), now.UniqueClicks, then?.UniqueClicks);
        if (now.UntrackedClicks > 0 || then is { UntrackedClicks: > 0 })
        {
            Sum(T("Clicks that asked not to be tracked"), now.UntrackedClicks, then?.UntrackedClicks);
        }

        Line(T("Clicks per visitor"), now.AverageClicksPerVisitor, then?.AverageClicksPerVisitor);
        Line(T("First click"), now.FirstClick is { } first ? report.Range.Local(first) : null, then?.FirstClick is { } firstThen ? report.Range.Local(firstThen) : null);
        Line(T("Last click"), now.LastClick is { } last ? report.Range.Local(last) : null, then?.LastClick is { } lastThen ? report.Range.Local(lastThen) : null);
        if (now.MeasuredRedirects > 0)
        {
            Line(T("Average redirect (ms)"), now.AverageRedirectMs, then is { MeasuredRedirects: > 0 } ? then.AverageRedirectMs : null);
        }

        sheet.Finish(header, columns.Length, row - header - 1);

        void Fact(string name, object? value)
        {
            sheet.WriteName(row, name);
            sheet.Write(row++, 2, value);
        }

        void Sum(string name, long value, long? other)
        {
            Line(name, value, other);
            if (other is > 0)
            {
                sheet.Write(row - 1, 4, (double)(value - other.Value) / other.Value, CellKind.Share);
            }
        }

        void Line(string name, object? value, object? other)
        {
            sheet.Write(row, 1, name);
            sheet.Write(row, 2, value);
            if (before is not null)
            {
                sheet.Write(row, 3, other);
            }

            row++;
        }
    }

    private static void WriteList(Workbooks workbook, StatsReport report, Breakdown breakdown)
    {
        var sheet = workbook.Add(Labels.PluralOf(breakdown.Dimension));
        var isTime = breakdown.Dimension == Dimension.Time;
        var rows = breakdown.Rows.Take(MostRows).ToList();
        var hasCodes = rows.Exists(row => NameOf(row) != row.Label);
        List<string> columns =
        [
            Labels.TitleOf(breakdown.Dimension),
            .. hasCodes ? [T("Code")] : Array.Empty<string>(),
            .. report.Query.Metrics.Distinct().SelectMany(metric => (string[])[TitleOf(metric), T("{0}, share", TitleOf(metric))]),
        ];
        sheet.WriteHeader(1, columns);
        for (var number = 0; number < rows.Count; number++)
        {
            WriteRow(number + 2, NameOf(rows[number]), rows[number].Label, rows[number].Count);
        }

        var left = breakdown.RestRows + breakdown.Rows.Count - rows.Count;
        var written = rows.Count;
        if (left > 0)
        {
            var rest = breakdown.Rows.Skip(MostRows).Aggregate(
                breakdown.Rest, (sum, row) => new Count(sum.Clicks + row.Count.Clicks, sum.UniqueClicks + row.Count.UniqueClicks));
            WriteRow(++written + 1, T("Others"), "", rest);
            sheet.WriteNote(written + 3, T("{0} more are added up in “{1}”. The complete list is in the CSV of this card on the dashboard.", Numbers.Long(left), T("Others")));
        }

        sheet.Finish(1, columns.Count, written);

        string NameOf(BreakdownRow row) => isTime ? row.Label : Labels.Of(breakdown.Dimension, row.Label);

        void WriteRow(int line, string name, string code, Count count)
        {
            var column = 1;
            sheet.Write(line, column++, name, isTime ? CellKind.Time : CellKind.Plain);
            if (hasCodes)
            {
                sheet.Write(line, column++, code);
            }

            foreach (var metric in report.Query.Metrics.Distinct())
            {
                sheet.Write(line, column++, metric.Of(count));
                sheet.Write(line, column++, metric.Of(breakdown.Sum) is var sum and > 0 ? (double)metric.Of(count) / sum : null, CellKind.Share);
            }
        }
    }

    private static string TitleOf(Metric metric) => metric == Metric.Clicks ? T("Clicks") : T("Unique visitors");
}

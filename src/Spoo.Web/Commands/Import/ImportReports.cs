using System.Globalization;
using Spoo.Data.Clicks.Reading;
using Spoo.Data.Transfer;
using Spoo.Data.Transfer.ClickFiles;
using Spoo.Data.Transfer.Imports;
using static Spoo.Web.Words.Plurals;

namespace Spoo.Web.Commands.Import;

/// <summary>What became of a file, in lines for a terminal.</summary>
internal static class ImportReports
{
    public static void Print(ImportReport report)
    {
        PrintBad(report);
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{InEnglish(report.Stored, "{0} click", "{0} clicks")} added, {InEnglish(report.LinksCreated, "{0} link", "{0} links")} made, in {report.Elapsed.TotalSeconds:0.0} s."));
        PrintTotals(report.Totals);
        if (report is { ImportId: { } id } && (report.Stored > 0 || report.LinksCreated > 0 || report.Totals.Counted > 0))
        {
            Console.WriteLine($"./run import undo {id} takes that back.");
        }

        PrintFiles(report);
        Say(report.AlreadyThere, "{0} click was there already.", "{0} clicks were there already.");
        PrintLines(report);
        foreach (var (host, clicks) in report.OtherHosts)
        {
            Console.WriteLine($"{InEnglish(clicks, "{0} click was", "{0} clicks were")} of links at {OutsideText.Clean(host, 100)}, which is no domain of this account: their codes are on the server's own.");
        }

        Say(report.LinkDeleted, "{0} click was left out because its link was deleted meanwhile.", "{0} clicks were left out because their link was deleted meanwhile.");
        Say(
            report.VisitorsGuessed,
            "{0} click has neither visitor nor address: visitors like its own are told apart by User-Agent, language and place, so unique counts may be lower than the truth.",
            "{0} clicks have neither visitor nor address: their visitors are told apart by User-Agent, language and place, so unique counts are lower than the truth.");
        Say(
            report.Ahead,
            "{0} click is dated ahead of now and is in no report before its time has come.",
            "{0} clicks are dated ahead of now and are in no report before their time has come.");
        foreach (var field in report.NotUnderstood)
        {
            Console.WriteLine($"{InEnglish(field.Lines, "{0} click has", "{0} clicks have")} no {field.Field}, because what the file says is not understood: {field.Said}.");
        }

        PrintUnknown(report);
    }

    public static void PrintTotals(ToldTotals totals)
    {
        Say(
            totals.Counted,
            "{0} click is kept as a number: the file tells of it only that it was. It stands beside the clicks.",
            "{0} clicks are kept as numbers: the file tells only how many they were. They stand beside the clicks.");
        Say(
            totals.Told - totals.Counted,
            "{0} click more is not counted again: clicks of the same day or link, or an earlier import, tell of it.",
            "{0} clicks more are not counted again: clicks of the same days or links, or earlier imports, tell of them.");
    }

    public static void Print(ClickFileCheck check)
    {
        PrintBad(check.Report);
        Console.WriteLine($"{InEnglish(check.Clicks, "{0} click", "{0} clicks")} in {InEnglish(check.Report.Lines, "{0} line", "{0} lines")}; nothing was stored.");
        Say(check.Totals, "{0} click is told by its number alone.", "{0} clicks are told by their number alone.");
        PrintFiles(check.Report);
        foreach (var column in check.Report.Files.SelectMany(file => file.Columns).Distinct())
        {
            Console.WriteLine($"  {OutsideText.Clean(column.Column, 64)} -> {column.Field}");
        }

        foreach (var click in check.First)
        {
            var more = new[] { ("long_url", click.LongUrl), ("referrer", click.Referrer), ("country", click.Country), ("browser", click.UserAgent) }
                .Where(field => field.Item2 is not null)
                .Select(field => $", {field.Item1} {OutsideText.Clean(field.Item2, 80)}");
            var (time, clicks) = click.Clicks is not { } sum
                ? (click.Time.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture) + " UTC", "")
                : (click.Day?.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture) ?? "no day", ", " + InEnglish(sum, "{0} click", "{0} clicks"));
            Console.WriteLine($"  line {click.Line}: {time}, short_code {click.ShortCode}{clicks}{string.Concat(more)}");
        }

        PrintLines(check.Report);
        PrintUnknown(check.Report);
    }

    private static void PrintBad(ImportReport report)
    {
        foreach (var bad in report.BadLines)
        {
            Console.Error.WriteLine($"line {bad.Line}: {bad.Reason}");
        }

        if (report.Bad > report.BadLines.Count)
        {
            Console.Error.WriteLine($"and {InEnglish(report.Bad - report.BadLines.Count, "{0} more bad line", "{0} more bad lines")}");
        }

        if (report is { IsUnreadable: true, Files: [var file, ..] })
        {
            Console.Error.WriteLine($"spoo: no line could be read. It was taken for {file.Format.Title}; --format says otherwise, and docs/import.md shows what each format looks like");
        }
    }

    private static void PrintFiles(ImportReport report)
    {
        const int Most = 20;
        foreach (var file in report.Files.Take(Most))
        {
            var encoding = file.Encoding == "UTF-8" ? "" : $", read as {file.Encoding}";
            var dates = file.Dates is { } order ? $", dates with the {(order == DateOrder.DayMonth ? "day" : "month")} first" : "";
            Console.WriteLine($"{OutsideText.Clean(file.Name, 100)}: {file.Format.Title} ({file.Reason}){encoding}{dates}.");
        }

        Say(report.Files.Count - Most, "And {0} more file.", "And {0} more files.");
    }

    private static void PrintLines(ImportReport report)
    {
        foreach (var (reason, count) in report.NotClicksBy.OrderByDescending(reason => reason.Value))
        {
            Console.WriteLine($"{InEnglish(count, "{0} line is no click", "{0} lines are no clicks")}: {reason}.");
        }

        Say(report.Bad, "{0} line is bad and was left out.", "{0} lines are bad and were left out.");
    }

    private static void PrintUnknown(ImportReport report)
    {
        if (report.UnknownFields.Count > 0)
        {
            Console.WriteLine($"Fields that mean nothing here: {string.Join(", ", report.UnknownFields)}.");
        }
    }

    public static void Say(long count, string one, string other)
    {
        if (count > 0)
        {
            Console.WriteLine(InEnglish(count, one, other));
        }
    }
}

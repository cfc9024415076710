using System.Globalization;
using System.Net;
using System.Text;
using Spoo.Data.Stats;
using Spoo.Data.Stats.Question;
using Spoo.Data.Stats.Report;
using Spoo.Web.Words;
using static Spoo.Web.Words.Texts;

namespace Spoo.Web.Mail.Reports;

/// <summary>
/// A report as the page that mail programs show: tables and attributes, which also the oldest draw; where a program knows of a dark theme, dark.
/// Nothing in it is loaded from anywhere, so opening it tells nobody.
/// </summary>
internal static class ReportPage
{
    private const int ChartHeight = 120;

    private const string Styles = """
        body { margin: 0; padding: 24px 12px; background: #f4f5f7; color: #1b1f24; font: 16px/1.5 -apple-system, "Segoe UI", Roboto, Helvetica, Arial, sans-serif; }
        .sheet { max-width: 600px; margin: 0 auto; background: #ffffff; border-radius: 12px; }
        .number { font-size: 28px; font-weight: 600; }
        .quiet { color: #59636e; font-size: 14px; }
        .line td { border-top: 1px solid #e3e6ea; padding: 6px 0; }
        a { color: #0b57b7; }
        h2 { font-size: 16px; margin: 24px 0 6px; }
        @media (prefers-color-scheme: dark) {
          body { background: #14171a !important; color: #e8eaed !important; }
          .sheet { background: #1e2226 !important; }
          .quiet { color: #a4adb6 !important; }
          .line td { border-top-color: #333a41 !important; }
          .bar { background: #5aa2f5 !important; }
          a { color: #7db7ff !important; }
        }
        """;

    public static string Of(ReportLetter letter)
    {
        var report = letter.Report;
        var page = new StringBuilder();
        var language = CultureInfo.CurrentUICulture.TwoLetterISOLanguageName;
        page.Append("<!DOCTYPE html><html lang=\"").Append(language).Append("\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width\">")
            .Append("<meta name=\"color-scheme\" content=\"light dark\"><title>").Append(Encoded(letter.Title)).Append("</title><style>").Append(Styles).Append("</style></head>")
            .Append("<body><main><table class=\"sheet\" role=\"presentation\" width=\"100%\" cellpadding=\"0\" cellspacing=\"0\"><tr><td style=\"padding: 24px\">")
            .Append("<h1 style=\"font-size: 20px; margin: 0\">").Append(Encoded(letter.Title)).Append("</h1><p class=\"quiet\" style=\"margin: 2px 0 18px\">")
            .Append(Encoded(DateFormats.Of(report.Range))).Append("</p>");
        AppendNumbers(page, report);
        AppendChart(page, report);
        page.Append("<p class=\"quiet\" style=\"margin: 10px 0 0\">").Append(Encoded(ReportNumbers.Remark(letter))).Append("</p>");
        foreach (var breakdown in report.Breakdowns.Where(breakdown => breakdown.Dimension != Dimension.Time && breakdown.Rows.Count > 0))
        {
            AppendList(page, breakdown);
        }

        return page.Append("<p style=\"margin: 24px 0 0\"><a href=\"").Append(Encoded(letter.DashboardUrl)).Append("\">").Append(Encoded(T("Open the dashboard"))).Append("</a></p>")
            .Append("<p class=\"quiet\" style=\"margin: 18px 0 0\"><a href=\"").Append(Encoded(letter.SettingsUrl)).Append("\">").Append(Encoded(T("Choose reports")))
            .Append("</a> · <a href=\"").Append(Encoded(letter.StopUrl)).Append("\">").Append(Encoded(T("Stop this report"))).Append("</a></p>")
            .Append("</td></tr></table></main></body></html>")
            .ToString();
    }

    private static void AppendNumbers(StringBuilder page, StatsReport report)
    {
        page.Append("<table role=\"presentation\" width=\"100%\" cellpadding=\"0\" cellspacing=\"0\"><tr>");
        foreach (var (title, now, before) in ReportNumbers.Of(report))
        {
            page.Append("<td width=\"50%\"><span class=\"quiet\">").Append(Encoded(title)).Append("</span><br><span class=\"number\">").Append(Encoded(Numbers.Long(now)))
                .Append("</span> <span class=\"quiet\">").Append(Encoded(ReportNumbers.ChangeOf(now, before))).Append("</span></td>");
        }

        page.Append("</tr></table>");
    }

    // Bars of a height in pixels and a colour of the cell's own: no picture that a program would have to be allowed to load.
    private static void AppendChart(StringBuilder page, StatsReport report)
    {
        if (report.Buckets is not { All.Count: > 1 } buckets)
        {
            return;
        }

        var rows = report.By(Dimension.Time).Rows;
        var most = Math.Max(1, rows.Max(row => row.Count.Clicks));
        page.Append("<table role=\"img\" aria-label=\"").Append(Encoded(T("Clicks by: {0}", Labels.TitleOf(Dimension.Time)))).Append("\" width=\"100%\" height=\"")
            .Append(ChartHeight.ToString(CultureInfo.InvariantCulture)).Append("\" cellpadding=\"0\" cellspacing=\"2\" style=\"margin: 18px 0 4px\"><tr valign=\"bottom\">");
        foreach (var (bucket, row) in buckets.All.Zip(rows))
        {
            var height = (int)(ChartHeight * row.Count.Clicks / most);
            page.Append("<td valign=\"bottom\" title=\"").Append(Encoded($"{DateFormats.Full(bucket, buckets.Width)}: {Numbers.Clicks(row.Count.Clicks)}"))
                .Append("\"><div class=\"bar\" style=\"background: #1668c4; border-radius: 2px 2px 0 0; font-size: 0; line-height: 0; height: ")
                .Append(Math.Max(1, height).ToString(CultureInfo.InvariantCulture)).Append("px\">&nbsp;</div></td>");
        }

        page.Append("</tr></table><table role=\"presentation\" width=\"100%\" class=\"quiet\"><tr><td>").Append(Encoded(Axis(buckets.All[0])))
            .Append("</td><td align=\"right\">").Append(Encoded(Axis(buckets.All[^1]))).Append("</td></tr></table>");

        string Axis(TimeBucket bucket) => DateFormats.Axis(bucket, buckets.Width, report.Range);
    }

    private static void AppendList(StringBuilder page, Breakdown breakdown)
    {
        page.Append("<h2>").Append(Encoded(Labels.TitleOf(breakdown.Dimension))).Append("</h2><table width=\"100%\" cellpadding=\"0\" cellspacing=\"0\">");
        foreach (var row in breakdown.Rows)
        {
            page.Append("<tr class=\"line\"><td>").Append(Encoded(Labels.Of(breakdown.Dimension, row.Label))).Append("</td><td align=\"right\">")
                .Append(Encoded(Numbers.Long(row.Count.Clicks))).Append("</td><td align=\"right\" class=\"quiet\" width=\"64\">")
                .Append(Encoded(Numbers.Share(breakdown.Percentage(row, Metric.Clicks)))).Append("</td></tr>");
        }

        page.Append("</table>");
    }

    private static string Encoded(string text) => WebUtility.HtmlEncode(text);
}

using System.Text;
using Spoo.Data.Stats;
using Spoo.Web.Words;
using static Spoo.Web.Words.Texts;

namespace Spoo.Web.Mail.Reports;

/// <summary>A report in plain text.</summary>
internal static class ReportText
{
    private const int LabelWidth = 40;
    private const int NumberWidth = 12;

    public static string Of(ReportLetter letter)
    {
        var report = letter.Report;
        var text = new StringBuilder();
        text.Append(letter.Title).Append('\n').Append(DateFormats.Of(report.Range)).Append("\n\n");
        foreach (var (title, now, before) in ReportNumbers.Of(report))
        {
            Line(title, $"{Numbers.Long(now)}  {ReportNumbers.ChangeOf(now, before)}");
        }

        text.Append(ReportNumbers.Remark(letter)).Append('\n');
        foreach (var breakdown in report.Breakdowns.Where(breakdown => breakdown.Dimension != Dimension.Time && breakdown.Rows.Count > 0))
        {
            text.Append('\n').Append(Labels.TitleOf(breakdown.Dimension)).Append('\n');
            foreach (var row in breakdown.Rows)
            {
                Line("  " + Labels.Of(breakdown.Dimension, row.Label), Numbers.Long(row.Count.Clicks));
            }
        }

        return text.Append('\n').Append(T("The dashboard")).Append(": ").Append(letter.DashboardUrl)
            .Append('\n').Append(T("Choose reports")).Append(": ").Append(letter.SettingsUrl)
            .Append('\n').Append(T("Stop this report")).Append(": ").Append(letter.StopUrl).Append('\n')
            .ToString();

        void Line(string label, string number) =>
            text.Append((label.Length > LabelWidth ? label[..(LabelWidth - 1)] + "…" : label).PadRight(LabelWidth)).Append(' ').Append(number.PadLeft(NumberWidth)).Append('\n');
    }
}

using Spoo.Data.Stats.Report;
using Spoo.Web.Words;
using static Spoo.Web.Words.Texts;

namespace Spoo.Web.Mail.Reports;

/// <summary>The numbers above a report's lists, and what is to be said of them.</summary>
internal static class ReportNumbers
{
    /// <summary>Each with what it was in the days before.</summary>
    public static IEnumerable<(string Title, long Now, long Before)> Of(StatsReport report)
    {
        var (now, before) = (report.Summary, report.Comparison!.Summary);
        yield return (T("Clicks"), now.TotalClicks, before.TotalClicks);
        yield return (T("Unique visitors"), now.UniqueClicks, before.UniqueClicks);
    }

    public static string ChangeOf(long now, long before) => Change.Of(now, before).Text;

    /// <summary>With what is compared, whether bots count, and whom unique visitors leave out.</summary>
    public static string Remark(ReportLetter letter) =>
        T("Compared with {0}.", DateFormats.Of(letter.Report.Comparison!.Range)) + " "
        + (letter.Address.PeopleOnly ? T("People only.") : T("Bots included."))
        + (letter.Report.Summary.UntrackedClicks is > 0 and var untracked ? " " + Numbers.Untracked(untracked) + "." : "");
}

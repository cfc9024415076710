using Spoo.Data.Stats;
using Spoo.Data.Stats.Live;
using Spoo.Data.Stats.Question;
using Spoo.Data.Stats.Report;

namespace Spoo.Tests.Support;

internal static class LiveClicksReports
{
    /// <summary>Counts what is not refused.</summary>
    public static async Task<StatsReport> ReportAsync(this IClickCounting counting, StatsQuery query, ClickSelection selection) =>
        Assert.IsType<StatsOutcome.Found>((await counting.CountAsync(query, [selection], AnswerLimits.Owner, TestContext.Current.CancellationToken))[0]).Report;
}

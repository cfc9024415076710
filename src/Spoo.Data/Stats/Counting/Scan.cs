using Spoo.Data.Stats.Counting.Columns;

namespace Spoo.Data.Stats.Counting;

/// <summary>
/// Answers a question in one pass over the clicks of one moment, whatever it asks: filter, number the groups, count clicks
/// and distinct visitors per group. Exact, always.
/// </summary>
public static class Scan
{
    /// <exception cref="OperationCanceledException">The question is no longer of interest.</exception>
    public static ScanAnswer Run(ClickColumns columns, ScanQuestion question, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(question.Threads, nameof(question));
        var plan = new ScanPlan(columns, question);
        var counts = new List<(ScanWorker Worker, int Sign)>();
        if (!plan.CountsNothing)
        {
            counts.AddRange(CountRuns(plan, cancellationToken).Select(worker => (worker, 1)));
            if (columns.Returning.Count > 0)
            {
                var returning = new ScanWorker(plan);
                returning.Count(columns.Returning, linksLookedUp: null, cancellationToken);
                counts.Add((returning, -1));
            }
        }

        var answer = Sum(plan, counts);
        foreach (var (worker, _) in counts)
        {
            worker.Dispose();
        }

        return answer;
    }

    /// <summary>Shares the runs out: no visitor is in two of them, so what the threads count simply adds up.</summary>
    private static List<ScanWorker> CountRuns(ScanPlan plan, CancellationToken cancellationToken)
    {
        var workers = new List<ScanWorker>();
        var next = -1;
        var options = new ParallelOptions { MaxDegreeOfParallelism = plan.Question.Threads, CancellationToken = cancellationToken };
        Parallel.For(0, Math.Min(plan.Question.Threads, plan.Runs.Count), options, _ =>
        {
            var worker = new ScanWorker(plan);
            for (var run = Interlocked.Increment(ref next); run < plan.Runs.Count; run = Interlocked.Increment(ref next))
            {
                worker.Count(plan.Runs[run], plan.LinksLookedUpIn(run), cancellationToken);
            }

            lock (workers)
            {
                workers.Add(worker);
            }
        });
        return workers;
    }

    private static ScanAnswer Sum(ScanPlan plan, List<(ScanWorker Worker, int Sign)> counts)
    {
        var question = plan.Question;
        var clicks = counts.Sum(count => count.Sign * count.Worker.Clicks);
        return new ScanAnswer
        {
            Clicks = clicks,
            UniqueVisitors = counts.Sum(count => count.Sign * count.Worker.UniqueVisitors),

            // What returned is in the fresh run too, so taking it away takes no time away.
            First = clicks == 0 ? null : counts.Where(count => count.Sign > 0).Min(count => count.Worker.First),
            Last = clicks == 0 ? null : counts.Where(count => count.Sign > 0).Max(count => count.Worker.Last),
            RedirectMs = counts.Sum(count => count.Sign * count.Worker.RedirectMs),
            RedirectsTimed = counts.Sum(count => count.Sign * count.Worker.RedirectsTimed),
            RedirectsByTime = question.RedirectsByTime
                ? RedirectCount.Sum(counts.Select(count => (count.Worker.Redirects!, count.Sign)), question.Buckets!.Count)
                : null,
            Breakdowns =
            [
                .. question.Breakdowns.Select((attribute, i) =>
                    BreakdownCount.Sum(counts.Select(count => (count.Worker.Breakdowns[i], count.Sign)), plan.CodesOf(attribute))),
            ],
            CrossTabs =
            [
                .. question.CrossTabs.Select((_, i) =>
                    CrossTabCount.Sum([.. counts.Select(count => (count.Worker.CrossTabs[i], count.Sign))], question.MostCells)),
            ],
        };
    }
}

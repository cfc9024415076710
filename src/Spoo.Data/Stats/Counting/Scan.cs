using System.Runtime.ExceptionServices;
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
        var counts = new List<Counted>();
        if (!plan.CountsNothing)
        {
            counts.AddRange(CountShards(plan, cancellationToken).Select(worker => new Counted(worker, 1, 1)));
            if (columns.Returning.Count > 0)
            {
                var returning = new ScanWorker(plan);
                returning.Count(columns.Returning, linksLookedUp: null, cancellationToken);
                counts.Add(new(returning, -1, -1));
            }

            if (CountOfNoVisitor(plan, cancellationToken) is { } ofNoVisitor)
            {
                counts.Add(new(ofNoVisitor, 0, -1));
            }
        }

        var answer = Sum(plan, counts);
        foreach (var count in counts)
        {
            count.Worker.Dispose();
        }

        return answer;
    }

    /// <summary>
    /// Counts the clicks of no known visitor by themselves. Above, each run has counted them as one visitor like any other, which costs nothing where there
    /// are none; here is what that came to. Null: there are none.
    /// </summary>
    private static ScanWorker? CountOfNoVisitor(ScanPlan plan, CancellationToken cancellationToken)
    {
        ScanWorker? worker = null;
        using var room = RunRoom.Rent();
        foreach (var shard in plan.Shards.Where(shard => shard.HasNoVisitor && !plan.CountsNothingOf(shard)))
        {
            worker ??= new ScanWorker(plan, countsByTime: plan.Question.RedirectsByTime);
            var run = shard.Run(room).OfNoVisitor!;
            worker.Count(run, plan.LinksLookedUpIn(run, shard), cancellationToken);
            room.Empty();
        }

        return worker;
    }

    /// <summary>Shares the shards out: no visitor is in two of them, so what the threads count simply adds up.</summary>
    private static List<ScanWorker> CountShards(ScanPlan plan, CancellationToken cancellationToken)
    {
        var workers = new List<ScanWorker>();
        var next = -1;
        var threads = Math.Min(plan.Question.Threads, plan.Shards.Count);
        if (threads == 1)
        {
            CountNext();
            return workers;
        }

        var options = new ParallelOptions { MaxDegreeOfParallelism = threads, CancellationToken = cancellationToken };
        try
        {
            Parallel.For(0, threads, options, _ => CountNext());
        }
        catch (AggregateException several) when (several.InnerExceptions.OfType<ColumnsLostException>().FirstOrDefault() is { } lost)
        {
            ExceptionDispatchInfo.Throw(lost);
        }

        return workers;

        void CountNext()
        {
            var worker = new ScanWorker(plan);
            using var room = RunRoom.Rent();
            for (var shard = Interlocked.Increment(ref next); shard < plan.Shards.Count; shard = Interlocked.Increment(ref next))
            {
                if (!plan.CountsNothingOf(plan.Shards[shard]))
                {
                    var run = plan.Shards[shard].Run(room);
                    worker.Count(run, plan.LinksLookedUpIn(run, plan.Shards[shard]), cancellationToken);
                    room.Empty();
                }
            }

            lock (workers)
            {
                workers.Add(worker);
            }
        }
    }

    private static ScanAnswer Sum(ScanPlan plan, List<Counted> counts)
    {
        var question = plan.Question;
        var clicks = counts.Sum(count => count.Clicks * count.Worker.Clicks);
        var ofNoVisitor = counts.Find(count => count.Clicks == 0)?.Worker;
        return new ScanAnswer
        {
            Clicks = clicks,
            UniqueVisitors = counts.Sum(count => count.Visitors * count.Worker.UniqueVisitors),
            ClicksOfNoVisitor = ofNoVisitor?.Clicks ?? 0,

            // What returned is in the fresh run too, so taking it away takes no time away.
            First = clicks == 0 ? null : counts.Where(count => count.Clicks > 0).Min(count => count.Worker.First),
            Last = clicks == 0 ? null : counts.Where(count => count.Clicks > 0).Max(count => count.Worker.Last),
            RedirectMs = counts.Sum(count => count.Clicks * count.Worker.RedirectMs),
            RedirectsTimed = counts.Sum(count => count.Clicks * count.Worker.RedirectsTimed),
            RedirectsByTime = question.RedirectsByTime
                ? RedirectCount.Sum(counts.Select(count => (count.Worker.Redirects!, count.Clicks)), question.Buckets!.Count)
                : null,
            OfNoVisitorByTime = !question.RedirectsByTime ? null
                : ofNoVisitor is null ? new long[question.Buckets!.Count]
                : BreakdownCount.Sum([(ofNoVisitor.ByTime!, 1, 0)], question.Buckets!.Count).Clicks,
            Breakdowns =
            [
                .. question.Breakdowns.Select((attribute, i) =>
                    BreakdownCount.Sum(counts.Select(count => (count.Worker.Breakdowns[i], count.Clicks, count.Visitors)), plan.CodesOf(attribute))),
            ],
            CrossTabs =
            [
                .. question.CrossTabs.Select((_, i) =>
                    CrossTabCount.Sum([.. counts.Select(count => new CountedCells(count.Worker.CrossTabs[i], count.Clicks, count.Visitors))], question.MostCells)),
            ],
        };
    }

    /// <summary>What one worker counted, and how often its clicks and its visitors are to be added.</summary>
    private sealed record Counted(ScanWorker Worker, int Clicks, int Visitors);
}

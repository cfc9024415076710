using Spoo.Data.Stats.Counting;
using Spoo.Data.Stats.Counting.Columns;

namespace Spoo.Tests.Stats.Counting;

/// <summary>The slow, obvious way to count. Every scan must agree with it.</summary>
internal static class SlowCount
{
    public static ScanAnswer Of(IEnumerable<PlainClick> clicks, ScanQuestion question)
    {
        var selected = clicks.Where(click => Selects(question, click)).ToList();
        return new ScanAnswer
        {
            Clicks = selected.Count,
            UniqueVisitors = Visitors(selected),
            ClicksOfNoVisitor = selected.Count(IsOfNoVisitor),
            OfNoVisitorByTime = question.RedirectsByTime ? OfNoVisitorByTime(selected, question) : null,
            First = selected.Min(click => (long?)click.Time),
            Last = selected.Max(click => (long?)click.Time),
            RedirectMs = selected.Where(click => click.RedirectMs >= 0).Sum(click => (long)click.RedirectMs),
            RedirectsTimed = selected.Count(click => click.RedirectMs >= 0),
            RedirectsByTime = question.RedirectsByTime ? RedirectsByTime(selected, question) : null,
            Breakdowns = [.. question.Breakdowns.Select(attribute => BreakDown(selected, question, attribute))],
            CrossTabs = [.. question.CrossTabs.Select(pair => Cross(selected, question, pair))],
        };
    }

    private static List<RedirectSum> RedirectsByTime(List<PlainClick> clicks, ScanQuestion question)
    {
        var timed = clicks.Where(click => click.RedirectMs >= 0).ToLookup(click => Code(question, click, AttributeId.Time));
        return
        [
            .. Enumerable.Range(0, question.Buckets!.Count)
                .Select(bucket => new RedirectSum(timed[bucket].Sum(click => (long)click.RedirectMs), timed[bucket].Count())),
        ];
    }

    private static bool Selects(ScanQuestion question, PlainClick click) =>
        question.From <= click.Time && click.Time <= question.To
        && (question.Links is null || question.Links.Contains(click.Link))
        && question.Filters.All(filter => filter.Codes.Contains(Code(question, click, filter.Attribute)!.Value) == filter.Include);

    private static int? Code(ScanQuestion question, PlainClick click, AttributeId attribute) => attribute.Level switch
    {
        AttributeLevel.Time => question.Buckets!.BucketOf(click.Time) is var bucket && bucket < question.Buckets.Count ? bucket : null,
        AttributeLevel.Link => click.Link,
        AttributeLevel.LinkGroup => question.LinkGroups[click.Link],
        AttributeLevel.Source => click.Source[attribute.Column],
        _ => click.Profile[attribute.Column],
    };

    private static GroupCounts BreakDown(List<PlainClick> clicks, ScanQuestion question, AttributeId attribute)
    {
        var groups = clicks.ToLookup(click => Code(question, click, attribute));
        var size = groups.Max(group => group.Key) + 1 ?? 0;
        return new GroupCounts(
            [.. Enumerable.Range(0, size).Select(code => (long)groups[code].Count())],
            [.. Enumerable.Range(0, size).Select(code => Visitors(groups[code]))]);
    }

    private static List<CrossCell> Cross(List<PlainClick> clicks, ScanQuestion question, AttributePair pair) =>
    [
        .. clicks
            .Select(click => (First: Code(question, click, pair.First), Second: Code(question, click, pair.Second), Click: click))
            .Where(entry => entry.First is not null && entry.Second is not null)
            .GroupBy(entry => (First: entry.First!.Value, Second: entry.Second!.Value), entry => entry.Click)
            .OrderBy(group => group.Key)
            .Select(group => new CrossCell(group.Key.First, group.Key.Second, group.Count(), Visitors(group))),
    ];

    private static List<long> OfNoVisitorByTime(List<PlainClick> clicks, ScanQuestion question)
    {
        var byTime = clicks.Where(IsOfNoVisitor).ToLookup(click => Code(question, click, AttributeId.Time));
        return [.. Enumerable.Range(0, question.Buckets!.Count).Select(bucket => (long)byTime[bucket].Count())];
    }

    private static bool IsOfNoVisitor(PlainClick click) => click.Visitor == Spoo.Data.Clicks.Facts.Click.NoVisitor;

    private static long Visitors(IEnumerable<PlainClick> clicks) => clicks.Where(click => !IsOfNoVisitor(click)).Select(click => click.Visitor).ToHashSet().Count;
}

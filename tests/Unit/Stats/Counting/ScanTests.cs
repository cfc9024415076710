using System.Text.Json;
using Spoo.Data.Stats.Counting;
using Spoo.Data.Stats.Counting.Columns;
using Spoo.Tests.Stats.Live;
using Xunit;

namespace Spoo.Tests.Stats.Counting;

public sealed class ScanTests
{
    [Theory, MemberData(nameof(Seeds))]
    public void Every_count_agrees_with_the_slow_one(int seed)
    {
        var random = new RandomClicks(seed);
        AgreesAfterChanges(random, ClickColumns.Empty(RandomClicks.ProfileAttributes, RandomClicks.SourceAttributes, random.Pick(1, 50, 3_000)));
    }

    /// <summary>The same where all shards are in a file, or all but a few.</summary>
    [Theory, MemberData(nameof(Seeds))]
    public void Every_count_agrees_with_the_slow_one_where_clicks_do_not_fit_into_memory(int seed)
    {
        var random = new RandomClicks(seed);
        var limit = random.Pick(0, 5_000, 20_000);
        var memory = new ShardMemory(limit, Path.GetTempPath());
        var columns = AgreesAfterChanges(random, ClickColumns.Empty(RandomClicks.ProfileAttributes, RandomClicks.SourceAttributes, random.Pick(20, 50, 300), memory)).Merge();

        Assert.True(limit > 0 || columns.InFile == columns.Count, "Clicks are in memory though there is none for them.");
    }

    private static ClickColumns AgreesAfterChanges(RandomClicks random, ClickColumns columns)
    {
        var clicks = new List<PlainClick>();
        for (var step = 0; step < 10; step++)
        {
            (columns, clicks) = Change(random, columns, clicks);
            Assert.Equal(clicks.Count, columns.Count);

            for (var i = 0; i < 3; i++)
            {
                Agree(columns, clicks, random.Question(clicks));
            }
        }

        return columns;
    }

    [Theory, MemberData(nameof(Seeds))]
    public void Many_clicks_at_once_count_the_same(int seed)
    {
        var random = new RandomClicks(seed);
        var clicks = random.Clicks(random.Pick(0, 1, 64, 5_000));
        var empty = ClickColumns.Empty(RandomClicks.ProfileAttributes, RandomClicks.SourceAttributes, random.Pick(10, 1_000, 1_000_000), new ShardMemory(random.Pick(0, 10_000, int.MaxValue), Path.GetTempPath()));
        var builder = new ClickColumnsBuilder(empty, random.Pick(0, 5_000, 50_000), fewestToCut: random.Pick(1, 700, 100_000));
        foreach (var batch in clicks.Chunk(random.Pick(1, 64, 999, 10_000)))
        {
            builder.Add(RandomClicks.Batch(batch, random.Pick(null, builder.Sources)));
        }

        var columns = builder.Build();

        Assert.Equal(0, columns.Unmerged);
        for (var i = 0; i < 10; i++)
        {
            Agree(columns, clicks, random.Question(clicks));
        }
    }

    [Fact]
    public void A_question_about_few_of_many_links_counts_only_theirs()
    {
        // More clicks than a link's are looked up among at once.
        var random = new RandomClicks(11);
        var clicks = random.Clicks(150_000).ConvertAll(click => click with { Link = random.Below(400), Visitor = Math.Max(click.Visitor, 0) });
        var columns = ClickColumns.Empty(RandomClicks.ProfileAttributes, RandomClicks.SourceAttributes).With(RandomClicks.Batch(clicks)).Merge();
        var before = columns.Bytes;

        for (var i = 0; i < 12; i++)
        {
            Agree(columns, clicks, random.Question(clicks) with { Links = [.. Enumerable.Range(0, 1 + (i % 3)).Select(_ => random.Below(400))] });
        }

        Assert.InRange((columns.Bytes - before) / (double)clicks.Count, 2, 2.125);
    }

    [Fact]
    public void A_reader_keeps_the_moment_it_took()
    {
        var random = new RandomClicks(7);
        var clicks = random.Clicks(500);
        var before = ClickColumns.Empty(RandomClicks.ProfileAttributes, RandomClicks.SourceAttributes).With(RandomClicks.Batch(clicks)).Merge();

        var after = before.With(RandomClicks.Batch(random.Clicks(500))).MergeSome().Without(new HashSet<int> { clicks[0].Link });

        Assert.NotEqual(before.Count, after.Count);
        Agree(before, clicks, random.Question(clicks));
    }

    [Fact]
    public void A_visitor_who_comes_back_is_still_one_visitor()
    {
        PlainClick Visit(long time) => new(Visitor: 42, time, Link: 0, [1, 1, 1], [0, 0], RedirectMs: -1);
        var columns = ClickColumns.Empty(RandomClicks.ProfileAttributes, RandomClicks.SourceAttributes)
            .With(RandomClicks.Batch([Visit(1_000)]))
            .Merge()
            .With(RandomClicks.Batch([Visit(2_000)]))
            .With(RandomClicks.Batch([Visit(3_000)]));

        var answer = Run(columns, new ScanQuestion { Breakdowns = [AttributeId.Link, AttributeId.Profile(0)] });

        Assert.Equal((3, 1), (answer.Clicks, answer.UniqueVisitors));
        Assert.All(answer.Breakdowns, breakdown => Assert.Equal((3, 1), (breakdown.Clicks.Sum(), breakdown.UniqueVisitors.Sum())));
    }

    [Fact]
    public void Clicks_of_no_visitor_are_clicks_and_no_visitor_wherever_they_lie()
    {
        // Some merged, some that came since; none of them returns, however many there are.
        PlainClick Visit(long visitor, long time) => new(visitor, time, Link: (int)(time % 2), [1, (int)(time % 3), 1], [0, 0], RedirectMs: 5);
        var untracked = Enumerable.Range(0, 300).Select(time => Visit(ClickRun.NoVisitor, time)).ToList();
        var clicks = new List<PlainClick>([.. untracked, Visit(7, 1_000), Visit(8, 1_001)]);
        var columns = ClickColumns.Empty(RandomClicks.ProfileAttributes, RandomClicks.SourceAttributes, largestShard: 100).With(RandomClicks.Batch(clicks)).Merge();
        List<PlainClick> later = [Visit(ClickRun.NoVisitor, 2_000), Visit(7, 2_001), Visit(ClickRun.NoVisitor, 2_002)];
        columns = columns.With(RandomClicks.Batch(later));
        clicks.AddRange(later);
        var question = new ScanQuestion
        {
            Buckets = new BucketTable([0, 150, 2_000], 3_000),
            Breakdowns = [AttributeId.Time, AttributeId.Link, AttributeId.Profile(0), AttributeId.Profile(1)],
            CrossTabs = [new AttributePair(AttributeId.Time, AttributeId.Profile(1))],
            RedirectsByTime = true,
        };

        Assert.Equal(4, columns.Unmerged);
        foreach (var moment in (ClickColumns[])[columns, columns.MergeSome(), columns.Merge()])
        {
            var answer = Run(moment, question);
            Assert.Equal((305, 2, 302), (answer.Clicks, answer.UniqueVisitors, answer.ClicksOfNoVisitor));
            Agree(moment, clicks, question);
            Agree(moment, clicks, question with { Links = [1] });
        }

        Assert.Equal(Spoo.Data.Clicks.Facts.Click.NoVisitor, ClickRun.NoVisitor);
    }

    [Fact]
    public void A_cross_tab_with_too_many_cells_is_given_up_whatever_the_number_of_threads()
    {
        var clicks = Enumerable.Range(0, 3_000).Select(i => new PlainClick(i, i, Link: i, [0, i, 0], [0, 0], -1)).ToList();
        var columns = ClickColumns.Empty(RandomClicks.ProfileAttributes, RandomClicks.SourceAttributes, largestShard: 100)
            .With(RandomClicks.Batch(clicks))
            .Merge();
        var question = new ScanQuestion { CrossTabs = [new AttributePair(AttributeId.Link, AttributeId.Profile(1))], MostCells = 3_000 };

        foreach (var threads in new[] { 1, 4 })
        {
            Agree(columns, clicks, question with { Threads = threads });
            Assert.Null(Run(columns, question with { Threads = threads, MostCells = 2_999 }).CrossTabs[0]);
        }
    }

    [Fact]
    public void A_question_that_nobody_waits_for_stops()
    {
        var clicks = new RandomClicks(3).Clicks(2_000);
        var columns = ClickColumns.Empty(RandomClicks.ProfileAttributes, RandomClicks.SourceAttributes).With(RandomClicks.Batch(clicks));

        Assert.ThrowsAny<OperationCanceledException>(() =>
            Scan.Run(columns, new ScanQuestion { Breakdowns = [AttributeId.Link] }, new CancellationToken(canceled: true)));
    }

    [Fact]
    public void A_scan_allocates_by_groups_and_never_by_clicks()
    {
        var question = new ScanQuestion
        {
            To = 900_000,
            Buckets = new BucketTable([0, 300_000, 600_000], 1_000_000),
            Breakdowns = [AttributeId.Time, AttributeId.Link, AttributeId.Source(0), AttributeId.Profile(1)],
            CrossTabs = [new AttributePair(AttributeId.Time, AttributeId.Profile(1))],
            Threads = 1,
        };

        var (few, many) = (AllocatedBy(1_000), AllocatedBy(100_000));

        Assert.InRange(many - few, -1_000, 1_000);
        Assert.InRange(many, 0, 100_000);

        long AllocatedBy(int count)
        {
            var clicks = Enumerable.Range(0, count).Select(i => new PlainClick(i / 3, i % 1_000_000, i % 7, [0, i % 11, 0], [i % 5, 0], i % 99));
            var columns = ClickColumns.Empty(RandomClicks.ProfileAttributes, RandomClicks.SourceAttributes).With(RandomClicks.Batch([.. clicks])).Merge();
            Run(columns, question);
            var before = GC.GetAllocatedBytesForCurrentThread();
            Run(columns, question);
            return GC.GetAllocatedBytesForCurrentThread() - before;
        }
    }

    /// <summary>Shards are of different sizes, so that one is read into the memory of a smaller one and of a larger one.</summary>
    [Fact]
    public void A_scan_of_clicks_in_a_file_reads_shard_after_shard_into_the_same_memory()
    {
        var clicks = Enumerable.Range(0, 60_000).Select(i => new PlainClick(i / 3 * 7, i, i % 7, [i % 5, i % 11, 0], [i % 5, 0], i % 99)).ToList();
        var columns = ClickColumns.Empty(RandomClicks.ProfileAttributes, RandomClicks.SourceAttributes, 6_000, new ShardMemory(0, Path.GetTempPath()))
            .With(RandomClicks.Batch(clicks[..50_000]))
            .Merge()
            .With(RandomClicks.Batch(clicks[50_000..]))
            .Merge();
        var question = new ScanQuestion { Breakdowns = [AttributeId.Link, AttributeId.Source(0), AttributeId.Profile(1)], Threads = 1 };
        Agree(columns, clicks, question);

        var before = GC.GetAllocatedBytesForCurrentThread();
        Run(columns, question);

        Assert.Equal(clicks.Count, columns.InFile);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 2 * clicks.Count);
    }

    [Fact]
    public void A_click_with_all_its_attributes_takes_at_most_sixteen_bytes()
    {
        var random = new Random(1);
        var clicks = Enumerable.Range(0, 200_000).Select(i =>
        {
            var visitor = (i * 28 / 100) * 0x12345678_9ABCDEF;
            var time = 1_763_812_800_000 + random.NextInt64(365 * 86_400_000L);
            return new PlainClick(visitor, time, random.Next(1_000), [random.Next(20), (int)(visitor & 255), 5], [random.Next(2_000), 0], random.Next(200));
        });
        var columns = ClickColumns.Empty(RandomClicks.ProfileAttributes, RandomClicks.SourceAttributes).With(RandomClicks.Batch([.. clicks])).Merge();

        Assert.InRange(columns.Bytes / (double)columns.Count, 8, 16);
    }

    public static TheoryData<int> Seeds() => [.. Enumerable.Range(1, 20)];

    private static (ClickColumns Columns, List<PlainClick> Clicks) Change(RandomClicks random, ClickColumns columns, List<PlainClick> clicks)
    {
        switch (random.Below(8))
        {
            case 0:
                return (columns.MergeSome(), clicks);

            case 1:
                return (columns.Merge(), clicks);

            case 2 when clicks.Count > 0:
                var gone = new HashSet<int> { clicks[random.Below(clicks.Count)].Link, 5 };
                return (columns.Without(gone), clicks.FindAll(click => !gone.Contains(click.Link)));

            case 3:
                return (WrittenAndReadAgain(columns), clicks);

            default:
                var added = random.Clicks(random.Pick(0, 1, 63, 64, 65, 200, 1_500));
                return (columns.With(RandomClicks.Batch(added, random.Pick(null, columns.Sources))), [.. clicks, .. added]);
        }
    }

    private static ClickColumns WrittenAndReadAgain(ClickColumns columns)
    {
        using var file = new MemoryStream();
        columns.Write(new IndexWriter(file));
        var written = new WrittenIndex(file.ToArray()); // not closed: what does not fit into memory is read again
        var reader = written.Reader;
        var again = ClickColumns.Read(
            reader,
            written.File,
            RandomClicks.MostCodes,
            [.. Enumerable.Repeat(RandomClicks.MostCodes, RandomClicks.ProfileAttributes)],
            [.. Enumerable.Repeat(RandomClicks.MostCodes, RandomClicks.SourceAttributes)],
            columns.Memory);
        reader.End();
        return again;
    }

    private static ScanAnswer Run(ClickColumns columns, ScanQuestion question) =>
        Scan.Run(columns, question, TestContext.Current.CancellationToken);

    internal static void Agree(ClickColumns columns, IReadOnlyList<PlainClick> clicks, ScanQuestion question)
    {
        // All of it as text, so that whatever an answer says is compared, also what it comes to say later.
        Assert.Equal(Text(SlowCount.Of(clicks, question)), Text(Run(columns, question)));
    }

    /// <summary>The answer without the zeros at the ends: how many codes there are is not a matter of what is selected.</summary>
    private static string Text(ScanAnswer answer) => JsonSerializer.Serialize(answer with
    {
        Breakdowns = [.. answer.Breakdowns.Select(counts => new GroupCounts(Trimmed(counts.Clicks), Trimmed(counts.UniqueVisitors)))],
        RedirectsByTime = answer.RedirectsByTime is { } redirects ? Trimmed(redirects) : null,
    });

    private static T[] Trimmed<T>(IReadOnlyList<T> counts)
        where T : struct, IEquatable<T> =>
        [.. counts.Take(counts.Count - counts.Reverse().TakeWhile(count => count.Equals(default)).Count())];
}

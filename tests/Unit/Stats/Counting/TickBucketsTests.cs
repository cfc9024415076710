using Spoo.Data.Stats.Counting;
using Spoo.Data.Stats.Counting.Columns;
using Xunit;

namespace Spoo.Tests.Stats.Counting;

/// <summary>Buckets by table and by arithmetic are those that a search among the edges finds.</summary>
public sealed class TickBucketsTests
{
    private const long Hour = 3_600_000;
    private const long NewYear2025 = 1_735_689_600_000;

    public static TheoryData<string, long[], int[]?> Tables()
    {
        var tables = new TheoryData<string, long[], int[]?>
        {
            { "days of a year", Evenly(NewYear2025, 24 * Hour, 366), null },
            { "one bucket", Evenly(NewYear2025, Hour, 2), null },
            { "two ticks each", Evenly(NewYear2025, 500, 5_000), null },
            { "one tick each", Evenly(NewYear2025, 250, 300), null },
            { "within ticks", Evenly(NewYear2025 + 1, 100, 300), null },
            { "months, all uneven", [.. Enumerable.Range(0, 25).Select(month => new DateTimeOffset(2024, 1, 1, 0, 0, 0, default).AddMonths(month).ToUnixTimeMilliseconds())], null },
            { "days with summer time", [.. Days(NewYear2025, 88, 23, 216, 25, 60)], null },
            { "the hour that happens twice", [NewYear2025, NewYear2025 + Hour, NewYear2025 + (2 * Hour), NewYear2025 + (3 * Hour)], [0, 0, 1] },
            { "the numbers of another order", [NewYear2025, NewYear2025 + Hour, NewYear2025 + (2 * Hour), NewYear2025 + (3 * Hour)], [2, 1, 0] },
            { "before the clock", [-5 * Hour, NewYear2025, NewYear2025 + Hour], null },
            { "up to the clock's end", [NewYear2025, TickScale.For(NewYear2025, NewYear2025).End - 250, TickScale.For(NewYear2025, NewYear2025).End], null },
            { "beyond the clock's end", [NewYear2025, TickScale.For(NewYear2025, NewYear2025).End + Hour], null },
        };
        return tables;
    }

    [Theory]
    [MemberData(nameof(Tables))]
    public void Every_time_is_in_the_bucket_that_a_search_finds(string name, long[] edges, int[]? bucketOfSlot)
    {
        var clock = TickScale.For(NewYear2025, NewYear2025);
        var table = new BucketTable(edges[..^1], edges[^1], bucketOfSlot);
        var random = new Random(name.Length);
        var times = edges
            .SelectMany(edge => (long[])[edge - 251, edge - 250, edge - 1, edge, edge + 1, edge + 249, edge + 250])
            .Concat(Enumerable.Range(0, 10_000).Select(_ => random.NextInt64(edges[0] - Hour, edges[^1] + Hour)))
            .Concat([clock.Start, clock.End - 1, clock.Start + 1])
            .Where(time => time >= clock.Start && time < clock.End)
            .ToArray();
        var column = new TimeColumn(times);
        Assert.Equal(clock, column.TickScale);

        var numbered = new int[times.Length];
        new TickBuckets(table, clock).Number(column, column.Ticks, [], 0, numbered);

        Assert.Equal(times.Select(table.BucketOf), numbered);
    }

    private static long[] Evenly(long start, long width, int edges) => [.. Enumerable.Range(0, edges).Select(edge => start + (edge * width))];

    private static IEnumerable<long> Days(long start, int winter, int shortHours, int summer, int longHours, int rest)
    {
        yield return start;
        foreach (var hours in Enumerable.Repeat(24, winter).Append(shortHours).Concat(Enumerable.Repeat(24, summer)).Append(longHours).Concat(Enumerable.Repeat(24, rest)))
        {
            start += hours * Hour;
            yield return start;
        }
    }
}

using System.Diagnostics;
using Spoo.Data.Stats.Counting;
using Spoo.Data.Stats.Counting.Columns;
using Xunit;

namespace Spoo.Tests.Stats.Counting;

/// <summary>Clicks of few links are looked up in postings, and are the same clicks as those that going through all finds.</summary>
public sealed class ScanOfFewLinksTests
{
    private const long Noon = 1_763_812_800_000;
    private const int Blocks = 1_024;

    // Link 0 has no click; the others have as many as their number is here, and the last has all that are left.
    private static readonly int[] ClicksOfLink = [0, 1, Blocks - 1, Blocks, Blocks + 1];

    /// <summary>Of a run with several pieces, of shards with one, and of shards that are looked through because each has few clicks.</summary>
    [Theory]
    [InlineData(1_000_000)]
    [InlineData(18_000)]
    [InlineData(700)]
    public void A_block_of_clicks_and_one_more_or_less_are_counted(int largestShard)
    {
        var clicks = Clicks(36_000);
        var columns = ClickColumns.Empty(RandomClicks.ProfileAttributes, RandomClicks.SourceAttributes, largestShard).With(RandomClicks.Batch(clicks)).Merge();

        for (var link = 0; link < ClicksOfLink.Length; link++)
        {
            Assert.Equal(ClicksOfLink[link], Scan.Run(columns, Question(link), TestContext.Current.CancellationToken).Clicks);
            ScanTests.Agree(columns, clicks, Question(link));
            ScanTests.Agree(columns, clicks, Question(link) with { From = Noon + 10_001, To = Noon + 50_249, Threads = 1 });
        }

        ScanTests.Agree(columns, clicks, Question(1, 3, 4) with { From = Noon + 250, Filters = [new CodeFilter(AttributeId.Source(0), Include: true, [1])] });
        ScanTests.Agree(columns, clicks, Question(2, 3) with { Filters = [new CodeFilter(AttributeId.Profile(1), Include: false, [2])] });
        ScanTests.Agree(columns, clicks, Question(4) with { To = Noon - 1 });
    }

    /// <summary>The same in a process that has no vectors, as on processors that we do not have.</summary>
    [Fact]
    public async Task Without_vector_instructions_the_counts_are_the_same()
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!, ["-noLogo", "-noColor", "-method", "*." + nameof(A_block_of_clicks_and_one_more_or_less_are_counted)]) { RedirectStandardOutput = true };
        start.Environment["DOTNET_EnableHWIntrinsic"] = "0";

        using var process = Process.Start(start)!;
        var said = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);

        Assert.True(process.ExitCode == 0 && said.Contains("Total: 3, Errors: 0, Failed: 0, Skipped: 0", StringComparison.Ordinal), said);
    }

    private static ScanQuestion Question(params int[] links) => new()
    {
        Links = links,
        Buckets = new BucketTable([Noon, Noon + 20_000, Noon + 40_100], Noon + 60_000),
        Breakdowns = [AttributeId.Time, AttributeId.Link, AttributeId.Source(0), AttributeId.Profile(0), AttributeId.Profile(1)],
        CrossTabs = [new AttributePair(AttributeId.Time, AttributeId.Profile(1)), new AttributePair(AttributeId.Link, AttributeId.Source(1))],
        RedirectsByTime = true,
        Threads = 2,
    };

    private static List<PlainClick> Clicks(int count)
    {
        var random = new Random(5);
        int[] links = [.. ClicksOfLink.SelectMany((clicks, link) => Enumerable.Repeat(link, clicks))];
        links = [.. links, .. Enumerable.Repeat(ClicksOfLink.Length, count - links.Length)];
        random.Shuffle(links);
        return
        [
            .. links.Select(link => new PlainClick(
                random.Next(20_000), Noon + random.Next(60_000), link, [random.Next(3), random.Next(9), 5], [random.Next(4), random.Next(50)], random.Next(99) - 1)),
        ];
    }
}

using Spoo.Data.Stats.Counting.Columns;

namespace Spoo.Tests.Stats.Counting;

public sealed class WaitingClicksTests
{
    /// <summary>Visitors with one click and with hundreds, batches that share tables and that have their own, and a second filling of the same room.</summary>
    [Theory]
    [InlineData(1, 300)]
    [InlineData(2, 6_000)]
    [InlineData(3, 6_000)]
    public void They_come_in_the_order_of_visitor_profile_and_time_with_everything_that_they_say(int seed, int count)
    {
        var random = new RandomClicks(seed);
        var sources = new AttributeTable(RandomClicks.SourceAttributes);
        var waiting = new WaitingClicks(sources, RandomClicks.ProfileAttributes);
        for (var filling = 0; filling < 2; filling++)
        {
            var clicks = random.Clicks(count).ConvertAll(click => click with { Visitor = random.Below(3) == 0 ? random.Below(5) : click.Visitor });
            waiting.Clear();
            foreach (var some in clicks.Chunk(500))
            {
                var batch = RandomClicks.Batch(some, random.Pick(null, sources));
                waiting.Add(batch);
                waiting.Add(batch);
            }

            var sorted = waiting.Sort();
            var middle = sorted.PlaceOf(3);
            var runs = (ClickRun[])[sorted.Take(0, middle), sorted.Take(middle, sorted.Count)];

            Assert.Equal(
                clicks.Concat(clicks).OrderBy(click => click.Visitor).ThenBy(click => click.Profile[0]).ThenBy(click => click.Profile[1]).ThenBy(click => click.Profile[2]).ThenBy(click => click.Time)
                    .Select(click => (click.Visitor, string.Join(' ', click.Profile), click.Time)),
                runs.SelectMany(ClicksOf).Select(click => (click.Visitor, string.Join(' ', click.Profile), click.Time)));
            Assert.Equal(clicks.Concat(clicks).Select(Text).Order(StringComparer.Ordinal), runs.SelectMany(ClicksOf).Select(Text).Order(StringComparer.Ordinal));
            Assert.All(runs[0].Visitors.ToArray(), visitor => Assert.True(visitor < 3));
        }

        IEnumerable<PlainClick> ClicksOf(ClickRun run)
        {
            for (var click = 0; click < run.Count; click++)
            {
                var profile = run.ProfileStarts.CountBefore(click + 1) - 1;
                yield return new PlainClick(
                    run.Visitors[run.VisitorStarts.CountBefore(click + 1) - 1],
                    run.Table.Times[click],
                    run.Table.Links[click],
                    Array.ConvertAll(run.Table.Profiles, column => column[profile]),
                    [.. Enumerable.Range(0, RandomClicks.SourceAttributes).Select(column => sources[run.Table.Sources[click], column])],
                    run.Table.Redirects[click] - 1);
            }
        }
    }

    private static string Text(PlainClick click) =>
        $"{click.Visitor} {click.Time} {click.Link} {string.Join(',', click.Profile)} {string.Join(',', click.Source)} {click.RedirectMs}";
}

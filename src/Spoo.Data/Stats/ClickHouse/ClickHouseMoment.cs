using System.Globalization;
using Spoo.Data.Clicks.Facts;
using Spoo.Data.Stats.Live;

namespace Spoo.Data.Stats.ClickHouse;

/// <summary>What is in ClickHouse at one moment.</summary>
/// <param name="Copies">One for each shard.</param>
/// <param name="Writers">How far each writer had got: its clicks up to there are in the copies.</param>
/// <param name="AsOf">Every click that was stored by then is in them.</param>
/// <param name="Looked">The same moment in the clock's own time stamps.</param>
internal sealed record ClickHouseMoment(IReadOnlyList<ClickHouseCopy> Copies, FollowedWriters Writers, DateTimeOffset AsOf, long Looked)
{
    /// <summary>A condition that holds for the clicks of this moment, and for none that came later.</summary>
    public string Only => OnlyUpTo(Writers);

    /// <summary>A condition that holds for the clicks up to where these writers had got.</summary>
    public static string OnlyUpTo(FollowedWriters writers)
    {
        var end = ClickId.FirstOf(writers.All.Select(writer => writer.Id).DefaultIfEmpty().Max() + 1);
        return string.Join(
            " AND ",
            writers.Open.Select(writer => string.Create(CultureInfo.InvariantCulture, $"(Id <= {writer.LastClickId} OR Id >= {ClickId.FirstOf(writer.Id + 1)})"))
                .Prepend(string.Create(CultureInfo.InvariantCulture, $"Id < {end}")));
    }
}

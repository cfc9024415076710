using System.Globalization;
using Spoo.Data.Clicks.Facts;
using Spoo.Data.Stats.Live;

namespace Spoo.Data.Stats.ClickHouse;

/// <summary>What is in ClickHouse at one moment.</summary>
/// <param name="Copy">What brings the clicks there.</param>
/// <param name="Writers">How far each writer had got: its clicks up to there are in it.</param>
/// <param name="AsOf">Every click that was stored by then is in it.</param>
/// <param name="Looked">The same moment in the clock's own time stamps.</param>
internal sealed record ClickHouseMoment(ClickHouseCopy Copy, FollowedWriters Writers, DateTimeOffset AsOf, long Looked)
{
    public ClickHouseTable Table => Copy.Table;

    /// <summary>A condition that holds for the clicks of this moment, and for none that came later.</summary>
    public string Only
    {
        get
        {
            var end = ClickId.FirstOf(Writers.All.Select(writer => writer.Id).DefaultIfEmpty().Max() + 1);
            return string.Join(
                " AND ",
                Writers.Open.Select(writer => string.Create(CultureInfo.InvariantCulture, $"(Id <= {writer.LastClickId} OR Id >= {ClickId.FirstOf(writer.Id + 1)})"))
                    .Prepend(string.Create(CultureInfo.InvariantCulture, $"Id < {end}")));
        }
    }
}

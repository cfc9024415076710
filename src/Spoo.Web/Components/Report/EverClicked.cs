using Spoo.Data.Stats;
using Spoo.Data.Stats.Question;
using Spoo.Data.Stats.Report;
using Spoo.Web.Addresses;

namespace Spoo.Web.Components.Report;

/// <summary>What all time has to show where a report has nothing, under the same filters: what an empty page offers must not be empty too.</summary>
/// <param name="Counted">As the page counts, which may be without bots.</param>
/// <param name="WithBots">With the bots that the page leaves out. Null: it leaves none out, or has something to offer without them.</param>
public sealed record EverClicked(StatsSummary Counted, StatsSummary? WithBots)
{
    /// <param name="address">The address whose report is empty.</param>
    /// <param name="ask">Answers with null where it refuses.</param>
    public static async Task<EverClicked?> AskAsync(DashboardAddress address, Func<StatsQuery, Task<StatsReport?>> ask)
    {
        if (await ask(Question(address)) is not { } counted)
        {
            return null;
        }

        var withBots = address.PeopleOnly && counted.Summary.TotalClicks == 0 ? await ask(Question(address.OfPeopleOnly(false))) : null;
        return new EverClicked(counted.Summary, withBots?.Summary);
    }

    /// <summary>What an address asks of all time.</summary>
    public static StatsQuery Question(DashboardAddress address) => address.Over(Period.AllTime).ComparedWith(null).Query with { GroupBy = [Dimension.VisitorType] };
}

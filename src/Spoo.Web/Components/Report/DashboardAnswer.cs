using Spoo.Data.Links;
using Spoo.Data.Stats.Report;
using Spoo.Web.Components.Report.Cards;
using Spoo.Web.Components.Report.Charts;

namespace Spoo.Web.Components.Report;

/// <summary>All that a dashboard draws.</summary>
/// <param name="Url">The address it answers.</param>
/// <param name="Link">The link that the page is about. Null: it is about all of the account's.</param>
/// <param name="Ever">What all time has, looked up when the report has no clicks. Null: not needed.</param>
public sealed record DashboardAnswer(string Url, StatsReport Report, LinkEntry? Link, EverClicked? Ever)
{
    public CardResult<WeekReport>? Week { get; init; }

    public CardResult<StatsReport>? CrossTab { get; init; }

    /// <summary>Clicks of bots, which the report leaves out. Null: it does not.</summary>
    public long? Bots { get; init; }

    /// <summary>Clicks of these links that are dated ahead of now, and so are in no report yet.</summary>
    public long Ahead { get; init; }

    /// <summary>What happened meanwhile, for the chart.</summary>
    public IReadOnlyList<ChartFlag> Flags { get; init; } = [];
}

namespace Spoo.Web.Components.Report.Charts;

/// <summary>Something that happened and is worth seeing beside the clicks: a link was changed, a campaign began.</summary>
public sealed record ChartFlag(DateTimeOffset At, string Text);

using Microsoft.Extensions.Caching.Memory;
using Spoo.Data;
using Spoo.Data.Accounts;
using Spoo.Data.Links;
using Spoo.Data.Stats;
using Spoo.Web.Components.Dashboard;

namespace Spoo.Web.Components.Public;

/// <summary>
/// Asks what public pages show. Many people may look at one link at once, so whoever asks the same within a moment shares one answer,
/// until a click comes in.
/// </summary>
internal sealed class PublicReports(StatsService stats) : IDisposable
{
    /// <summary>Rows of a card; the complete lists have a page of their own.</summary>
    private const int RowsPerCard = 9;

    /// <summary>Rows of a complete list on one page.</summary>
    private const int RowsPerList = 1000;

    /// <summary>How old an answer may be that somebody else asked for. Its page says as of when it is.</summary>
    private static readonly TimeSpan Moment = TimeSpan.FromSeconds(1);

    private static readonly Dimension[] Dimensions = [.. Dimension.All.Where(DashboardAddress.IsPublicDimension)];

    private readonly MemoryCache _answers = new(new MemoryCacheOptions());

    /// <param name="version">Changes with every click on the link; what was asked before no longer counts.</param>
    /// <exception cref="System.Data.Common.DbException">The database does not answer.</exception>
    public Task<(DashboardAnswer? Answer, Refusal? Refusal)> AskAsync(DashboardAddress address, Link link, long version)
    {
        var key = (address.Closed.Url, address.ViewerZone.Id, link.Id, version);
        lock (_answers)
        {
            if (_answers.TryGetValue(key, out Task<(DashboardAnswer?, Refusal?)>? asked) && asked is { IsFaulted: false, IsCanceled: false })
            {
                return asked;
            }

            // Nobody's to cancel: others may be waiting for the same.
            return _answers.Set(key, Task.Run(() => AnswerAsync(address.Closed, link)), Moment);
        }
    }

    /// <summary>The complete list of one dimension. Null: it was refused.</summary>
    public async Task<Breakdown?> ListAsync(DashboardAddress address, Link link, Dimension dimension, CancellationToken cancellationToken)
    {
        // To choose from, a filter needs the values that it hides now.
        var filters = address.Details is not null ? address.Query.Filters : [.. address.Query.Filters.Where(filter => filter.Dimension != dimension)];
        var query = address.Query with { GroupBy = [dimension], Filters = filters, Limit = RowsPerList };
        return await stats.AskAsync(query, OwnerOf(link), cancellationToken) is StatsOutcome.Found(var report) ? report.By(dimension) : null;
    }

    public void Dispose() => _answers.Dispose();

    private async Task<(DashboardAnswer? Answer, Refusal? Refusal)> AnswerAsync(DashboardAddress address, Link link)
    {
        var outcome = await stats.AskAsync(address.Query with { GroupBy = Dimensions, Limit = RowsPerCard }, OwnerOf(link), CancellationToken.None);
        if (outcome is StatsOutcome.Refused refused)
        {
            return (null, refused.Refusal);
        }

        var report = ((StatsOutcome.Found)outcome).Report;
        return (new DashboardAnswer(address.Url, report, null, report.Summary.TotalClicks > 0 ? null : await EverAsync(address, link)), null);
    }

    private async Task<StatsSummary?> EverAsync(DashboardAddress address, Link link)
    {
        var allTime = address.WithoutChips().Over(Period.AllTime).Query with { GroupBy = [Dimension.VisitorType] };
        return await stats.AskAsync(allTime, OwnerOf(link), CancellationToken.None) is StatsOutcome.Found(var report) ? report.Summary : null;
    }

    // Whether the viewer may see the link has been asked before there is a link to ask about; the owner may see it in any case.
    private static Viewer OwnerOf(Link link) => link.OwnerId is { } owner ? Viewer.User(owner) : Viewer.Nobody;
}

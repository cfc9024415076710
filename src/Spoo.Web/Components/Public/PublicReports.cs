using Microsoft.Extensions.Caching.Memory;
using Spoo.Data;
using Spoo.Data.Accounts;
using Spoo.Data.Clicks;
using Spoo.Data.Links;
using Spoo.Data.Stats;
using Spoo.Web.Components.Dashboard;

namespace Spoo.Web.Components.Public;

/// <summary>
/// Asks what public pages show. Many people may look at one link at once, so whoever asks the same within a moment shares one answer,
/// until a click comes in.
/// </summary>
internal sealed class PublicReports(StatsService stats, ClickNews news, TimeProvider clock) : IDisposable
{
    /// <summary>Rows of a complete list on one page.</summary>
    private const int RowsPerList = 1000;

    /// <summary>How old an answer may be that somebody else asked for. Its page says as of when it is.</summary>
    private static readonly TimeSpan Moment = TimeSpan.FromSeconds(1);

    private static readonly Dimension[] Dimensions = [.. Dimension.All.Where(DashboardAddress.IsPublicDimension)];

    private readonly MemoryCache _views = new(new MemoryCacheOptions());

    /// <param name="shortUrl">The short link as it is clicked.</param>
    /// <exception cref="System.Data.Common.DbException">The database does not answer.</exception>
    public Task<PublicView> AskAsync(DashboardAddress address, Link link, string shortUrl, bool isOwner)
    {
        var view = new PublicView { Address = address, Link = link, ShortUrl = shortUrl, IsOwner = isOwner, Version = news.VersionOf(link.Id) };
        return SharedAsync(("view", address.Url, address.ViewerZone.Id, shortUrl, isOwner, link.UpdatedAt), view, () => AnswerAsync(view));
    }

    /// <summary>What somebody else has made of the same view a moment ago, or made now.</summary>
    /// <param name="key">What makes it differ besides the link and its clicks.</param>
    public Task<T> SharedAsync<T>(object key, PublicView view, Func<Task<T>> make)
    {
        var whole = (key, view.Link.Id, view.Version);
        lock (_views)
        {
            if (_views.TryGetValue(whole, out Task<T>? made) && made is { IsFaulted: false, IsCanceled: false })
            {
                return made;
            }

            // Nobody's to cancel: others may be waiting for the same.
            return _views.Set(whole, Task.Run(make), Moment);
        }
    }

    public void Dispose() => _views.Dispose();

    // Whether the viewer may see the link has been asked before there is a link to ask about; the owner may see it in any case.
    private static Viewer OwnerOf(Link link) => link.OwnerId is { } owner ? Viewer.User(owner) : Viewer.Nobody;

    private async Task<PublicView> AnswerAsync(PublicView view)
    {
        var address = view.Address.Closed;
        var outcome = await stats.AskAsync(
            address.Query with { GroupBy = Dimensions, Limit = ReportView.RowsAsked }, OwnerOf(view.Link), CancellationToken.None);
        if (outcome is StatsOutcome.Refused refused)
        {
            return view with { Refusal = refused.Refusal };
        }

        var report = ((StatsOutcome.Found)outcome).Report;
        var open = view.Address.Details ?? view.Address.Filtering;
        var ever = report.Summary.TotalClicks > 0 ? null : await AskAsync(view.Link, AllTime(address));
        return view with
        {
            Answer = new DashboardAnswer(address.Url, report, null, ever?.Summary),
            List = open is null ? null : (await AskAsync(view.Link, Complete(view.Address, open)))?.By(open),
            Now = await NowAsync(view),
        };
    }

    private static StatsQuery AllTime(DashboardAddress address) =>
        address.WithoutChips().Over(Period.AllTime).ComparedWith(null).Query with { BucketDetails = false, GroupBy = [Dimension.VisitorType] };

    private static StatsQuery Complete(DashboardAddress address, Dimension dimension) => address.ComparedWith(null).Query with
    {
        BucketDetails = false,
        GroupBy = [dimension],
        Limit = RowsPerList,

        // To choose from, a filter needs the values that it hides now.
        Filters = address.Details is not null ? address.Query.Filters : [.. address.Query.Filters.Where(filter => filter.Dimension != dimension)],
    };

    private async Task<long> NowAsync(PublicView view)
    {
        var query = AllTime(view.Address) with { Period = null, Start = clock.GetUtcNow().AddMinutes(-5), End = null };
        var report = await AskAsync(view.Link, query);
        return report?.By(Dimension.VisitorType).Rows.FirstOrDefault(row => row.Value == Dimension.Human)?.Count.UniqueClicks ?? 0;
    }

    private async Task<StatsReport?> AskAsync(Link link, StatsQuery query) =>
        await stats.AskAsync(query, OwnerOf(link), CancellationToken.None) is StatsOutcome.Found(var report) ? report : null;
}

using System.Diagnostics;
using Spoo.Data;
using Spoo.Data.Accounts;
using Spoo.Data.Clicks.News;
using Spoo.Data.Links;
using Spoo.Data.Stats;
using Spoo.Data.Stats.Question;
using Spoo.Data.Stats.Report;
using Spoo.Web.Addresses;
using Spoo.Web.Components.Report;
using Spoo.Web.Components.Shared;

namespace Spoo.Web.Components.Public;

/// <summary>Asks what public pages show. Equal questions within a moment share one answer, until a click comes in.</summary>
internal sealed class PublicReports(StatsService stats, ClickSubscriptions news, SharedAnswers shared, TimeProvider clock)
{
    /// <summary>Rows of a complete list on one page.</summary>
    private const int RowsPerList = 1000;

    private static readonly Dimension[] Dimensions = [.. Dimension.All.Where(DashboardAddress.IsPublicDimension)];

    /// <param name="shortUrl">The short link as it is clicked.</param>
    /// <exception cref="System.Data.Common.DbException">The database does not answer.</exception>
    public Task<PublicView> AskAsync(DashboardAddress address, Link link, string shortUrl, bool isOwner)
    {
        var view = new PublicView { Address = address, Link = link, ShortUrl = shortUrl, IsOwner = isOwner, Version = news.VersionOf(link.Id) };
        return SharedAsync(("view", address.Url, address.ViewerZone.Id, shortUrl, isOwner, link.UpdatedAt), view, () => AnswerAsync(view));
    }

    /// <summary>The answer that another request got to the same view a moment ago, or one made now.</summary>
    /// <param name="key">What makes it differ besides the link and its clicks.</param>
    public Task<T> SharedAsync<T>(object key, PublicView view, Func<Task<T>> make) => shared.GetAsync((key, view.Link.Id, view.Version), make);

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
        var hasCards = address.Embedding is not { HasCards: false } && report.Summary.TotalClicks > 0;
        var ever = report.Summary.TotalClicks > 0 ? null : await AskAsync(view.Link, AllTime(address));
        return view with
        {
            Answer = new DashboardAnswer(address.Url, report, null, ever?.Summary)
            {
                Week = hasCards ? await WeekAsync(address, view.Link) : null,
                CrossTab = hasCards ? await CrossTabAsync(address, view.Link) : null,
            },
            List = open is null ? null : (await AskAsync(view.Link, Complete(view.Address, open)))?.By(open),
            Now = await NowAsync(view),
        };
    }

    private async Task<CardResult<WeekReport>> WeekAsync(DashboardAddress address, Link link)
    {
        var (week, refusal) = await stats.AskWeekAsync(address.Query, OwnerOf(link), CancellationToken.None);
        return new CardResult<WeekReport>(address.Url, week, refusal?.Message);
    }

    private async Task<CardResult<StatsReport>> CrossTabAsync(DashboardAddress address, Link link) =>
        await stats.AskAsync(address.CrossTabQuery, OwnerOf(link), CancellationToken.None) switch
        {
            StatsOutcome.Found(var crossed) => new CardResult<StatsReport>(address.Url, crossed),
            StatsOutcome.Refused(var refusal) => new CardResult<StatsReport>(address.Url, null, refusal.Message),
            _ => throw new UnreachableException(),
        };

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

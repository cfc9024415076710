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
using Spoo.Web.Components.Report.Cards;
using Spoo.Web.Components.Shared;
using Spoo.Web.Words;

namespace Spoo.Web.Components.Public;

/// <summary>Asks what public pages show. Equal questions within a moment share one answer, until a click comes in.</summary>
internal sealed class PublicReports(StatsService stats, ClickSubscriptions news, SharedAnswers shared)
{
    /// <summary>Rows of a complete list on one page.</summary>
    private const int RowsPerList = 1000;

    /// <summary>What everybody may see, and how many clicks were people's, which a tile says.</summary>
    private static readonly Dimension[] Dimensions = [.. Dimension.Public, Dimension.VisitorType];

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

    // Each link's page waits for its own turn, so that one that many look at does not hold up the others.
    private static Viewer PageOf(StatsQuery query) => Viewer.LinkPage.From($"page of {query.LinkName}");

    private async Task<PublicView> AnswerAsync(PublicView view)
    {
        var address = view.Address.Closed;
        var moment = stats.Now().With(address.Query.LinkName!.Value, view.Link);
        var allTime = address.Query.Period == Period.AllTime ? await AskAsync(EverClicked.Question(address.WithoutChips())) : null;
        var outcome = await stats.AskAsync(address.ReportQuery(Dimensions, address.Chips.Any() ? allTime?.Summary.FirstClick : allTime?.Beginning), PageOf(address.Query), moment, CancellationToken.None);
        if (outcome is StatsOutcome.Refused refused)
        {
            return view with { Refusal = refused.Refusal };
        }

        var report = ((StatsOutcome.Found)outcome).Report;
        var open = view.Address.Details ?? view.Address.Filtering;
        var hasCards = address.Embedding is not { HasCards: false } && report.Summary.TotalClicks > 0;
        var ever = report.Summary.TotalClicks > 0 ? null : await EverClicked.AskAsync(address, AskAsync);
        return view with
        {
            Answer = new DashboardAnswer(address.Url, report, null, ever)
            {
                Week = hasCards ? await WeekAsync(address, moment) : null,
                CrossTab = hasCards ? await CrossTabAsync(address, moment) : null,
            },
            List = open is null ? null : (await AskAsync(Complete(view.Address, open)))?.By(open),
            Now = await NowAsync(view, moment),
        };

        Task<StatsReport?> AskAsync(StatsQuery query) => this.AskAsync(query, moment);
    }

    private async Task<CardResult<WeekReport>> WeekAsync(DashboardAddress address, StatsMoment moment)
    {
        var (week, refusal) = await stats.AskWeekAsync(address.Query, PageOf(address.Query), moment, CancellationToken.None);
        return new CardResult<WeekReport>(address.Url, week, refusal is null ? null : CountingWords.Of(refusal));
    }

    private async Task<CardResult<StatsReport>> CrossTabAsync(DashboardAddress address, StatsMoment moment) =>
        await stats.AskAsync(address.CrossTabQuery, PageOf(address.Query), moment, CancellationToken.None) switch
        {
            StatsOutcome.Found(var crossed) => new CardResult<StatsReport>(address.Url, crossed),
            StatsOutcome.Refused(var refusal) => new CardResult<StatsReport>(address.Url, null, CountingWords.Of(refusal)),
            _ => throw new UnreachableException(),
        };

    private static StatsQuery Complete(DashboardAddress address, Dimension dimension) => address.ComparedWith(null).Query with
    {
        GroupBy = [dimension],
        Limit = RowsPerList,

        // To choose from, a filter needs the values that it hides now.
        Filters = address.Details is not null ? address.Query.Filters : [.. address.Query.Filters.Where(filter => filter.Dimension != dimension)],
    };

    private async Task<long> NowAsync(PublicView view, StatsMoment moment)
    {
        var query = EverClicked.Question(view.Address.WithoutChips());
        return await stats.CountPeopleNowAsync(query, PageOf(query), moment, CancellationToken.None) ?? 0;
    }

    private async Task<StatsReport?> AskAsync(StatsQuery query, StatsMoment moment) =>
        await stats.AskAsync(query, PageOf(query), moment, CancellationToken.None) is StatsOutcome.Found(var report) ? report : null;
}

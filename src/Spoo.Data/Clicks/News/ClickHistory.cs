using System.Globalization;
using System.Linq.Expressions;
using Microsoft.EntityFrameworkCore;
using Spoo.Data.Clicks.Facts;
using Spoo.Data.Clicks.Moved;
using Spoo.Data.Clicks.Storing;
using Spoo.Data.Database;
using Spoo.Data.Links;
using Spoo.Data.Links.Codes;
using Spoo.Data.Links.Domains;

namespace Spoo.Data.Clicks.News;

/// <summary>One click as its row has it, for lists of single clicks. Null: not known, or none.</summary>
public sealed record LatestClick
{
    public required long Id { get; init; }

    public required DateTimeOffset Time { get; init; }

    /// <summary>The text of a <see cref="LinkName"/>.</summary>
    public required string Link { get; init; }

    /// <summary>Null: the installation's own domain.</summary>
    public string? DomainHost { get; init; }

    public required bool IsBot { get; init; }

    public string? UserAgent { get; init; }

    public string? Browser { get; init; }

    public string? Os { get; init; }

    public string? Country { get; init; }

    public string? City { get; init; }

    public string? Referrer { get; init; }

    public string? ReferrerUrl { get; init; }

    public string? UtmSource { get; init; }

    public string? UtmMedium { get; init; }

    public string? UtmCampaign { get; init; }
}

/// <summary>Which clicks of an account's links.</summary>
public sealed record LatestClicksQuestion
{
    public required string OwnerId { get; init; }

    /// <summary>The first instant. Null: from the beginning.</summary>
    public DateTimeOffset? From { get; init; }

    /// <summary>The last instant. Null: until now.</summary>
    public DateTimeOffset? Until { get; init; }

    /// <summary>What the clicks must have.</summary>
    public ClickTraits Include { get; init; } = new();

    /// <summary>What the clicks must not have, none of it.</summary>
    public ClickTraits Exclude { get; init; } = new();

    /// <summary>Whether only links on <see cref="DomainHost"/> are meant.</summary>
    public bool IsOnDomain { get; init; }

    /// <summary>Null: the installation's own domain.</summary>
    public string? DomainHost { get; init; }

    /// <summary>How many clicks at most.</summary>
    public required int Take { get; init; }
}

/// <summary>The stored clicks of an account, one by one. Numbers come from the statistics instead.</summary>
public sealed class ClickHistory(IDbContextFactory<SpooDbContext> contexts, KnownDomains domains)
{
    /// <summary>The newest clicks of a selection, the newest first.</summary>
    /// <exception cref="System.Data.Common.DbException">The database does not answer.</exception>
    public async Task<IReadOnlyList<LatestClick>> LatestAsync(LatestClicksQuestion selection, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        return await context.Moved().ReadAsync(
            context,
            async moved =>
            {
                var stored = await Newest(Selected(All(context, selection.OwnerId), selection), selection.Take).ToListAsync(cancellationToken);
                return moved is null
                    ? stored
                    : [.. Newest(stored.Concat(await MovedOfAsync(context, moved, selection, cancellationToken)).AsQueryable(), selection.Take)];
            },
            cancellationToken);
    }

    // Of moved clicks there are the keys of what they refer to, so the newest are looked up and tried until there are enough.
    private static async Task<List<LatestClick>> MovedOfAsync(SpooDbContext context, MovedMoment moved, LatestClicksQuestion selection, CancellationToken cancellationToken)
    {
        const int AtOnce = 1_000;
        var links = await context.Links.Where(link => link.OwnerId == selection.OwnerId && (!selection.IsOnDomain || link.DomainHost == selection.DomainHost))
            .Select(link => link.Id).ToListAsync(cancellationToken);
        var (first, last) = (selection.From?.ToUnixTimeMilliseconds() ?? Click.Times.First, selection.Until?.ToUnixTimeMilliseconds() ?? Click.Times.Last);
        var which = string.Create(CultureInfo.InvariantCulture, $"Time >= {first} AND Time <= {last} AND {MovedTable.IsOneOf("LinkId", links)}");
        var (found, older) = (new List<LatestClick>(), which);
        while (found.Count < selection.Take && await moved.NewestAsync(older, AtOnce, cancellationToken) is { Count: > 0 } rows)
        {
            found.AddRange(Selected((await DescribedAsync(context, rows, cancellationToken)).AsQueryable(), selection));
            older = string.Create(CultureInfo.InvariantCulture, $"{which} AND (Time, Id) < ({rows[^1].Time.ToUnixTimeMilliseconds()}, {rows[^1].Id})");
        }

        return found;
    }

    private static async Task<List<LatestClick>> DescribedAsync(SpooDbContext context, List<Click> clicks, CancellationToken cancellationToken)
    {
        var links = await context.Links.AsNoTracking().WithAny(context, link => link.Id, Keys(click => click.LinkId)).ToListAsync(cancellationToken);
        var agents = await context.ClickAgents.AsNoTracking().WithAny(context, agent => agent.Id, Keys(click => click.AgentId)).ToListAsync(cancellationToken);
        var places = await context.ClickPlaces.AsNoTracking().WithAny(context, place => place.Id, Keys(click => click.PlaceId)).ToListAsync(cancellationToken);
        var sources = await context.ClickSources.AsNoTracking().WithAny(context, source => source.Id, Keys(click => click.SourceId)).ToListAsync(cancellationToken);
        return [.. Joined(clicks.AsQueryable(), links.AsQueryable(), agents.AsQueryable(), places.AsQueryable(), sources.AsQueryable())];

        List<long> Keys(Func<Click, long> key) => [.. clicks.Select(key).Distinct()];
    }

    private static IQueryable<LatestClick> Newest(IQueryable<LatestClick> clicks, int count) =>
        clicks.OrderByDescending(click => click.Time).ThenByDescending(click => click.Id).Take(count);

    private static IQueryable<LatestClick> Selected(IQueryable<LatestClick> clicks, LatestClicksQuestion selection)
    {
        if (selection.From is { } from)
        {
            clicks = clicks.Where(click => click.Time >= from);
        }

        if (selection.Until is { } until)
        {
            clicks = clicks.Where(click => click.Time <= until);
        }

        if (selection.IsOnDomain)
        {
            clicks = clicks.Where(click => click.DomainHost == selection.DomainHost);
        }

        return With(With(clicks, selection.Include, excludes: false), selection.Exclude, excludes: true);
    }

    /// <summary>
    /// The clicks that visitors made last, the newest first: what an import brought is older, whenever it came. Quick however many
    /// clicks there are, because open dashboards ask again and again.
    /// </summary>
    /// <param name="name">Only clicks through the link with this <see cref="LinkName"/>. Null: through all links of the owner.</param>
    /// <exception cref="System.Data.Common.DbException">The database does not answer.</exception>
    public async Task<IReadOnlyList<LatestClick>> ArrivedLastAsync(
        string ownerId, string? name, int count, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateToAnswerAsync(cancellationToken);

        // The last so many clicks went through some of the so many links that were clicked last, and of those there is an index.
        var clicked = context.Links.Where(link => link.OwnerId == ownerId && link.LastClick != null);
        var links = await (name is null ? clicked : clicked.Called(name, domains))
            .OrderByDescending(link => link.LastClick)
            .Take(count)
            .Select(link => link.Id)
            .ToListAsync(cancellationToken);
        var nodes = await context.ClickWriters
            .Where(writer => writer.OwnerId == null && writer.FinishedAt == null)
            .Select(writer => writer.Id)
            .ToListAsync(cancellationToken);

        return await context.Moved().ReadAsync<IReadOnlyList<LatestClick>>(
            context,
            async moved =>
            {
                var found = await LastAsync(context, links, nodes, count, cancellationToken);
                var rows = moved is null || links.Count == 0 || nodes.Count == 0 ? [] : await moved.LastOfEachAsync(links, nodes, count, cancellationToken);
                var last = found.Concat(rows.Select(row => (row.Id, row.LinkId, row.Time)))
                    .GroupBy(click => (click.LinkId, ClickId.Unpack(click.Id).Writer)).SelectMany(clicks => clicks.OrderByDescending(click => click.Id).Take(count))
                    .OrderByDescending(click => click.Time).ThenByDescending(click => click.Id).Take(count).Select(click => click.Id).ToHashSet();
                var stored = await All(context).Where(click => last.Contains(click.Id)).ToListAsync(cancellationToken);
                return [.. Newest(stored.Concat(await DescribedAsync(context, rows.FindAll(row => last.Contains(row.Id)), cancellationToken)).AsQueryable(), count)];
            },
            cancellationToken);
    }

    // The last so many of each link and node by key.
    private static async Task<List<(long Id, long LinkId, DateTimeOffset Time)>> LastAsync(SpooDbContext context, List<long> links, List<int> nodes, int count, CancellationToken cancellationToken)
    {
        // A node's keys are in the order of its clicks, and the index of a link's clicks is in the order of their keys.
        var found = new List<(long Id, long LinkId, DateTimeOffset Time)>();
        foreach (var (link, node) in links.SelectMany(_ => nodes, (link, node) => (link, node)))
        {
            var (first, end) = (ClickId.FirstOf(node), ClickId.FirstOf(node + 1));
            var last = await context.Clicks
                .Where(click => click.LinkId == link && click.Id >= first && click.Id < end)
                .OrderByDescending(click => click.Id)
                .Take(count)
                .Select(click => new { click.Id, click.Time })
                .ToListAsync(cancellationToken);
            found.AddRange(last.Select(click => (click.Id, link, click.Time)));
        }

        return found;
    }

    /// <summary>Deletes every click of an account's links on one domain, link by link. The links stay, and count from zero.</summary>
    /// <param name="host">Null: the installation's own.</param>
    /// <exception cref="System.Data.Common.DbException">The database does not answer; what was deleted until then is, and trying again deletes the rest.</exception>
    public async Task ClearAsync(string ownerId, string? host, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        var links = await context.Links.Where(link => link.OwnerId == ownerId && link.DomainHost == host).Select(link => new { link.Id, link.TotalClicks }).ToListAsync(cancellationToken);
        foreach (var group in ClickPieces.GroupLinks(links.Select(link => (link.Id, link.TotalClicks)), ClickPieces.ToDelete(context)))
        {
            while (!await context.InTransactionAsync(_ => ClearSomeAsync(context, ownerId, group, cancellationToken), cancellationToken))
            {
            }
        }
    }

    // Returns whether all is gone.
    private static async Task<bool> ClearSomeAsync(SpooDbContext context, string ownerId, IReadOnlyList<long> ids, CancellationToken cancellationToken)
    {
        // From here on no writer can add to them until rows and counters agree again.
        await context.HoldLinksAsync(ids, LinkHold.ToChange, cancellationToken);
        var (gone, areAll) = await context.DeleteSomeAsync(context.Clicks.OfLinks(ids), cancellationToken);
        var links = context.Links.Where(link => ids.Contains(link.Id));
        await (areAll
            ? links.ExecuteUpdateAsync(
                set => set.SetProperty(link => link.TotalClicks, 0)
                    .SetProperty(link => link.ForgottenClicks, 0)
                    .SetProperty(link => link.PreviewClicks, 0)
                    .SetProperty(link => link.LastClick, (DateTimeOffset?)null),
                cancellationToken)
            : ids.Count == 1
            ? links.ExecuteUpdateAsync(set => set.SetProperty(link => link.TotalClicks, link => link.TotalClicks - gone), cancellationToken)
            : links.ExecuteUpdateAsync(
                set => set.SetProperty(link => link.TotalClicks, link => context.Clicks.LongCount(click => click.LinkId == link.Id)), cancellationToken));
        if (areAll || ids.Count > 1)
        {
            // Until then their counter says how many of them there are.
            await context.Moved().NoteRemovalAsync(context, ids, cancellationToken);
        }

        await context.ForgetTotalsAsync(ids, cancellationToken);
        await ClickEpoch.NoteRemovalAsync(context, ownerId, cancellationToken);
        await context.NoteDeletionAsync(cancellationToken);
        return areAll;
    }

    /// <param name="ownerId">Of the links. Null: anybody's.</param>
    private static IQueryable<LatestClick> All(SpooDbContext context, string? ownerId = null) => Joined(
        context.Clicks, context.Links.Where(link => ownerId == null || link.OwnerId == ownerId), context.ClickAgents, context.ClickPlaces, context.ClickSources);

    private static IQueryable<LatestClick> Joined(
        IQueryable<Click> clicks, IQueryable<Link> links, IQueryable<ClickAgent> agents, IQueryable<ClickPlace> places, IQueryable<ClickSource> sources) =>
        from click in clicks
        join link in links on click.LinkId equals link.Id
        join agent in agents on click.AgentId equals agent.Id
        join place in places on click.PlaceId equals place.Id
        join source in sources on click.SourceId equals source.Id
        select new LatestClick
        {
            Id = click.Id,
            Time = click.Time,
            DomainHost = link.DomainHost,
            Link = link.DomainHost == null ? link.ShortCode : link.DomainHost + "/" + link.ShortCode,
            IsBot = agent.IsBot,
            UserAgent = agent.UserAgent,
            Browser = agent.Browser,
            Os = agent.Os,
            Country = place.Country,
            City = place.City,
            Referrer = source.Referrer,
            ReferrerUrl = source.ReferrerUrl,
            UtmSource = source.UtmSource,
            UtmMedium = source.UtmMedium,
            UtmCampaign = source.UtmCampaign,
        };

    private static IQueryable<LatestClick> With(IQueryable<LatestClick> clicks, ClickTraits traits, bool excludes)
    {
        if (traits.IsHuman is { } isHuman)
        {
            var isBot = excludes == isHuman;
            clicks = clicks.Where(click => click.IsBot == isBot);
        }

        foreach (var (values, trait) in new (IReadOnlyList<string>, Expression<Func<LatestClick, string?>>)[]
        {
            (traits.Links, click => click.Link),
            (traits.Countries, click => click.Country),
            (traits.Browsers, click => click.Browser),
            (traits.Referrers, click => click.Referrer),
            (traits.UtmSources, click => click.UtmSource),
            (traits.UtmMediums, click => click.UtmMedium),
            (traits.UtmCampaigns, click => click.UtmCampaign),
        })
        {
            if (values.Count > 0)
            {
                clicks = clicks.Where(IsOneOf(trait, values, excludes));
            }
        }

        return clicks;
    }

    private static Expression<Func<LatestClick, bool>> IsOneOf(
        Expression<Func<LatestClick, string?>> trait, IReadOnlyList<string> values, bool excludes)
    {
        // The values stand in an object's property, so that they become parameters of one and the same command.
        var list = Expression.Property(Expression.Constant(new Values(values)), nameof(Values.List));
        Expression isOne = Expression.Call(typeof(Enumerable), nameof(Enumerable.Contains), [typeof(string)], list, trait.Body);
        return Expression.Lambda<Func<LatestClick, bool>>(
            excludes ? Expression.OrElse(Expression.Equal(trait.Body, Expression.Constant(null, typeof(string))), Expression.Not(isOne)) : isOne,
            trait.Parameters);
    }

    private sealed record Values(IReadOnlyList<string> List);
}

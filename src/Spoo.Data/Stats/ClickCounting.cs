using Microsoft.EntityFrameworkCore;

namespace Spoo.Data.Stats;

/// <summary>Brings a counting question and the clicks it is about together.</summary>
public sealed class ClickCounting(IDbContextFactory<SpooDbContext> contexts, TimeProvider clock)
{
    public async Task<CountAnswer> CountAsync(CountQuestion question, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        var asOf = clock.GetUtcNow();
        var linkIds = question.Links.Select(link => link.Id).ToList();
        var clicks = await Facts(context).Where(click => linkIds.Contains(click.LinkId)).ToListAsync(cancellationToken);
        return PlainCount.Of(question, clicks, asOf);
    }

    private static IQueryable<ClickFacts> Facts(SpooDbContext context) =>
        from click in context.Clicks
        join link in context.Links on click.LinkId equals link.Id
        join agent in context.ClickAgents on click.AgentId equals agent.Id
        join place in context.ClickPlaces on click.PlaceId equals place.Id
        join source in context.ClickSources on click.SourceId equals source.Id
        select new ClickFacts
        {
            LinkId = click.LinkId,
            ShortCode = link.ShortCode,
            Time = click.Time,
            Visitor = click.Visitor,
            Browser = agent.Browser,
            Os = agent.Os,
            Device = agent.Device,
            IsBot = agent.IsBot,
            Country = place.Country,
            Region = place.Region,
            City = place.City,
            Language = click.Language,
            Referrer = source.Referrer,
            UtmSource = source.UtmSource,
            UtmMedium = source.UtmMedium,
            UtmCampaign = source.UtmCampaign,
            Trigger = source.Trigger,
            RedirectMs = click.RedirectMs,
        };
}

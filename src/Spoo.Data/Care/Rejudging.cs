using Microsoft.EntityFrameworkCore;
using Spoo.Data.Clicks.Moved;
using Spoo.Data.Clicks.Reading;
using Spoo.Data.Database;

namespace Spoo.Data.Care;

/// <summary>What judging the past again has changed.</summary>
/// <param name="Agents">User-Agents that were looked at.</param>
/// <param name="Changed">Those that are called something else now.</param>
/// <param name="Clicks">Clicks that came with one of the changed ones.</param>
/// <param name="ToBot">Clicks that were a human's and are a bot's now.</param>
/// <param name="ToHuman">Clicks that were a bot's and are a human's now.</param>
public sealed record RejudgeReport(long Agents, long Changed, long Clicks, long ToBot, long ToHuman);

/// <summary>
/// Applies today's rules to the clicks of the past. Every User-Agent stands in the database once, so this looks at thousands of rows
/// where there are millions of clicks. What came with an import is left as it was given.
/// </summary>
public sealed class Rejudging(IDbContextFactory<SpooDbContext> contexts, ClickReader reader)
{
    private const int AgentsAtOnce = 1000;

    /// <exception cref="System.Data.Common.DbException">The database does not answer; what was judged until then stays judged.</exception>
    public async Task<RejudgeReport> RunAsync(CancellationToken cancellationToken)
    {
        long agents = 0;
        var changed = new Dictionary<long, Verdict>();
        for (long? after = null; ;)
        {
            await using var context = await contexts.CreateDbContextAsync(cancellationToken);
            var page = await context.InTransactionAsync(_ => RejudgeAsync(context, after, cancellationToken), cancellationToken);
            if (page.Last is not { } last)
            {
                break;
            }

            page.Changed.ForEach(agent => changed.Add(agent.Id, agent.Verdict));
            agents += page.Agents;
            after = last;
        }

        var clicks = await ClicksOfAsync(changed.Keys, cancellationToken);
        return new RejudgeReport(
            agents,
            changed.Count,
            clicks.Values.Sum(),
            clicks.Where(agent => changed[agent.Key] is { WasBot: false, IsBot: true }).Sum(agent => agent.Value),
            clicks.Where(agent => changed[agent.Key] is { WasBot: true, IsBot: false }).Sum(agent => agent.Value));
    }

    private async Task<(int Agents, List<(long Id, Verdict Verdict)> Changed, long? Last)> RejudgeAsync(
        SpooDbContext context, long? after, CancellationToken cancellationToken)
    {
        await context.HoldEntriesAsync(cancellationToken);
        var page = await context.ClickAgents
            .Where(agent => after == null || agent.Id > after)
            .OrderBy(agent => agent.Id)
            .Take(AgentsAtOnce)
            .ToListAsync(cancellationToken);
        var changed = new List<(long, Verdict)>();
        foreach (var agent in page)
        {
            var wasBot = agent.IsBot;
            if (reader.Reread(agent))
            {
                changed.Add((agent.Id, new Verdict(wasBot, agent.IsBot)));
            }
        }

        await context.SaveChangesAsync(cancellationToken);
        if (changed.Count > 0)
        {
            // With the rows, so that nothing is counted by what they said before.
            await ClickEpoch.RenewAsync(context, cancellationToken);
        }

        return (page.Count, changed, page.Count > 0 ? page[^1].Id : null);
    }

    // Of clicks there is no index by User-Agent, so all are looked at, once.
    private async Task<Dictionary<long, long>> ClicksOfAsync(IReadOnlyCollection<long> agents, CancellationToken cancellationToken)
    {
        if (agents.Count == 0)
        {
            return [];
        }

        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        return await context.Moved().ReadAsync(
            context,
            async moved =>
            {
                var counted = agents.ToDictionary(agent => agent, _ => 0L);
                await foreach (var piece in context.Clicks.PiecesAsync(cancellationToken))
                {
                    Add(counted, await piece.GroupBy(click => click.AgentId).Select(group => new { group.Key, Count = group.LongCount() })
                        .ToDictionaryAsync(group => group.Key, group => group.Count, cancellationToken));
                }

                Add(counted, moved is null ? [] : await moved.CountByAsync("AgentId", null, cancellationToken));
                return counted;
            },
            cancellationToken);

        static void Add(Dictionary<long, long> counted, Dictionary<long, long> found)
        {
            foreach (var (agent, count) in found.Where(agent => counted.ContainsKey(agent.Key)))
            {
                counted[agent] += count;
            }
        }
    }

    private readonly record struct Verdict(bool WasBot, bool IsBot);
}

using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;
using Spoo.Data.Accounts;
using Spoo.Data.Clicks.Facts;
using Spoo.Data.Clicks.Moved;
using Spoo.Data.Clicks.Reading;
using Spoo.Data.Clicks.Storing;
using Spoo.Data.Database;
using Spoo.Data.Links;

namespace Spoo.Data.Transfer.Imports;

/// <summary>What became of undoing an import.</summary>
public abstract record UndoOutcome
{
    private UndoOutcome()
    {
    }

    /// <param name="Clicks">Clicks that are gone.</param>
    /// <param name="Links">Links that are gone.</param>
    /// <param name="Kept">Links that the import had made and that stay.</param>
    public sealed record Done(ImportRecord Import, long Clicks, long Links, ImportFindings Kept) : UndoOutcome
    {
        /// <summary>Clicks beside these that are gone, and of which it had told only how many they were.</summary>
        public long Totals { get; init; }
    }

    public sealed record Refused(Message Why) : UndoOutcome;
}

/// <summary>
/// Takes back what an import has added, and nothing else: its clicks, the links that it made, and how far it has dated others back. A link that was
/// clicked or changed since stays. One that is broken off goes on when it is begun again. What has been given to another account since is that account's: only
/// the operator takes it back.
/// </summary>
public sealed class ImportUndo(IDbContextFactory<SpooDbContext> contexts, LinkLookup lookup, TimeProvider clock)
{
    /// <summary>Links that are looked at together.</summary>
    private const int LinksAtOnce = 500;

    /// <param name="ownerId">Whose import it has to be. Null: anybody's, for an operator.</param>
    /// <param name="progress">Hears how many clicks are gone.</param>
    /// <exception cref="System.Data.Common.DbException">The database does not answer; undoing it again goes on from there.</exception>
    public async Task<UndoOutcome> UndoAsync(int id, string? ownerId, IProgress<long>? progress, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        var imports = context.Set<ImportRecord>();
        var import = await imports.AsNoTracking().SingleOrDefaultAsync(import => import.Id == id && (ownerId == null || import.OwnerId == ownerId), cancellationToken);
        if (import is null)
        {
            return new UndoOutcome.Refused(new Message("There is no import {0}.", id));
        }

        if (import.State == ImportState.Undone)
        {
            return new UndoOutcome.Refused(new Message("Import {0} was undone already.", id));
        }

        var silentSince = clock.GetUtcNow() - ImportRecord.Silence;
        if (await imports.Where(import => import.Id == id && (import.State != ImportState.Running || import.HeardAt <= silentSince))
            .ExecuteUpdateAsync(set => set.SetProperty(import => import.State, ImportState.Undoing), cancellationToken) == 0)
        {
            return new UndoOutcome.Refused(new Message("Import {0} is still running, or was until a moment ago. Stop it, or wait a minute, and try again.", id));
        }

        var clicks = await RemoveClicksAsync(context, id, ownerId, progress, cancellationToken);
        var totals = await RemoveTotalsAsync(context, id, ownerId, cancellationToken);
        var (links, kept) = await RemoveLinksAsync(context, id, ownerId, cancellationToken);
        var (now, told) = (clock.GetUtcNow(), (ImportFindings.Parse(import.Findings) with { Kept = kept.Kept, KeptLinks = kept.KeptLinks }).Stored());
        await imports.Where(import => import.Id == id).ExecuteUpdateAsync(
            set => set.SetProperty(import => import.State, ImportState.Undone).SetProperty(import => import.FinishedAt, now).SetProperty(import => import.Findings, told),
            cancellationToken);
        return new UndoOutcome.Done(import, clicks, links, kept) { Totals = totals };
    }

    private static async Task<long> RemoveClicksAsync(SpooDbContext context, int import, string? ownerId, IProgress<long>? progress, CancellationToken cancellationToken)
    {
        var removed = 0L;
        foreach (var (_, first, end) in await ImportRecords.StretchesAsync(context, import, cancellationToken))
        {
            // Their keys are one stretch, so each piece is read and deleted at one place of the table.
            var clicks = context.Clicks.Where(click => click.Id >= first && click.Id < end);
            clicks = ownerId is null ? clicks : clicks.Where(click => context.Links.Any(link => link.Id == click.LinkId && link.OwnerId == ownerId));
            for (var areAll = false; !areAll;)
            {
                (var gone, areAll) = await context.InTransactionAsync(transaction => RemoveSomeAsync(context, transaction, clicks, ownerId, cancellationToken), cancellationToken);
                removed += gone;
                progress?.Report(removed);
            }

            removed += await RemoveMovedAsync(context, (first, end), ownerId, cancellationToken);
            progress?.Report(removed);
        }

        return removed;
    }

    private static async Task<long> RemoveMovedAsync(SpooDbContext context, (long First, long End) keys, string? ownerId, CancellationToken cancellationToken)
    {
        var moved = context.Moved();
        while (await moved.NowAsync(context, cancellationToken) is ({ } clicks, { } move))
        {
            var found = new List<(long LinkId, long AgentId, long Clicks)>();
            await clicks.EachAsync(
                "LinkId, AgentId, toInt64(count())", MovedMoment.Between(keys.First, keys.End), "GROUP BY 1, 2", row => found.Add((row.GetInt64(0), row.GetInt64(1), row.GetInt64(2))), cancellationToken);
            if (found.Count == 0)
            {
                break;
            }

            var removed = await context.InTransactionAsync(transaction => RemoveMovedAsync(context, transaction, move, found, keys, ownerId, cancellationToken), cancellationToken);
            if (removed is not null)
            {
                return removed.Value;
            }
        }

        return 0;
    }

    // Null: something was done to moved clicks since they were counted.
    private static async Task<long?> RemoveMovedAsync(
        SpooDbContext context, IDbContextTransaction transaction, ClickMove move, List<(long LinkId, long AgentId, long Clicks)> found, (long First, long End) keys, string? ownerId, CancellationToken cancellationToken)
    {
        List<long> links = [.. found.Select(clicks => clicks.LinkId).Distinct().Order()];
        await context.HoldLinksAsync(links, LinkHold.ToChange, cancellationToken);
        if (!await MovedClicks.IsSameAsync(context, move, cancellationToken))
        {
            return null;
        }

        if (ownerId is not null)
        {
            var ours = await context.Links.Where(link => link.OwnerId == ownerId).WithAny(context, link => link.Id, links).Select(link => link.Id).ToHashSetAsync(cancellationToken);
            (links, found) = (links.FindAll(ours.Contains), found.FindAll(clicks => ours.Contains(clicks.LinkId)));
        }

        var previews = await context.ClickAgents.AsNoTracking().Where(agent => agent.IsBot && agent.BotRule != null)
            .WithAny(context, agent => agent.Id, [.. found.Select(clicks => clicks.AgentId).Distinct()]).Select(agent => new { agent.Id, agent.BotRule }).ToListAsync(cancellationToken);
        var areForPreview = previews.Where(agent => Bots.KindOf(agent.BotRule!) == BotKind.Preview).Select(agent => agent.Id).ToHashSet();
        await BulkRows.For(context.Database.GetDbConnection(), transaction.GetDbTransaction()).AdvanceLinksAsync(
            [
                .. found.GroupBy(clicks => clicks.LinkId).Select(link => new LinkAdvance(
                    link.Key, -link.Sum(clicks => clicks.Clicks), -link.Where(clicks => areForPreview.Contains(clicks.AgentId)).Sum(clicks => clicks.Clicks), 0, null, null)),
            ],
            cancellationToken);
        await context.Moved().NoteRemovalAsync(context, [.. links.Select(link => new MovedRemoval { LinkId = link, FirstId = keys.First, EndId = keys.End })], cancellationToken);
        await ClickEpoch.NoteRemovalAsync(context, ownerId, cancellationToken);
        await context.NoteDeletionAsync(cancellationToken);
        return found.Sum(clicks => clicks.Clicks);
    }

    private static async Task<(int Gone, bool AreAll)> RemoveSomeAsync(
        SpooDbContext context, IDbContextTransaction transaction, IQueryable<Click> clicks, string? ownerId, CancellationToken cancellationToken)
    {
        var (some, areAll) = await context.SomeOfAsync(clicks, cancellationToken);
        await context.HoldLinksAsync(await some.Select(click => click.LinkId).Distinct().ToListAsync(cancellationToken), LinkHold.ToChange, cancellationToken);
        var counts = await some.GroupBy(click => click.LinkId).Select(link => new { Id = link.Key, Clicks = link.Count() }).ToListAsync(cancellationToken);
        var byBots = await some.Join(context.ClickAgents.Where(agent => agent.IsBot && agent.BotRule != null), click => click.AgentId, agent => agent.Id, (click, agent) => new { click.LinkId, agent.BotRule })
            .GroupBy(click => new { click.LinkId, click.BotRule }).Select(bots => new { bots.Key.LinkId, bots.Key.BotRule, Clicks = bots.LongCount() }).ToListAsync(cancellationToken);
        var previews = byBots.Where(bots => Bots.KindOf(bots.BotRule!) == BotKind.Preview).ToLookup(bots => bots.LinkId);
        var gone = await some.ExecuteDeleteAsync(cancellationToken);
        await BulkRows.For(context.Database.GetDbConnection(), transaction.GetDbTransaction())
            .AdvanceLinksAsync([.. counts.Select(link => new LinkAdvance(link.Id, -link.Clicks, -previews[link.Id].Sum(bots => bots.Clicks), 0, null, null))], cancellationToken);
        await ClickEpoch.NoteRemovalAsync(context, ownerId, cancellationToken);
        await context.NoteDeletionAsync(cancellationToken);
        return (gone, areAll);
    }

    // What other imports have told in sums of the same links may count again.
    private static async Task<long> RemoveTotalsAsync(SpooDbContext context, int import, string? ownerId, CancellationToken cancellationToken)
    {
        var totals = context.Set<ImportedTotal>();
        var links = await context.LinksWithTotalsAsync(import, cancellationToken);
        var counted = await ImportRecords.CountTotalsAsync(context, import, cancellationToken);
        await totals.Where(total => total.ImportId == import && (ownerId == null || total.Link!.OwnerId == ownerId)).ExecuteDeleteAsync(cancellationToken);
        await context.SettleTotalsAsync(links, cancellationToken);
        return counted - await ImportRecords.CountTotalsAsync(context, import, cancellationToken);
    }

    private async Task<(long Removed, ImportFindings Kept)> RemoveLinksAsync(SpooDbContext context, int import, string? ownerId, CancellationToken cancellationToken)
    {
        var (removed, kept, told) = (0L, 0, new List<KeptLink>());
        var imported = context.Set<ImportedLink>();
        while (await imported.AsNoTracking().Where(link => link.ImportId == import).OrderBy(link => link.LinkId).Take(LinksAtOnce).ToListAsync(cancellationToken) is { Count: > 0 } some)
        {
            var made = some.Where(link => link.IsMade).Select(link => link.LinkId).ToList();
            var gone = await context.InTransactionAsync(_ => RemoveUnusedAsync(context, made, ownerId, cancellationToken), cancellationToken);
            removed += gone;

            var ids = some.ConvertAll(link => link.LinkId);
            var left = await context.Links.AsNoTracking().Where(link => ids.Contains(link.Id) && (ownerId == null || link.OwnerId == ownerId)).OrderBy(link => link.Id).ToListAsync(cancellationToken);
            foreach (var link in left.Where(link => made.Contains(link.Id)))
            {
                kept++;
                if (told.Count < ImportFindings.MaxTold)
                {
                    told.Add(new KeptLink(link.Name, link.Status == LinkStatus.Blocked ? KeptBecause.Blocked : link.UpdatedAt is null ? KeptBecause.Clicked : KeptBecause.Changed));
                }
            }

            await LinksAfterUndo.RestoreAsync(context, left, some.ToDictionary(link => link.LinkId), cancellationToken);
            left.ForEach(link => lookup.Forget(link.DomainId, link.ShortCode));
            await imported.Where(link => link.ImportId == import && ids.Contains(link.LinkId)).ExecuteDeleteAsync(cancellationToken);
        }

        return (removed, new ImportFindings { Kept = kept, KeptLinks = told });
    }

    // Clicks that were forgotten for their age may have been real ones, and those of another import keep the link, too.
    private async Task<int> RemoveUnusedAsync(SpooDbContext context, List<long> made, string? ownerId, CancellationToken cancellationToken)
    {
        await context.HoldLinksAsync(made, LinkHold.ToChange, cancellationToken);
        var unused = context.Links.Where(link =>
            made.Contains(link.Id) && (ownerId == null || link.OwnerId == ownerId) && link.TotalClicks == 0 && link.ForgottenClicks == 0 && link.UpdatedAt == null && link.Status != LinkStatus.Blocked
            && !context.Set<ImportedTotal>().Any(total => total.LinkId == link.Id));
        var names = await unused.Select(link => new { link.Id, link.DomainId, link.ShortCode }).ToListAsync(cancellationToken);
        await context.AddDeletedAsync(names.ConvertAll(link => link.Id), clock.GetUtcNow(), cancellationToken);
        var gone = await unused.ExecuteDeleteAsync(cancellationToken);
        names.ForEach(link => lookup.Forget(link.DomainId, link.ShortCode));
        await context.NoteDeletionAsync(cancellationToken);
        return gone;
    }
}

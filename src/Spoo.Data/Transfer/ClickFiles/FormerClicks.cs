using Microsoft.EntityFrameworkCore;
using Spoo.Data.Clicks.Moved;
using Spoo.Data.Clicks.Storing;
using Spoo.Data.Database;
using Spoo.Data.Links;

namespace Spoo.Data.Transfer.ClickFiles;

/// <summary>Clicks that are here under another key than the one that their lines have now.</summary>
internal sealed class FormerClicks(IDbContextFactory<SpooDbContext> contexts, string ownerId)
{
    private bool _hasEarlier;

    /// <summary>
    /// Those of the clicks that are here already: from a version that knew no neighbourhoods of keys, or from an import that did not place them at the host they are at
    /// now. Of the latter, those of the links that they are placed at, which were on another domain then.
    /// </summary>
    /// <param name="linkOf">The link of a name. Null: it is another account's.</param>
    /// <exception cref="System.Data.Common.DbException">The database does not answer.</exception>
    public async ValueTask<IReadOnlySet<ImportedClick>> FindAsync(
        IReadOnlyList<ImportedClick> clicks, Func<LinkName, long?> linkOf, CancellationToken cancellationToken)
    {
        var former = new HashSet<ImportedClick>(ReferenceEqualityComparer.Instance);
        var hasEarlier = await HasEarlierAsync(cancellationToken);
        var asked = hasEarlier ? clicks : clicks.Where(click => click.KeyWithoutHost is not null);
        var byKey = asked.SelectMany(click => KeysOf(click, hasEarlier)).ToLookup(known => known.Key);
        if (byKey.Count > 0)
        {
            await using var context = await contexts.CreateDbContextAsync(cancellationToken);
            foreach (var keys in byKey.Select(known => known.Key).Chunk(ClickImport.KeysAtOnce))
            {
                var there = await context.Clicks.Where(click => click.ImportKey != null).WithAny(context, click => click.ImportKey!.Value, [.. keys])
                    .Select(click => new { Key = click.ImportKey!.Value, click.LinkId }).ToListAsync(cancellationToken);
                former.UnionWith(there.SelectMany(row => byKey[row.Key].Where(known => !known.IsElsewhere || linkOf(known.Click.Link) == row.LinkId).Select(known => known.Click)));
            }
        }

        former.UnionWith(await MovedAsync(clicks, hasEarlier, linkOf, cancellationToken));
        return former;
    }

    // Of clicks that were moved the database cannot say that their keys are taken, so all are asked for.
    private async Task<IEnumerable<ImportedClick>> MovedAsync(IReadOnlyList<ImportedClick> clicks, bool hasEarlier, Func<LinkName, long?> linkOf, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        var moved = context.Moved();
        if (!moved.MayBe)
        {
            return [];
        }

        var byKey = clicks.SelectMany(click => KeysOf(click, hasEarlier).Concat(click.Key is { } key ? [(Key: key.Value, Click: click, IsElsewhere: false)] : [])).ToLookup(known => known.Key);
        var there = await moved.OfImportsAsync(context, [.. byKey.Select(known => known.Key)], cancellationToken);
        return there.SelectMany(row => byKey[row.Key].Where(known => !known.IsElsewhere || linkOf(known.Click.Link) == row.LinkId).Select(known => known.Click));
    }

    /// <summary>Whether the account has clicks that were imported under keys without neighbourhoods.</summary>
    /// <remarks>Asked again until there are: while servers are updated one after the other, one of the version before may still import.</remarks>
    public async ValueTask<bool> HasEarlierAsync(CancellationToken cancellationToken)
    {
        if (!_hasEarlier)
        {
            await using var context = await contexts.CreateDbContextAsync(cancellationToken);
            _hasEarlier = await context.ClickWriters.AnyAsync(writer => writer.OwnerId == ownerId && !writer.HasNearKeys, cancellationToken);
        }

        return _hasEarlier;
    }

    private static IEnumerable<(long Key, ImportedClick Click, bool IsElsewhere)> KeysOf(ImportedClick click, bool hasEarlier)
    {
        if (hasEarlier && click.Key is { } key)
        {
            yield return (key.Content, click, false);
        }

        if (click.KeyWithoutHost is { } elsewhere)
        {
            yield return (elsewhere.Value, click, true);
            if (hasEarlier)
            {
                yield return (elsewhere.Content, click, true);
            }
        }
    }
}

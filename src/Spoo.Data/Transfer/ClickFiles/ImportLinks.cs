using System.Runtime.InteropServices;
using Microsoft.EntityFrameworkCore;
using Spoo.Data.Accounts;
using Spoo.Data.Clicks.Moved;
using Spoo.Data.Database;
using Spoo.Data.Links;
using Spoo.Data.Links.Codes;
using Spoo.Data.Links.Domains;
using Spoo.Data.Transfer.Imports;

namespace Spoo.Data.Transfer.ClickFiles;

/// <summary>
/// The links behind the short codes of a file; those that are free become links of its owner, if it may put links on their domain.
/// </summary>
internal sealed class ImportLinks(IDbContextFactory<SpooDbContext> contexts, string ownerId, TimeProvider clock)
{
    /// <summary>A file may name more links than fit into memory.</summary>
    private const int MaxRemembered = 100_000;

    private readonly Dictionary<LinkName, Known> _known = [];

    // What is written down of each link: when its source made it, as far as the file has said.
    private readonly Dictionary<long, DateTimeOffset?> _noted = [];

    // Of the lines in hand. Made anew for each batch it would be more to clear up than all else here.
    private readonly Dictionary<LinkName, Wanted> _wanted = [];

    public long Created { get; private set; }

    /// <summary>Of the import that all this is done by. 0: none of it is written down yet.</summary>
    public int ImportId { get; set; }

    /// <summary>Looks up or makes the links of these clicks, and dates and completes them by what the lines say.</summary>
    /// <param name="former">Of the same account.</param>
    public async Task ResolveAsync(IReadOnlyList<ImportedClick> clicks, FormerClicks former, CancellationToken cancellationToken)
    {
        if (_known.Count > MaxRemembered)
        {
            _known.Clear();
            _noted.Clear();
        }

        _wanted.Clear();
        foreach (var click in clicks)
        {
            ref var want = ref CollectionsMarshal.GetValueRefOrAddDefault(_wanted, click.Link, out var isThere);
            want = isThere ? want.And(click) : Wanted.By(click);
        }

        var missing = _wanted.Keys.Where(name => !_known.ContainsKey(name)).ToList();
        foreach (var names in missing.Chunk(ClickImport.KeysAtOnce))
        {
            await LookUpAsync(names, cancellationToken);
            await FindRenamedAsync(clicks, former, [.. names.Where(name => !_known.ContainsKey(name))], cancellationToken);
            await CreateAsync([.. names.Where(name => !_known.ContainsKey(name))], cancellationToken);
        }

        await NoteAsync(cancellationToken);
        await CompleteAsync(cancellationToken);
    }

    /// <summary>The link of this name; null when it, or its domain, belongs to another account.</summary>
    public long? Find(LinkName name) => _known[name] is { IsOurs: true, Id: var id } ? id : null;

    private async Task LookUpAsync(LinkName[] names, CancellationToken cancellationToken)
    {
        if (names.Length == 0)
        {
            return;
        }

        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        var links = await (await context.Links.AroundAsync(context, names, cancellationToken))
            .Select(link => new { link.Id, link.DomainHost, link.ShortCode, link.OwnerId, link.CreatedAt, HasUrl = link.LongUrl != "" })
            .ToListAsync(cancellationToken);
        foreach (var link in links)
        {
            _known[new(link.DomainHost, link.ShortCode)] = new Known(link.Id, link.OwnerId == ownerId, link.CreatedAt, link.HasUrl);
        }
    }

    /// <summary>
    /// A code that no link has any more, but whose clicks an earlier import has brought, is the former one of a link: what the file has
    /// besides belongs to it.
    /// </summary>
    private async Task FindRenamedAsync(IReadOnlyList<ImportedClick> clicks, FormerClicks former, HashSet<LinkName> names, CancellationToken cancellationToken)
    {
        var named = clicks.Where(click => click.Key is not null && names.Contains(click.Link)).Select(click => (Key: click.Key!.Value, click.Link)).ToList();
        var nameOf = named.DistinctBy(click => click.Key.Value).ToDictionary(click => click.Key.Value, click => click.Link);
        if (named.Count > 0 && await former.HasEarlierAsync(cancellationToken))
        {
            named.ForEach(click => nameOf.TryAdd(click.Key.Content, click.Link));
        }

        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        foreach (var keys in nameOf.Keys.Chunk(ClickImport.KeysAtOnce))
        {
            var found = await context.Clicks
                .Where(click => click.ImportKey != null).WithAny(context, click => click.ImportKey!.Value, [.. keys])
                .Join(context.Links, click => click.LinkId, link => link.Id, (click, link) => new { click.ImportKey, link.Id, link.OwnerId, link.CreatedAt, HasUrl = link.LongUrl != "" })
                .ToListAsync(cancellationToken);
            foreach (var click in found)
            {
                _known.TryAdd(nameOf[click.ImportKey!.Value], new Known(click.Id, click.OwnerId == ownerId, click.CreatedAt, click.HasUrl));
            }
        }

        var moved = await context.Moved().OfImportsAsync(context, nameOf.Keys, cancellationToken);
        foreach (var some in moved.Chunk(ClickImport.KeysAtOnce))
        {
            var links = await context.Links.WithAny(context, link => link.Id, [.. some.Select(click => click.LinkId).Distinct()])
                .Select(link => new { link.Id, link.OwnerId, link.CreatedAt, HasUrl = link.LongUrl != "" }).ToDictionaryAsync(link => link.Id, cancellationToken);
            foreach (var (key, link) in some.Where(click => links.ContainsKey(click.LinkId)).Select(click => (click.Key, links[click.LinkId])))
            {
                _known.TryAdd(nameOf[key], new Known(link.Id, link.OwnerId == ownerId, link.CreatedAt, link.HasUrl));
            }
        }
    }

    private async Task CreateAsync(List<LinkName> names, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        var links = new List<Link>();
        foreach (var onDomain in names.GroupBy(name => name.Host).ToList())
        {
            var (domain, refusal) = await LinkDomains.ChooseAsync(context, onDomain.Key, Viewer.User(ownerId), cancellationToken);
            foreach (var name in onDomain)
            {
                if (refusal is null)
                {
                    links.Add(_wanted[name].NewLink(name, domain, ownerId));
                }
                else
                {
                    names.Remove(name);
                    _known[name] = new Known(0, IsOurs: false, default, HasUrl: false);
                }
            }
        }

        while (links.Count > 0)
        {
            await AddAsync(context, links, cancellationToken);

            // A code that was taken in this moment is looked up; if its link is gone again, it is free.
            links.RemoveAll(link => _known.ContainsKey(NameOf(link)));
            await LookUpAsync([.. links.Select(NameOf)], cancellationToken);
            links.RemoveAll(link => _known.ContainsKey(NameOf(link)));
        }
    }

    /// <summary>Stores those of the new links whose codes are free, and that this import made them.</summary>
    private async Task AddAsync(SpooDbContext context, List<Link> links, CancellationToken cancellationToken)
    {
        var added = await context.InTransactionAsync(
            transaction => context.AddNewLinksAsync(
                transaction,
                links,
                (link, id) => new ImportedLink
                {
                    ImportId = ImportId,
                    LinkId = id,
                    IsMade = true,
                    Destination = _wanted[NameOf(link)].LongUrl,
                    CreatedAtSource = _wanted[NameOf(link)].CreatedAtSource,
                },
                clock.GetUtcNow(),
                cancellationToken),
            cancellationToken);
        Created += added.Count;
        foreach (var link in links.Where(link => added.ContainsKey(link.PublicId)))
        {
            var id = added[link.PublicId];
            _known[NameOf(link)] = new Known(id, true, link.CreatedAt, link.LongUrl.Length > 0);
            _noted[id] = _wanted[NameOf(link)].CreatedAtSource;
        }
    }

    private static LinkName NameOf(Link link) => new(link.DomainHost, link.ShortCode);

    /// <summary>Writes down what the lines will do to links that were there, so that it can be undone.</summary>
    private async Task NoteAsync(CancellationToken cancellationToken)
    {
        var ours = _wanted.Select(link => (Known: _known[link.Key], Wanted: link.Value)).Where(link => link.Known.IsOurs);
        var unknown = ours.Where(link => !_noted.ContainsKey(link.Known.Id)).DistinctBy(link => link.Known.Id).ToList();
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        foreach (var links in unknown.Chunk(ClickImport.KeysAtOnce))
        {
            var before = await context.BeforeImportsAsync([.. links.Select(link => link.Known.Id)], cancellationToken);
            List<ImportedLink> rows =
            [
                .. links.Select(link => new ImportedLink
                {
                    ImportId = ImportId,
                    LinkId = link.Known.Id,
                    IsMade = false,
                    CreatedBefore = before.TryGetValue(link.Known.Id, out var first) ? first.CreatedAt : link.Known.CreatedAt,
                    Destination = !link.Known.HasUrl || first is { HadNoDestination: true } or { CreatedAt: null } ? link.Wanted.LongUrl : null,
                    CreatedAtSource = link.Wanted.CreatedAtSource,
                }),
            ];
            await context.InTransactionAsync(
                async transaction =>
                {
                    await context.AddImportedLinksAsync(transaction, rows, cancellationToken);
                    return rows.Count;
                },
                cancellationToken);
            rows.ForEach(row => _noted[row.LinkId] = row.CreatedAtSource);
        }

        foreach (var (known, want) in ours.Where(link => link.Wanted.CreatedAtSource is { } said && !(_noted[link.Known.Id] <= said)))
        {
            await context.Set<ImportedLink>().Where(link => link.ImportId == ImportId && link.LinkId == known.Id)
                .ExecuteUpdateAsync(set => set.SetProperty(link => link.CreatedAtSource, want.CreatedAtSource), cancellationToken);
            _noted[known.Id] = want.CreatedAtSource;
        }
    }

    // A later line may know of an earlier date, or a destination that the first one left out. That a click was earlier is seen where it is stored.
    private async Task CompleteAsync(CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        foreach (var (name, (_, longUrl, createdAtSource)) in _wanted)
        {
            var known = _known[name];
            if (known.IsOurs && createdAtSource is { } createdAt && createdAt < known.CreatedAt)
            {
                await DateAsync(context, known.Id, createdAt, cancellationToken);
                _known[name] = known = known with { CreatedAt = createdAt };
            }

            if (known is { IsOurs: true, HasUrl: false } && longUrl is not null)
            {
                await LeadAsync(context, known.Id, longUrl, cancellationToken);
                _known[name] = known with { HasUrl = true };
            }
        }
    }

    private static Task<int> DateAsync(SpooDbContext context, long id, DateTimeOffset createdAt, CancellationToken cancellationToken) =>
        context.Links.Where(link => link.Id == id && link.CreatedAt > createdAt)
            .ExecuteUpdateAsync(set => set.SetProperty(link => link.CreatedAt, createdAt), cancellationToken);

    private async Task LeadAsync(SpooDbContext context, long id, string longUrl, CancellationToken cancellationToken)
    {
        await context.Set<ImportedLink>().Where(link => link.ImportId == ImportId && link.LinkId == id)
            .ExecuteUpdateAsync(set => set.SetProperty(link => link.Destination, longUrl), cancellationToken);
        await context.Links.Where(link => link.Id == id && link.LongUrl == "").ExecuteUpdateAsync(
            set => set.SetProperty(link => link.LongUrl, longUrl), cancellationToken);
    }

    private sealed record Known(long Id, bool IsOurs, DateTimeOffset CreatedAt, bool HasUrl);

    private readonly record struct Wanted(DateTimeOffset CreatedAt, string? LongUrl, DateTimeOffset? CreatedAtSource)
    {
        public static Wanted By(ImportedClick click) =>
            new(click.LinkCreated < click.Time ? click.LinkCreated.Value : click.Time, click.LongUrl, click.LinkCreated);

        public Wanted And(ImportedClick click)
        {
            var other = By(click);
            return new(
                other.CreatedAt < CreatedAt ? other.CreatedAt : CreatedAt,
                LongUrl ?? other.LongUrl,
                CreatedAtSource <= other.CreatedAtSource || other.CreatedAtSource is null ? CreatedAtSource : other.CreatedAtSource);
        }

        // As when the owner, signed in, had made it.
        public Link NewLink(LinkName name, Domain? domain, string ownerId)
        {
            var link = NewLinks.Make(new LinkDraft { LongUrl = LongUrl ?? "" }, name.Code, ownerId, CreatedAt);
            link.MoveTo(domain);
            return link;
        }
    }
}

using Microsoft.EntityFrameworkCore;
using Spoo.Data.Database;
using Spoo.Data.Links;

namespace Spoo.Data.Transfer.ClickFiles;

/// <summary>The links behind the short codes of a file; those that are free become links of its owner.</summary>
internal sealed class ImportLinks(IDbContextFactory<SpooDbContext> contexts, string ownerId)
{
    /// <summary>A file may name more links than fit into memory.</summary>
    private const int MaxRemembered = 100_000;

    private readonly Dictionary<string, Known> _known = new(StringComparer.Ordinal);

    public long Created { get; private set; }

    /// <summary>Looks up or makes the links of these clicks, and dates and completes them by what the lines say.</summary>
    public async Task ResolveAsync(IReadOnlyList<ImportedClick> clicks, CancellationToken cancellationToken)
    {
        if (_known.Count > MaxRemembered)
        {
            _known.Clear();
        }

        var wanted = new Dictionary<string, Wanted>(StringComparer.Ordinal);
        foreach (var click in clicks)
        {
            var code = click.Code.Value;
            wanted[code] = wanted.TryGetValue(code, out var earlier) ? earlier.And(click) : Wanted.By(click);
        }

        var missing = wanted.Keys.Where(code => !_known.ContainsKey(code)).ToList();
        foreach (var codes in missing.Chunk(ClickImport.KeysAtOnce))
        {
            await LookUpAsync(codes, cancellationToken);
            await FindRenamedAsync(clicks, [.. codes.Where(code => !_known.ContainsKey(code))], cancellationToken);
            await CreateAsync([.. codes.Where(code => !_known.ContainsKey(code))], wanted, cancellationToken);
        }

        await CompleteAsync(wanted, cancellationToken);
    }

    /// <summary>The link of this code; null when it belongs to another account.</summary>
    public long? Find(ShortCode code) => _known[code.Value] is { IsOurs: true, Id: var id } ? id : null;

    private async Task LookUpAsync(string[] codes, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        var links = await context.Links
            .Where(link => codes.Contains(link.ShortCode))
            .Select(link => new { link.Id, link.ShortCode, link.OwnerId, link.CreatedAt, HasUrl = link.LongUrl != "" })
            .ToListAsync(cancellationToken);
        foreach (var link in links)
        {
            _known[link.ShortCode] = new Known(link.Id, link.OwnerId == ownerId, link.CreatedAt, link.HasUrl);
        }
    }

    /// <summary>
    /// A code that no link has any more, but whose clicks an earlier import has brought, is the former one of a link: what the file has
    /// besides belongs to it.
    /// </summary>
    private async Task FindRenamedAsync(IReadOnlyList<ImportedClick> clicks, HashSet<string> codes, CancellationToken cancellationToken)
    {
        var codeOf = clicks.Where(click => codes.Contains(click.Code.Value)).Select(click => (click.Raw.ImportKey, click.Code.Value))
            .DistinctBy(click => click.ImportKey).ToDictionary(click => click.ImportKey!.Value, click => click.Value);
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        foreach (var keys in codeOf.Keys.Chunk(ClickImport.KeysAtOnce))
        {
            var found = await context.Clicks
                .Where(click => click.ImportKey != null && keys.Contains(click.ImportKey.Value))
                .Join(context.Links, click => click.LinkId, link => link.Id, (click, link) => new { click.ImportKey, link.Id, link.OwnerId, link.CreatedAt, HasUrl = link.LongUrl != "" })
                .ToListAsync(cancellationToken);
            foreach (var click in found)
            {
                _known.TryAdd(codeOf[click.ImportKey!.Value], new Known(click.Id, click.OwnerId == ownerId, click.CreatedAt, click.HasUrl));
            }
        }
    }

    private async Task CreateAsync(List<string> codes, Dictionary<string, Wanted> wanted, CancellationToken cancellationToken)
    {
        if (codes.Count == 0)
        {
            return;
        }

        var links = codes.Select(code => wanted[code].NewLink(code, ownerId)).ToList();
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        context.Links.AddRange(links);
        try
        {
            await context.SaveChangesAsync(cancellationToken);
            Created += links.Count;
        }
        catch (DbUpdateException)
        {
            // One of the codes was taken in this moment. It is rare enough to ask for each on its own.
            foreach (var code in codes)
            {
                await CreateOneAsync(code, wanted, cancellationToken);
            }

            return;
        }

        foreach (var link in links)
        {
            _known[link.ShortCode] = new Known(link.Id, true, link.CreatedAt, link.LongUrl.Length > 0);
        }
    }

    private async Task CreateOneAsync(string code, Dictionary<string, Wanted> wanted, CancellationToken cancellationToken)
    {
        await LookUpAsync([code], cancellationToken);
        if (_known.ContainsKey(code))
        {
            return;
        }

        var link = wanted[code].NewLink(code, ownerId);
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        context.Links.Add(link);
        await context.SaveChangesAsync(cancellationToken);
        Created++;
        _known[code] = new Known(link.Id, true, link.CreatedAt, link.LongUrl.Length > 0);
    }

    // A later line may know an earlier date, or a destination that the first one left out.
    private async Task CompleteAsync(Dictionary<string, Wanted> wanted, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        foreach (var (code, (createdAt, longUrl)) in wanted)
        {
            var known = _known[code];
            if (known.IsOurs && createdAt < known.CreatedAt)
            {
                await context.Links.Where(link => link.Id == known.Id && link.CreatedAt > createdAt).ExecuteUpdateAsync(
                    set => set.SetProperty(link => link.CreatedAt, createdAt), cancellationToken);
                _known[code] = known = known with { CreatedAt = createdAt };
            }

            if (known is { IsOurs: true, HasUrl: false } && longUrl is not null)
            {
                await context.Links.Where(link => link.Id == known.Id && link.LongUrl == "").ExecuteUpdateAsync(
                    set => set.SetProperty(link => link.LongUrl, longUrl), cancellationToken);
                _known[code] = known with { HasUrl = true };
            }
        }
    }

    private sealed record Known(long Id, bool IsOurs, DateTimeOffset CreatedAt, bool HasUrl);

    private readonly record struct Wanted(DateTimeOffset CreatedAt, string? LongUrl)
    {
        public static Wanted By(ImportedClick click) =>
            new(click.LinkCreated < click.Raw.Time ? click.LinkCreated.Value : click.Raw.Time, click.LongUrl);

        public Wanted And(ImportedClick click)
        {
            var other = By(click);
            return new(other.CreatedAt < CreatedAt ? other.CreatedAt : CreatedAt, LongUrl ?? other.LongUrl);
        }

        // As when the owner, signed in, had made it.
        public Link NewLink(string code, string ownerId) => NewLinks.Make(new LinkDraft { LongUrl = LongUrl ?? "" }, code, ownerId, CreatedAt);
    }
}

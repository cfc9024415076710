using Microsoft.EntityFrameworkCore;
using Spoo.Data.Accounts;
using Spoo.Data.Database;
using Spoo.Data.Links;
using Spoo.Data.Links.Domains;

namespace Spoo.Data.Transfer.ClickFiles;

/// <summary>
/// On which domain a link is whose whole address a file has: on the one that the address names, if the account may put links there, and otherwise on the
/// installation's own, as one whose code stands alone.
/// </summary>
/// <param name="isOwn">Whether the installation itself is reached at a host.</param>
internal sealed class ImportHosts(IDbContextFactory<SpooDbContext> contexts, string ownerId, Func<string, bool> isOwn)
{
    /// <summary>A file may name more hosts than are worth a question.</summary>
    private const int MaxAsked = 1_000;

    private readonly Dictionary<string, Home> _homes = new(StringComparer.OrdinalIgnoreCase);

    // Hosts that are no domains of the account, with the clicks of their links.
    private readonly Dictionary<string, long> _elsewhere = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>The first hosts that are no domains of the account, with how many clicks were of their links.</summary>
    public IReadOnlyDictionary<string, long> Elsewhere => _elsewhere;

    /// <summary>The clicks with the links that are meant.</summary>
    /// <exception cref="System.Data.Common.DbException">The database does not answer.</exception>
    public async ValueTask<IReadOnlyList<ImportedClick>> PlaceAsync(IReadOnlyList<ImportedClick> clicks, CancellationToken cancellationToken)
    {
        if (clicks.All(click => click.Host is null))
        {
            return clicks;
        }

        var placed = new List<ImportedClick>(clicks.Count);
        foreach (var click in clicks)
        {
            var home = click.Host is { } host ? await HomeOfAsync(host, cancellationToken) : Home.Here;
            placed.Add(home.Domain is { } domain ? At(domain, click) : click);
            if (home.IsElsewhere && (_elsewhere.Count < ImportReport.MaxUnknownFields || _elsewhere.ContainsKey(click.Host!)))
            {
                _elsewhere[click.Host!] = _elsewhere.GetValueOrDefault(click.Host!) + (click.Sum?.Clicks ?? 1);
            }
        }

        return placed;
    }

    private ImportedClick At(string domain, ImportedClick click) => click with
    {
        Link = click.Link with { Host = domain },
        KeyWithoutHost = click.Id is null ? click.Key : null,
        Key = click.Id is null ? click.Key?.At(ownerId, domain) : click.Key,
    };

    private async ValueTask<Home> HomeOfAsync(string host, CancellationToken cancellationToken)
    {
        if (_homes.TryGetValue(host, out var known) || _homes.Count >= MaxAsked)
        {
            return known;
        }

        return _homes[host] = await FindHomeAsync(host, cancellationToken);
    }

    private async Task<Home> FindHomeAsync(string host, CancellationToken cancellationToken)
    {
        if (DomainHosts.Parse(host) is not { } name)
        {
            return new(null, !isOwn(host));
        }

        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        var (domain, refusal) = await LinkDomains.ChooseAsync(context, name, Viewer.User(ownerId), cancellationToken);

        // Another account's is the installation's as well, and no place for these links.
        return domain is not null ? new(domain.Host, false) : new(null, refusal!.Kind == RefusalKind.Forbidden || !isOwn(host));
    }

    /// <param name="Domain">Null: the installation's own.</param>
    /// <param name="IsElsewhere">Whether the host is neither a domain of the account nor the installation.</param>
    private readonly record struct Home(string? Domain, bool IsElsewhere)
    {
        public static Home Here => default;
    }
}

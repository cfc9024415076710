using System.Collections.Frozen;
using System.Data.Common;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Primitives;
using Spoo.Data.Database;

namespace Spoo.Data.Links.Domains;

/// <summary>What the redirect has to know of a domain whose links lead on.</summary>
public sealed record KnownDomain(long Id, string Host)
{
    /// <summary>Null: every account may put links on it.</summary>
    public string? OwnerId { get; init; }

    public string? HomeUrl { get; init; }

    public string? NotFoundUrl { get; init; }

    public string? EndedUrl { get; init; }

    public string? RobotsText { get; init; }

    /// <summary>What proves that it is its owner's. Null: an administrator's word was enough.</summary>
    public string? Token { get; init; }

    /// <summary>Whether capital and small letters of codes do not differ on it.</summary>
    public bool IgnoresCase { get; init; }
}

/// <summary>
/// Host → active domain, from memory, for whatever is asked of this server. A change on this node counts at once
/// (<see cref="ReloadAsync"/>); one on another node within <see cref="OtherNodes.Delay"/>.
/// </summary>
public sealed class KnownDomains(IDbContextFactory<SpooDbContext> contexts, ShorteningOptions options)
{
    private volatile Table _table = Table.Empty;
    private volatile bool _isLoaded;
    private long _changes;
    private ConfigurationReloadToken _nextChange = new();

    /// <summary>Whether there is any beside the installation's own.</summary>
    public bool HasSome => _table.ByHost.Count > 0;

    /// <summary>Whether it is known which there are, from the database or from an earlier process.</summary>
    public bool IsLoaded => _isLoaded;

    public IReadOnlyCollection<KnownDomain> All => _table.ByHost.Values;

    /// <summary>A number that changes whenever the domains do.</summary>
    public long Changes => Interlocked.Read(ref _changes);

    /// <summary>Fires when the domains change, and then another one does.</summary>
    public IChangeToken ChangeToken => _nextChange;

    /// <summary>The active domain with this host, its port and the dot at its end left aside. Null: there is none.</summary>
    /// <param name="host">As the header of a request has it.</param>
    public KnownDomain? Find(string? host)
    {
        var table = _table;
        if (host is null || table.ByHost.Count == 0)
        {
            return null;
        }

        var name = host.AsSpan();
        if (name.IndexOf(':') is var colon && colon >= 0)
        {
            name = name[..colon];
        }

        return table.BySpan.TryGetValue(name.TrimEnd('.'), out var domain) ? domain : null;
    }

    /// <summary>The key of the active domain with this host. Null: there is none.</summary>
    /// <param name="host">Null: the installation's own.</param>
    public long? IdOf(string? host) => host is null ? Domain.Default : Find(host)?.Id;

    /// <summary>Whether capital and small letters of codes do not differ on the domain with this key.</summary>
    public bool IgnoresCase(long domainId) => domainId == Domain.Default ? options.IgnoreCase : _table.IgnoringCase.Contains(domainId);

    /// <summary>Takes over what an earlier process knew, unless more is known already.</summary>
    public void Recall(IEnumerable<KnownDomain> domains)
    {
        if (!_isLoaded)
        {
            Set(domains);
        }
    }

    /// <summary>Takes over what the database says.</summary>
    /// <exception cref="DbException">The database does not answer.</exception>
    public async Task ReloadAsync(CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateToAnswerAsync(cancellationToken);
        Set(await context.Domains.AsNoTracking().Where(domain => domain.State == DomainState.Active)
            .Select(domain => new KnownDomain(domain.Id, domain.Host)
            {
                OwnerId = domain.OwnerId,
                HomeUrl = domain.HomeUrl,
                NotFoundUrl = domain.NotFoundUrl,
                EndedUrl = domain.EndedUrl,
                RobotsText = domain.RobotsText,
                Token = domain.Token,
                IgnoresCase = domain.IgnoresCase,
            })
            .ToListAsync(cancellationToken));
    }

    /// <summary>Before the first answer of the database, waits for one.</summary>
    /// <exception cref="DbException">The database does not answer.</exception>
    public Task EnsureLoadedAsync(CancellationToken cancellationToken) => _isLoaded ? Task.CompletedTask : ReloadAsync(cancellationToken);

    private void Set(IEnumerable<KnownDomain> domains)
    {
        var byHost = domains.ToFrozenDictionary(domain => domain.Host, StringComparer.OrdinalIgnoreCase);
        if (byHost.Count != _table.ByHost.Count || byHost.Values.Any(domain => !_table.ByHost.TryGetValue(domain.Host, out var known) || known != domain))
        {
            _table = new Table(byHost);
            Interlocked.Increment(ref _changes);
            Interlocked.Exchange(ref _nextChange, new()).OnReload();
        }

        _isLoaded = true;
    }

    private sealed class Table(FrozenDictionary<string, KnownDomain> byHost)
    {
        public static Table Empty { get; } = new(FrozenDictionary.ToFrozenDictionary<string, KnownDomain>([], StringComparer.OrdinalIgnoreCase));

        public FrozenDictionary<string, KnownDomain> ByHost { get; } = byHost;

        public FrozenSet<long> IgnoringCase { get; } = byHost.Values.Where(domain => domain.IgnoresCase).Select(domain => domain.Id).ToFrozenSet();

        public FrozenDictionary<string, KnownDomain>.AlternateLookup<ReadOnlySpan<char>> BySpan { get; } = byHost.GetAlternateLookup<ReadOnlySpan<char>>();
    }
}

/// <summary>Keeps <see cref="KnownDomains"/> up with what other nodes and commands change.</summary>
public sealed class KnownDomainRounds(KnownDomains domains, TimeProvider clock, ILogger<KnownDomainRounds> logger) : Rounds(clock, logger)
{
    // Before the first visitor, if the database answers.
    protected override TimeSpan FirstPause => TimeSpan.Zero;

    protected override TimeSpan PauseAfterFailure => OtherNodes.PauseAfterFailure;

    protected override async Task<TimeSpan> RoundAsync(CancellationToken cancellationToken)
    {
        await domains.ReloadAsync(cancellationToken);
        return OtherNodes.Delay;
    }
}

using Microsoft.EntityFrameworkCore;
using Spoo.Data.Accounts;
using Spoo.Data.Database;
using Spoo.Data.Links.Codes;
using Spoo.Data.Links.Domains;

namespace Spoo.Data.Links.Missed;

/// <summary>A code that is not there, as the list of them shows it.</summary>
/// <param name="Host">Null: the installation's own domain.</param>
public sealed record MissedName(string? Host, string Code, long Times, DateTimeOffset FirstAt, DateTimeOffset LastAt)
{
    public string Name => new LinkName(Host, Code).ToString();
}

/// <summary>
/// Codes that people asked for and that are not there, by how often, so that a word that was printed wrongly can be rescued. Counted in memory
/// and written down in rounds: no request waits for the database because of it, and no stranger makes it grow.
/// </summary>
public sealed class MissedCodes(IDbContextFactory<SpooDbContext> contexts, Administrators administrators, ShorteningOptions options, TimeProvider clock)
{
    /// <summary>Codes that are kept of one domain: those that were asked for most often.</summary>
    public const int MostOfDomain = 1000;

    /// <summary>As a parameter list of every database takes it.</summary>
    private const int AtOnce = 500;

    private readonly MissedCounts _counts = new(MostOfDomain);
    private readonly Lock _order = new();
    private Task _writing = Task.CompletedTask;

    /// <summary>A person has asked for a code that a domain does not have.</summary>
    /// <param name="code">What no link may be called here is not counted, as nothing could be done about it.</param>
    public void Count(long domainId, string code, DateTimeOffset at)
    {
        if (options.MissedDays > 0 && AliasRules.ProblemOf(code, options) is null)
        {
            _counts.Add(domainId, code, at);
        }
    }

    /// <summary>Whether there is a domain whose missed codes this viewer may see.</summary>
    /// <exception cref="System.Data.Common.DbException">The database does not answer.</exception>
    public async Task<bool> MaySeeAnyAsync(Viewer viewer, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateToAnswerAsync(cancellationToken);
        return options.MissedDays > 0 && (await HostsAsync(context, viewer, cancellationToken)).Count > 0;
    }

    /// <summary>A page of what was asked for on the domains that the viewer looks after, the most wanted first, and how many there are on all pages together.</summary>
    /// <param name="host">Only on this domain; empty is the installation's own. Null: on all.</param>
    /// <returns>Null: the viewer looks after no such domain.</returns>
    /// <exception cref="System.Data.Common.DbException">The database does not answer.</exception>
    public async Task<(IReadOnlyList<MissedName> Codes, int Total)?> ListAsync(Viewer viewer, string? host, int skip, int take, CancellationToken cancellationToken)
    {
        // What was asked for a moment ago is of interest to who has just tried it.
        await WriteAsync(cancellationToken);
        await using var context = await contexts.CreateToAnswerAsync(cancellationToken);
        var hosts = await HostsAsync(context, viewer, cancellationToken);
        var ids = hosts.Where(domain => host is null || (domain.Value ?? "") == host).Select(domain => domain.Key).ToList();
        if (ids.Count == 0 && host is not null)
        {
            return null;
        }

        var missed = context.MissedCodes.AsNoTracking()
            .Where(row => ids.Contains(row.DomainId) && !context.Links.Any(link => link.DomainId == row.DomainId && link.ShortCode == row.Code));
        var rows = await missed.OrderByDescending(row => row.Times).ThenByDescending(row => row.LastAt).ThenBy(row => row.Code)
            .Skip(skip).Take(take).ToListAsync(cancellationToken);
        return (
            [.. rows.Select(row => new MissedName(hosts[row.DomainId], row.Code, row.Times, row.FirstAt, row.LastAt))],
            await missed.CountAsync(cancellationToken));
    }

    /// <summary>Writes down what was counted since the last time, one writer after the other.</summary>
    /// <exception cref="System.Data.Common.DbException">The database does not answer; what was counted is written the next time.</exception>
    public Task WriteAsync(CancellationToken cancellationToken)
    {
        lock (_order)
        {
            return _writing = WriteAfterAsync(_writing, cancellationToken);
        }
    }

    private async Task WriteAfterAsync(Task earlier, CancellationToken cancellationToken)
    {
        await earlier.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        var left = _counts.Take().ToDictionary(domain => domain.Key, domain => domain.Value);
        try
        {
            foreach (var (domainId, codes) in left.ToList())
            {
                try
                {
                    await WriteAsync(domainId, codes, cancellationToken);
                }
                catch (DbUpdateException)
                {
                    // Another node has written the same code for the first time; now it is there for both.
                    await WriteAsync(domainId, codes, cancellationToken);
                }

                left.Remove(domainId);
            }
        }
        finally
        {
            foreach (var (domainId, codes) in left)
            {
                _counts.PutBack(domainId, codes);
            }
        }
    }

    /// <summary>Removes what has not been asked for lately, what lies on domains that are gone, and what has become a link.</summary>
    /// <exception cref="System.Data.Common.DbException">The database does not answer.</exception>
    public async Task<int> ClearUpAsync(CancellationToken cancellationToken)
    {
        var oldest = clock.GetUtcNow().AddDays(-options.MissedDays);
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        return await context.MissedCodes
            .Where(row => row.LastAt < oldest
                || (row.DomainId != Domain.Default && !context.Domains.Any(domain => domain.Id == row.DomainId))
                || context.Links.Any(link => link.DomainId == row.DomainId && link.ShortCode == row.Code))
            .ExecuteDeleteAsync(cancellationToken);
    }

    private async Task WriteAsync(long domainId, Dictionary<string, MissedCounts.Missed> codes, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        await context.InTransactionAsync(
            async _ =>
            {
                context.ChangeTracker.Clear();
                await WriteAsync(context, domainId, codes, cancellationToken);
                return true;
            },
            cancellationToken);
    }

    private static async Task WriteAsync(SpooDbContext context, long domainId, Dictionary<string, MissedCounts.Missed> codes, CancellationToken cancellationToken)
    {
        // Deleted meanwhile with all that was on it.
        if (domainId != Domain.Default && !await context.Domains.AnyAsync(domain => domain.Id == domainId, cancellationToken))
        {
            return;
        }

        foreach (var names in codes.Keys.Chunk(AtOnce))
        {
            var known = await context.MissedCodes.Where(row => row.DomainId == domainId && names.Contains(row.Code)).ToDictionaryAsync(row => row.Code, StringComparer.Ordinal, cancellationToken);
            foreach (var name in names)
            {
                var missed = codes[name];
                if (known.TryGetValue(name, out var row))
                {
                    (row.Times, row.LastAt) = (row.Times + missed.Times, missed.LastAt > row.LastAt ? missed.LastAt : row.LastAt);
                }
                else
                {
                    context.MissedCodes.Add(new MissedCode { DomainId = domainId, Code = name, Times = missed.Times, FirstAt = missed.FirstAt, LastAt = missed.LastAt });
                }
            }
        }

        await context.SaveChangesAsync(cancellationToken);
        if (await context.MissedCodes.CountAsync(row => row.DomainId == domainId, cancellationToken) > MostOfDomain)
        {
            // Those that stay were asked for more often, or as often and later.
            var stay = await context.MissedCodes.AsNoTracking().Where(row => row.DomainId == domainId)
                .OrderByDescending(row => row.Times).ThenByDescending(row => row.LastAt).Take(MostOfDomain).Select(row => row.Code).ToListAsync(cancellationToken);
            var kept = stay.ToHashSet(StringComparer.Ordinal);
            var all = await context.MissedCodes.AsNoTracking().Where(row => row.DomainId == domainId).Select(row => row.Code).ToListAsync(cancellationToken);
            foreach (var go in all.Where(code => !kept.Contains(code)).Chunk(AtOnce))
            {
                await context.MissedCodes.Where(row => row.DomainId == domainId && go.Contains(row.Code)).ExecuteDeleteAsync(cancellationToken);
            }
        }
    }

    /// <summary>Key and host of the domains that the viewer looks after: their own, and for an administrator those of everybody.</summary>
    private async Task<Dictionary<long, string?>> HostsAsync(SpooDbContext context, Viewer viewer, CancellationToken cancellationToken)
    {
        if (viewer.UserId is null || !viewer.May(ApiKeyScope.UrlsRead, ApiKeyScope.UrlsManage))
        {
            return [];
        }

        // A key that is not for everything does not look after the server.
        var isAdministrator = viewer.May() && await administrators.HasAsync(viewer.UserId, cancellationToken);
        var hosts = await context.Domains.AsNoTracking()
            .Where(domain => domain.State == DomainState.Active && (domain.OwnerId == viewer.UserId || (domain.OwnerId == null && isAdministrator)))
            .ToDictionaryAsync(domain => domain.Id, domain => (string?)domain.Host, cancellationToken);
        if (isAdministrator)
        {
            hosts[Domain.Default] = null;
        }

        return hosts;
    }
}

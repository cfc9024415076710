using System.Runtime.CompilerServices;
using Microsoft.EntityFrameworkCore;
using Spoo.Data.Accounts;
using Spoo.Data.Database;

namespace Spoo.Data.Care;

/// <summary>An act as administrators read it.</summary>
/// <param name="Actor">The e-mail address of who did it. Null: a command on the server, or an account that is gone.</param>
/// <param name="ActorId">Null: a command on the server.</param>
/// <param name="Subject">The e-mail address of an account, the code of a link, or the name of a host or a setting; where it is gone, its id.</param>
public sealed record AuditLine(long Id, DateTimeOffset At, string? ActorId, string? Actor, AuditAct Act, string? Subject, string? Detail);

/// <summary>Which acts. Null everywhere: all.</summary>
public sealed record AuditSelection
{
    /// <summary>Part of who did it, of what it was done to, or of what was said about it.</summary>
    public string? Search { get; init; }

    public AuditAct? Act { get; init; }

    public int Skip { get; init; }

    public int Take { get; init; } = 20;
}

/// <summary>What administrators did, the newest first, with names for the ids.</summary>
public sealed class AuditTrail(IDbContextFactory<SpooDbContext> contexts)
{
    private const int AtOnce = 500;

    /// <exception cref="System.Data.Common.DbException">The database does not answer.</exception>
    public async Task<(IReadOnlyList<AuditLine> Lines, int Total)> SelectAsync(AuditSelection selection, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateToAnswerAsync(cancellationToken);
        var entries = Selected(context, selection);
        return (
            await Named(context, entries.OrderByDescending(entry => entry.Id).Skip(selection.Skip).Take(selection.Take)).ToListAsync(cancellationToken),
            await entries.CountAsync(cancellationToken));
    }

    /// <summary>All of a selection, the newest first, some hundreds at a time from the database.</summary>
    public async IAsyncEnumerable<AuditLine> AllAsync(AuditSelection selection, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        for (var before = long.MaxValue; ;)
        {
            await using var context = await contexts.CreateDbContextAsync(cancellationToken);
            var lines = await Named(context, Selected(context, selection).Where(entry => entry.Id < before).OrderByDescending(entry => entry.Id).Take(AtOnce))
                .ToListAsync(cancellationToken);
            foreach (var line in lines)
            {
                yield return line;
            }

            if (lines.Count < AtOnce)
            {
                yield break;
            }

            before = lines[^1].Id;
        }
    }

    /// <summary>When this was last done. Null: never.</summary>
    /// <exception cref="System.Data.Common.DbException">The database does not answer.</exception>
    public async Task<(DateTimeOffset At, string? Detail)?> LastAsync(AuditAct act, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateToAnswerAsync(cancellationToken);
        var last = await context.AuditEntries.AsNoTracking().Where(entry => entry.Act == act).OrderByDescending(entry => entry.Id).FirstOrDefaultAsync(cancellationToken);
        return last is null ? null : (last.At, last.Detail);
    }

    private static IQueryable<AuditLine> Named(SpooDbContext context, IQueryable<AuditEntry> entries) => entries.Select(entry => new AuditLine(
        entry.Id,
        entry.At,
        entry.ActorId,
        context.Users.Where(user => user.Id == entry.ActorId).Select(user => user.Email).FirstOrDefault(),
        entry.Act,
        context.Users.Where(user => user.Id == entry.Subject).Select(user => user.Email).FirstOrDefault()
            ?? context.Links.Where(link => link.PublicId == entry.Subject).Select(link => link.DomainHost == null ? link.ShortCode : link.DomainHost + "/" + link.ShortCode).FirstOrDefault()
            ?? entry.Subject,
        entry.Detail));

    private static IQueryable<AuditEntry> Selected(SpooDbContext context, AuditSelection selection)
    {
        IQueryable<AuditEntry> entries = context.AuditEntries.AsNoTracking();
        if (selection.Act is { } act)
        {
            entries = entries.Where(entry => entry.Act == act);
        }

        if (!string.IsNullOrWhiteSpace(selection.Search))
        {
            var part = new TextPart(selection.Search.Trim());
            entries = entries.Where(entry =>
                context.Users.Any(user => (user.Id == entry.ActorId || user.Id == entry.Subject) && SpooDbContext.Has(user.Email, part.Pattern, part.Capitals, part.Smalls))
                || context.Links.Any(link => link.PublicId == entry.Subject && SpooDbContext.Has(link.ShortCode, part.Pattern, part.Capitals, part.Smalls))
                || SpooDbContext.Has(entry.Subject, part.Pattern, part.Capitals, part.Smalls)
                || SpooDbContext.Has(entry.Detail, part.Pattern, part.Capitals, part.Smalls));
        }

        return entries;
    }
}

using Microsoft.EntityFrameworkCore;
using Spoo.Data.Accounts;
using Spoo.Data.Database;
using Spoo.Data.Links.Codes;
using Spoo.Data.Links.Domains;

namespace Spoo.Data.Links.Blocks;

/// <summary>One link of a report.</summary>
/// <param name="Name">Null: what was said names no link of ours.</param>
public sealed record LinkToReport(LinkName? Name, ReportReason Reason, string? Details, ReportVector? Vector);

/// <summary>Why a reported link was not taken.</summary>
public enum ReportFault
{
    InvalidInput,
    DuplicateInBatch,
    NotFound,
}

/// <summary>A report as administrators read it.</summary>
public sealed record ReadReport(
    long Id,
    string Name,
    string LongUrl,
    LinkStatus Status,
    ReportReason Reason,
    ReportVector? Vector,
    string? Details,
    string? ReporterEmail,
    string? ReporterOrganisation,
    DateTimeOffset CreatedAt,
    int Count);

/// <summary>What visitors say about where links lead.</summary>
public sealed class LinkReports(IDbContextFactory<SpooDbContext> contexts, LinkLookup lookup, KnownDomains domains, AuditLog audit, TimeProvider clock)
{
    /// <summary>How many links one report may name, without an account and with one.</summary>
    public const int MostOfStrangers = 25;
    public const int MostOfAccounts = 100;

    /// <summary>Of more open reports of a link only the number is kept, so that strangers fill no disk.</summary>
    private const int MostKept = 20;

    /// <summary>Takes what can be taken.</summary>
    /// <returns>The number of the whole report, and what became of each link: null where it was taken.</returns>
    /// <exception cref="System.Data.Common.DbException">The database does not answer.</exception>
    public async Task<(string SubmissionId, IReadOnlyList<ReportFault?> Faults)> SubmitAsync(
        IReadOnlyList<LinkToReport> links, string? email, string? organisation, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var submission = PublicId.New(now);
        var faults = new List<ReportFault?>();
        var seen = new HashSet<LinkName>();
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        foreach (var link in links)
        {
            faults.Add(link.Name is not { } name ? ReportFault.InvalidInput
                : !seen.Add(name) ? ReportFault.DuplicateInBatch
                : domains.IdOf(name.Host) is not { } domainId || await lookup.FindAsync(domainId, name.Code, now) is not { } known ? ReportFault.NotFound
                : await AddAsync(known.Id, link));
        }

        return (submission, faults);

        async Task<ReportFault?> AddAsync(long linkId, LinkToReport link)
        {
            var open = context.LinkReports.Where(report => report.LinkId == linkId && report.State == ReportState.Open);
            if (await open.CountAsync(cancellationToken) < MostKept)
            {
                context.LinkReports.Add(new LinkReport
                {
                    SubmissionId = submission,
                    LinkId = linkId,
                    Reason = link.Reason,
                    Details = Text(link.Details),
                    Vector = link.Vector,
                    ReporterEmail = Text(email),
                    ReporterOrganisation = Text(organisation),
                    CreatedAt = now,
                });
                await context.SaveChangesAsync(cancellationToken);
            }
            else
            {
                var last = await open.MaxAsync(report => report.Id, cancellationToken);
                await context.LinkReports.Where(report => report.Id == last)
                    .ExecuteUpdateAsync(set => set.SetProperty(report => report.Count, report => report.Count + 1), cancellationToken);
            }

            return null;
        }
    }

    /// <summary>Open reports, the newest first, and how many there are.</summary>
    /// <exception cref="System.Data.Common.DbException">The database does not answer.</exception>
    public async Task<(IReadOnlyList<ReadReport> Reports, int Total)> OpenAsync(string? name, int skip, int take, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateToAnswerAsync(cancellationToken);
        var links = name is null ? context.Links : context.Links.Called(name, domains);
        var open = from report in context.LinkReports
                   join link in links on report.LinkId equals link.Id
                   where report.State == ReportState.Open
                   orderby report.Id descending
                   select new ReadReport(
                       report.Id,
                       new LinkName(link.DomainHost, link.ShortCode).ToString(),
                       link.LongUrl,
                       link.Status,
                       report.Reason,
                       report.Vector,
                       report.Details,
                       report.ReporterEmail,
                       report.ReporterOrganisation,
                       report.CreatedAt,
                       report.Count);
        return (await open.Skip(skip).Take(take).ToListAsync(cancellationToken), await open.CountAsync(cancellationToken));
    }

    /// <summary>Nothing is wrong with the link: its open reports are closed.</summary>
    /// <param name="actorId">Null: a command on the server.</param>
    public async Task DismissAsync(string name, string? actorId, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        if (await context.Links.Called(name, domains).Select(link => new { link.Id, link.PublicId }).FirstOrDefaultAsync(cancellationToken) is { } link
            && await CloseAsync(context, link.Id, ReportState.Dismissed, cancellationToken) > 0)
        {
            await audit.RecordAsync(actorId, AuditAct.ReportsClosed, link.PublicId, null, cancellationToken);
        }
    }

    internal static Task<int> CloseAsync(SpooDbContext context, long linkId, ReportState state, CancellationToken cancellationToken) =>
        context.LinkReports.Where(report => report.LinkId == linkId && report.State == ReportState.Open).ExecuteUpdateAsync(
            set => set.SetProperty(report => report.State, state)
                .SetProperty(report => report.ReporterEmail, (string?)null)
                .SetProperty(report => report.ReporterOrganisation, (string?)null),
            cancellationToken);

    private static string? Text(string? text) => string.IsNullOrWhiteSpace(text) ? null : text.Trim();
}

using System.Runtime.CompilerServices;
using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Spoo.Data.Accounts;
using Spoo.Data.Alerts;
using Spoo.Data.Clicks.Facts;
using Spoo.Data.Database;
using Spoo.Data.Links;
using Spoo.Data.Links.Domains;
using Spoo.Data.Links.Missed;
using Spoo.Data.Transfer.Imports;

namespace Spoo.Data.Care;

/// <summary>Records of an account, of one kind.</summary>
/// <param name="File">What the file with them is called.</param>
public sealed record AccountRecord(string File, object Content);

/// <summary>
/// What is kept of an account beside its links, clicks, keys, templates and webhooks, for its owner to take along. Secrets and what only is a
/// proof of one (hashes, the key of the second factor) are left out: they open the account, and say nothing about it.
/// </summary>
public sealed class AccountRecords(IDbContextFactory<SpooDbContext> contexts)
{
    /// <summary>Whose tokens are layouts of pages that programs keep.</summary>
    public const string LayoutProvider = "layouts";

    /// <exception cref="System.Data.Common.DbException">The database does not answer.</exception>
    public async Task<IReadOnlyList<AccountRecord>> ReadAsync(string userId, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        var domains = await context.Domains.AsNoTracking().Where(domain => domain.OwnerId == userId).OrderBy(domain => domain.Id).ToListAsync(cancellationToken);
        var ids = domains.ConvertAll(domain => domain.Id);
        var missed = (await context.MissedCodes.AsNoTracking().Where(code => ids.Contains(code.DomainId)).OrderByDescending(code => code.Times).ToListAsync(cancellationToken))
            .ToLookup(code => code.DomainId);
        return
        [
            new("domains.json", domains.ConvertAll(domain => Fields(domain, missed[domain.Id]))),
            new("alerts.json", await AlertsAsync(context, userId, cancellationToken)),
            new("views.json", await ViewsAsync(context, userId, cancellationToken)),
            new("imports.json", await ImportsAsync(context, userId, cancellationToken)),
            new("security.json", await SecurityAsync(context, userId, cancellationToken)),
            new("other.json", await OthersAsync(context, userId, cancellationToken)),
        ];
    }

    /// <summary>Clicks of which the account's imports have told only how many they were, link by link.</summary>
    /// <exception cref="System.Data.Common.DbException">The database does not answer.</exception>
    public async IAsyncEnumerable<object> TotalsAsync(string userId, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        var totals =
            from total in context.Set<ImportedTotal>()
            join link in context.Links on total.LinkId equals link.Id
            where link.OwnerId == userId
            orderby link.Id, total.ImportId, total.Day
            select new { Link = link.PublicId, Import = total.ImportId, total.Day, total.Clicks, total.Counted, total.Until };
        await foreach (var total in totals.AsAsyncEnumerable().WithCancellation(cancellationToken))
        {
            var day = total.Day == ImportedTotal.NoDay ? (DateOnly?)null : DateOnly.FromDayNumber(total.Day);
            yield return new { total.Link, total.Import, Day = day, total.Clicks, total.Counted, total.Until };
        }
    }

    private static object Fields(Domain domain, IEnumerable<MissedCode> missed) => new
    {
        Id = domain.PublicId,
        domain.Host,
        State = domain.State.ToString(),
        domain.Token,
        domain.HomeUrl,
        domain.NotFoundUrl,
        domain.EndedUrl,
        domain.IgnoresCase,
        domain.RobotsText,
        domain.CreatedAt,
        domain.UpdatedAt,
        domain.VerifiedAt,
        domain.RevokedAt,
        domain.Fault,
        MissedCodes = missed.Select(code => new { code.Code, code.Times, code.FirstAt, code.LastAt }),
    };

    private static async Task<object> AlertsAsync(SpooDbContext context, string userId, CancellationToken cancellationToken)
    {
        var rules = await context.AlertRules.AsNoTracking().Where(rule => rule.OwnerId == userId).OrderBy(rule => rule.CreatedAt).ToListAsync(cancellationToken);
        var ids = rules.ConvertAll(rule => rule.Id);
        var checks = (await context.AlertChecks.AsNoTracking().Where(check => ids.Contains(check.RuleId)).ToListAsync(cancellationToken)).ToLookup(check => check.RuleId);
        var alerts = await context.Alerts.AsNoTracking().Where(alert => alert.OwnerId == userId).OrderBy(alert => alert.At).ToListAsync(cancellationToken);
        return new
        {
            Rules = rules.ConvertAll(rule => new
            {
                rule.Id,
                Kind = AlertKindFacts.Of(rule.Kind).Name,
                rule.LinkId,
                rule.Tag,
                rule.DomainHost,
                rule.Threshold,
                rule.Minimum,
                rule.ByMail,
                rule.ByWebhook,
                rule.CreatedAt,
                Checks = checks[rule.Id].Select(check => new { check.SubjectId, check.CheckedAt, check.Failures, check.FailingSince }),
            }),
            Alerts = alerts.ConvertAll(alert => new
            {
                alert.Id,
                alert.RuleId,
                Kind = AlertKindFacts.Of(alert.Kind).Name,
                alert.At,
                alert.LinkId,
                alert.Subject,
                alert.Value,
                alert.Usual,
                alert.Detail,
                Message = AlertMessages.Of(alert).ToString(),
                alert.SeenAt,
                alert.MailedAt,
            }),
        };
    }

    private static async Task<object> ViewsAsync(SpooDbContext context, string userId, CancellationToken cancellationToken) => new
    {
        Views = await context.SavedViews.Where(view => view.OwnerId == userId).OrderBy(view => view.CreatedAt)
            .Select(view => new { view.Id, view.Name, view.Url, view.CreatedAt }).ToListAsync(cancellationToken),
        Mails = (await context.MailReports.AsNoTracking().Where(report => report.OwnerId == userId).OrderBy(report => report.CreatedAt).ToListAsync(cancellationToken))
            .ConvertAll(report => new { report.ViewId, Rhythm = report.Rhythm.ToString(), report.NextAt, report.LastSentAt, report.CreatedAt }),
    };

    private static async Task<object> ImportsAsync(SpooDbContext context, string userId, CancellationToken cancellationToken)
    {
        var runs = await context.ClickWriters.Where(writer => writer.OwnerId == userId).OrderBy(writer => writer.Id)
            .Select(writer => new { writer.Id, writer.ImportId, writer.Name, writer.CreatedAt, writer.FinishedAt }).ToListAsync(cancellationToken);
        var imports = await context.Set<ImportRecord>().AsNoTracking().Where(import => import.OwnerId == userId).OrderBy(import => import.Id).ToListAsync(cancellationToken);
        return new
        {
            Imports = imports.ConvertAll(import => new
            {
                import.Id,
                Kind = import.Kind.ToString(),
                State = import.State.ToString(),
                import.ByCommand,
                import.Name,
                import.Format,
                Choices = Json(import.Choices),
                import.FileHash,
                import.StartedAt,
                import.HeardAt,
                import.FinishedAt,
                import.Lines,
                import.Clicks,
                import.Totals,
                import.Links,
                import.AlreadyThere,
                import.Bad,
                Findings = Json(import.Findings),
            }),
            Runs = runs,
        };
    }

    private static async Task<object> SecurityAsync(SpooDbContext context, string userId, CancellationToken cancellationToken) => new
    {
        Sessions = await context.UserSessions.Where(session => session.UserId == userId).OrderBy(session => session.CreatedAt)
            .Select(session => new { session.Client, session.CreatedAt, session.LastSeenAt, session.PasswordAt }).ToListAsync(cancellationToken),
        Events = (await context.SecurityEvents.AsNoTracking().Where(happened => happened.UserId == userId).OrderBy(happened => happened.Id).ToListAsync(cancellationToken))
            .ConvertAll(happened => new { happened.At, Kind = happened.Kind.ToString(), happened.Client, happened.Detail }),
        SignIns = await context.UserLogins.Where(login => login.UserId == userId)
            .Select(login => new { login.LoginProvider, login.ProviderDisplayName, login.ProviderKey }).ToListAsync(cancellationToken),
        Passkeys = await context.Passkeys.Where(passkey => passkey.UserId == userId).OrderBy(passkey => passkey.CreatedAt)
            .Select(passkey => new { passkey.Name, passkey.CreatedAt, passkey.LastUsedAt }).ToListAsync(cancellationToken),
        Claims = await context.UserClaims.Where(claim => claim.UserId == userId).Select(claim => new { claim.ClaimType, claim.ClaimValue }).ToListAsync(cancellationToken),
        Roles = await (from mine in context.UserRoles join role in context.Roles on mine.RoleId equals role.Id where mine.UserId == userId select role.Name).ToListAsync(cancellationToken),
    };

    private static async Task<object> OthersAsync(SpooDbContext context, string userId, CancellationToken cancellationToken) => new
    {
        Limits = (await context.AccountQuotas.AsNoTracking().Where(quota => quota.UserId == userId).ToListAsync(cancellationToken))
            .ConvertAll(quota => new { Kind = Quotas.Name(quota.Kind), quota.Most }),
        Invitations = await context.Invitations.Where(invitation => invitation.CreatedById == userId).OrderBy(invitation => invitation.CreatedAt)
            .Select(invitation => new { invitation.Email, invitation.MakesAdministrator, invitation.CreatedAt, invitation.ExpiresAt, invitation.UsedAt }).ToListAsync(cancellationToken),
        Layouts = (await context.UserTokens.AsNoTracking().Where(token => token.UserId == userId && token.LoginProvider == LayoutProvider).ToListAsync(cancellationToken))
            .ConvertAll(layout => new { Page = layout.Name, Layout = Json(layout.Value) }),
    };

    private static JsonNode? Json(string? text) => string.IsNullOrEmpty(text) ? null : JsonNode.Parse(text);
}

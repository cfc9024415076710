using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Spoo.Data.Accounts;
using Spoo.Data.Database;

namespace Spoo.Data.Webhooks;

/// <summary>Puts down that a report by mail is done with, and in the same transaction, for webhooks, that it was sent.</summary>
public sealed class SentReports(IDbContextFactory<SpooDbContext> contexts, TimeProvider clock)
{
    /// <summary>A report that was due is done with, and the next one comes then.</summary>
    /// <param name="isSent">False: it had nothing to say.</param>
    /// <exception cref="System.Data.Common.DbException">The database does not answer.</exception>
    public async Task DoneAsync(MailReport due, DateTimeOffset nextAt, bool isSent, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        await context.InTransactionAsync(
            async _ =>
            {
                var now = clock.GetUtcNow();
                if (await MailReports.DoneAsync(context, due, nextAt, isSent ? now : due.LastSentAt, cancellationToken) == 0
                    || !isSent || await WebhookOutbox.OpenAsync(context, [due.OwnerId], now, cancellationToken) is not { } outbox)
                {
                    return false;
                }

                await outbox.AddAsync(Sent(due, nextAt), cancellationToken);
                await context.SaveChangesAsync(cancellationToken);
                return true;
            },
            cancellationToken);
    }

    private static WebhookEvent Sent(MailReport report, DateTimeOffset nextAt) => new(report.OwnerId, WebhookEvents.ReportSent, null, _ => new JsonObject
    {
        ["report"] = new JsonObject
        {
            ["id"] = report.Id,
            ["rhythm"] = report.Rhythm.ToString().ToLowerInvariant(),
            ["view_id"] = report.ViewId,
            ["due_at"] = WebhookBody.Text(report.NextAt),
            ["next_at"] = WebhookBody.Text(nextAt),
        },
    });
}

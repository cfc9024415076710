using Microsoft.AspNetCore.Identity;
using Spoo.Data;
using Spoo.Data.Accounts;
using Spoo.Data.Webhooks;

namespace Spoo.Web.Mail.Reports;

/// <summary>
/// Sends reports that are due. A node takes one for itself before it writes it, so that of several only one sends it; one that ends meanwhile is
/// followed by another a quarter of an hour later, and the mail's name makes two copies one.
/// </summary>
internal sealed class ReportRounds(IMailer mailer, MailReports reports, SentReports sent, IServiceScopeFactory scopes, TimeProvider clock, ILogger<ReportRounds> logger)
    : Rounds(clock, logger)
{
    private const int MostAtOnce = 50;

    private static readonly TimeSpan Pause = TimeSpan.FromMinutes(1);

    /// <summary>So long a node may take for one, and so long another waits before it tries again what failed.</summary>
    private static readonly TimeSpan Claim = TimeSpan.FromMinutes(15);

    protected override TimeSpan FirstPause => TimeSpan.FromSeconds(30);

    protected override async Task<TimeSpan> RoundAsync(CancellationToken cancellationToken)
    {
        if (!mailer.Delivers)
        {
            return TimeSpan.FromHours(1);
        }

        return await SendDueAsync(cancellationToken) == MostAtOnce ? TimeSpan.Zero : Pause;
    }

    /// <summary>Sends what is due and not another node's.</summary>
    /// <returns>How many were due.</returns>
    /// <exception cref="AggregateException">Some could not be written or sent; they are tried again later.</exception>
    internal async Task<int> SendDueAsync(CancellationToken cancellationToken)
    {
        var due = await reports.DueAsync(MostAtOnce, cancellationToken);
        var failures = new List<Exception>();
        foreach (var report in due)
        {
            if (await reports.TryClaimAsync(report, Claim, cancellationToken))
            {
                try
                {
                    await SendAsync(report, cancellationToken);
                }
                catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
                {
                    // One mail that cannot be written or sent does not keep the others waiting.
                    failures.Add(exception);
                }
            }
        }

        return failures.Count > 0 ? throw new AggregateException("reports could not be sent", failures) : due.Count;
    }

    private async Task SendAsync(MailReport report, CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        var user = await scope.ServiceProvider.GetRequiredService<UserManager<SpooUser>>().FindByIdAsync(report.OwnerId);
        if (user is null)
        {
            return;
        }

        var zone = ReportLetters.ZoneOf(user);
        var due = ReportSchedule.LastUpTo(Clock.GetUtcNow(), report.Rhythm, zone, report.NextAt);
        var next = ReportSchedule.NextAfter(report.Rhythm, zone, due);
        if (user is not { EmailConfirmed: true, Email: not null, DisabledAt: null })
        {
            await sent.DoneAsync(report, next, isSent: false, cancellationToken);
            return;
        }

        ReportLetters.Speak(user);
        var letter = await scope.ServiceProvider.GetRequiredService<ReportLetters>().WriteAsync(user, report, due, "", cancellationToken);
        if (letter is null)
        {
            await reports.RemoveAsync(report.OwnerId, report.Id, cancellationToken);
            return;
        }

        // Where nothing happened, neither now nor before, there is nothing to say.
        var isSent = letter.Report.Summary.TotalClicks > 0 || letter.Report.Comparison!.Summary.TotalClicks > 0;
        if (isSent)
        {
            await mailer.SendAsync(ReportLetters.MailOf(letter, user, report, due), cancellationToken);
        }

        await sent.DoneAsync(report, next, isSent, CancellationToken.None);
    }
}

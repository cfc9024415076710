using Microsoft.AspNetCore.Identity;
using Spoo.Data.Accounts;
using Spoo.Data.Webhooks;

namespace Spoo.Web.Mail.Reports;

/// <summary>Sends reports that are due.</summary>
internal sealed class ReportRounds(IMailer mailer, MailReports reports, SentReports sent, IServiceScopeFactory scopes, TimeProvider clock, ILogger<ReportRounds> logger)
    : DueMailRounds<MailReport, MailReport>(mailer, TimeSpan.FromMinutes(1), clock, logger)
{
    private readonly IMailer _mailer = mailer;

    protected override Task<IReadOnlyList<MailReport>> DueAsync(int most, CancellationToken cancellationToken) => reports.DueAsync(most, cancellationToken);

    protected override async Task<MailReport?> TakeAsync(MailReport due, CancellationToken cancellationToken) =>
        await reports.TryClaimAsync(due, HeldFor, cancellationToken) ? due : null;

    protected override async Task SendAsync(MailReport mail, CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        var user = await scope.ServiceProvider.GetRequiredService<UserManager<SpooUser>>().FindByIdAsync(mail.OwnerId);
        if (user is null)
        {
            return;
        }

        var zone = ReportLetters.ZoneOf(user);
        var due = ReportSchedule.LastUpTo(Clock.GetUtcNow(), mail.Rhythm, zone, mail.NextAt);
        var next = ReportSchedule.NextAfter(mail.Rhythm, zone, due);
        if (user is not { EmailConfirmed: true, Email: not null, DisabledAt: null })
        {
            await sent.DoneAsync(mail, next, isSent: false, cancellationToken);
            return;
        }

        ReportLetters.Speak(user);
        var letter = await scope.ServiceProvider.GetRequiredService<ReportLetters>().WriteAsync(user, mail, due, "", cancellationToken);
        if (letter is null)
        {
            await reports.RemoveAsync(mail.OwnerId, mail.Id, cancellationToken);
            return;
        }

        // Where nothing happened, neither now nor before, there is nothing to say.
        var isSent = letter.Report.Summary.TotalClicks > 0 || letter.Report.Comparison!.Summary.TotalClicks > 0;
        if (isSent)
        {
            await _mailer.SendAsync(ReportLetters.MailOf(letter, user, mail, due), cancellationToken);
        }

        await sent.DoneAsync(mail, next, isSent, CancellationToken.None);
    }
}

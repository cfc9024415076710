using Microsoft.AspNetCore.Identity;
using Spoo.Data.Accounts;
using Spoo.Data.Alerts;
using Spoo.Data.Links;
using Spoo.Data.Stats.Question;
using Spoo.Web.Addresses;
using Spoo.Web.Mail.Reports;
using Spoo.Web.Words;
using static Spoo.Web.Words.Texts;

namespace Spoo.Web.Mail.Alerts;

/// <summary>Sends the mails of alerts, one for all that a rule has found at once.</summary>
internal sealed class AlertMailRounds(
    IMailer mailer, RaisedAlerts alerts, MailStops stops, ShorteningOptions links, IServiceScopeFactory scopes, TimeProvider clock, ILogger<AlertMailRounds> logger)
    : DueMailRounds<string, AlertMail>(mailer, TimeSpan.FromSeconds(20), clock, logger)
{
    /// <summary>More are on the page.</summary>
    private const int MostLines = 20;

    private readonly IMailer _mailer = mailer;

    protected override Task<IReadOnlyList<string>> DueAsync(int most, CancellationToken cancellationToken) => alerts.DueMailsAsync(most, cancellationToken);

    protected override Task<AlertMail?> TakeAsync(string due, CancellationToken cancellationToken) => alerts.TakeMailAsync(due, HeldFor, cancellationToken);

    protected override async Task SendAsync(AlertMail mail, CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        var user = await scope.ServiceProvider.GetRequiredService<UserManager<SpooUser>>().FindByIdAsync(mail.OwnerId);
        var isSent = user is { EmailConfirmed: true, Email: not null, DisabledAt: null };
        if (isSent)
        {
            ReportLetters.Speak(user!);
            await _mailer.SendAsync(MailOf(mail, user!), cancellationToken);
        }

        await alerts.DoneAsync(mail, isSent, CancellationToken.None);
    }

    private Mail MailOf(AlertMail mail, SpooUser user)
    {
        var first = mail.Alerts[0];
        var title = AlertWords.Of(first.Kind);
        var zone = TimeZones.Resolve(user.TimeZone);
        var stop = Absolute(stops.PathOfAlerts(mail.RuleId));
        List<string> lines = [.. mail.Alerts.Take(MostLines).Select(alert => $"{DateFormats.Moment(TimeZoneInfo.ConvertTime(alert.At, zone))}\n{AlertWords.Of(alert)}")];
        if (mail.Alerts.Count > MostLines)
        {
            lines.Add(T("and {0:N0} more", mail.Alerts.Count - MostLines));
        }

        return new Mail(
            user.Email!,
            mail.Alerts.Count > 1 ? $"{title} ({Numbers.Long(mail.Alerts.Count)})" : first.Subject is { } about && first.Kind != AlertKind.Quota ? $"{title}: {about}" : title,
            string.Join("\n\n", lines)
                + $"\n\n{T("Alerts")}: {Absolute(SpooUrls.Alerts)}\n{T("Stop these mails")}: {stop}\n")
        {
            StopUrl = MailStops.AtOnce(stop),
            Name = "alert-" + mail.Id,
        };

        string Absolute(string path) => SpooUrls.Absolute("", links, path);
    }
}

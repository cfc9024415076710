using Microsoft.AspNetCore.Identity;
using Spoo.Data;
using Spoo.Data.Accounts;
using Spoo.Data.Alerts;
using Spoo.Data.Links;
using Spoo.Data.Stats.Question;
using Spoo.Web.Addresses;
using Spoo.Web.Mail.Reports;
using Spoo.Web.Words;
using static Spoo.Web.Words.Texts;

namespace Spoo.Web.Mail.Alerts;

/// <summary>Sends the mails of alerts, one for all that a rule has found at once. As with reports, of several nodes one takes it, and two copies have one name.</summary>
internal sealed class AlertMailRounds(
    IMailer mailer, RaisedAlerts alerts, MailStops stops, ShorteningOptions links, IServiceScopeFactory scopes, TimeProvider clock, ILogger<AlertMailRounds> logger)
    : Rounds(clock, logger)
{
    private const int MostAtOnce = 50;

    /// <summary>More are on the page.</summary>
    private const int MostLines = 20;

    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(20);

    /// <summary>So long a node may take for one, and so long another waits before it tries again what failed.</summary>
    private static readonly TimeSpan HeldFor = TimeSpan.FromMinutes(15);

    protected override TimeSpan FirstPause => Pause;

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
    /// <exception cref="AggregateException">Some could not be sent; they are tried again later.</exception>
    internal async Task<int> SendDueAsync(CancellationToken cancellationToken)
    {
        var due = await alerts.DueMailsAsync(MostAtOnce, cancellationToken);
        var failures = new List<Exception>();
        foreach (var id in due)
        {
            if (await alerts.TakeMailAsync(id, HeldFor, cancellationToken) is { } mail)
            {
                try
                {
                    await SendAsync(mail, cancellationToken);
                }
                catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
                {
                    // One mail that cannot be sent does not keep the others waiting.
                    failures.Add(exception);
                }
            }
        }

        return failures.Count > 0 ? throw new AggregateException("mails of alerts could not be sent", failures) : due.Count;
    }

    private async Task SendAsync(AlertMail mail, CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        var user = await scope.ServiceProvider.GetRequiredService<UserManager<SpooUser>>().FindByIdAsync(mail.OwnerId);
        var isSent = user is { EmailConfirmed: true, Email: not null, DisabledAt: null };
        if (isSent)
        {
            ReportLetters.Speak(user!);
            await mailer.SendAsync(MailOf(mail, user!), cancellationToken);
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

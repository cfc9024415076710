using System.Globalization;
using Microsoft.AspNetCore.Identity;
using Spoo.Data.Accounts;
using Spoo.Web.Words;
using static Spoo.Web.Words.Texts;

namespace Spoo.Web.Mail;

/// <summary>Tells people by mail what an intruder would do first in their account.</summary>
internal sealed class SecurityMails(SecurityLog security, MailQueue queue) : IHostedService
{
    private static readonly SecurityEventKind[] Told =
    [
        SecurityEventKind.KeyMade, SecurityEventKind.TwoFactorOff, SecurityEventKind.PasswordChanged, SecurityEventKind.PasswordReset,
        SecurityEventKind.EmailChanged, SecurityEventKind.ProviderConnected, SecurityEventKind.PasskeyAdded, SecurityEventKind.WebhookStopped,
    ];

    public Task StartAsync(CancellationToken cancellationToken)
    {
        security.Happened += Tell;
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken)
    {
        security.Happened -= Tell;
        return Task.CompletedTask;
    }

    private void Tell(SecurityEvent happened)
    {
        if (!Told.Contains(happened.Kind))
        {
            return;
        }

        queue.Post(async (services, _) =>
        {
            if (await services.GetRequiredService<UserManager<SpooUser>>().FindByIdAsync(happened.UserId) is not { } user)
            {
                return null;
            }

            var language = CultureInfo.GetCultureInfo(user.Language ?? Texts.Languages[0].Name);
            CultureInfo.CurrentUICulture = language;
            var what = SecurityEvents.TitleOf(happened);

            // Of a changed address, the one before hears: the person who took the account over has the new one.
            return new Mail(
                happened.Kind == SecurityEventKind.EmailChanged ? happened.Detail! : user.Email!,
                what,
                T("In your account {0}, on {1} (UTC): {2}.", user.Email, happened.At.UtcDateTime.ToString("f", language), what)
                + "\n\n"
                + (happened.Kind == SecurityEventKind.WebhookStopped
                    ? T("What happens to your links is not told there any more. The page of webhooks shows the last answers; when they are as they should be, switch it on again there.")
                    : T("If it was not you, choose a new password, sign out everywhere else and look through your API keys; Settings, Sessions and activity, shows what happened.")));
        });
    }
}

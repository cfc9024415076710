using System.Diagnostics;
using Spoo.Data.Accounts;
using static Spoo.Web.Words.Texts;

namespace Spoo.Web.Words;

/// <summary>What security events are called on pages and in mails.</summary>
internal static class SecurityEvents
{
    public static string TitleOf(SecurityEvent happened) => TitleOf(happened.Kind, happened.Detail ?? "");

    public static string TitleOf(SecurityEventKind kind, string detail) => kind switch
    {
        SecurityEventKind.SignedIn => detail.Length == 0 ? T("Signed in") : T("Signed in with {0}", detail),
        SecurityEventKind.SignInFailed => T("A wrong password was entered"),
        SecurityEventKind.SignedOut => T("Signed out"),
        SecurityEventKind.SignedOutElsewhere => T("Other devices were signed out"),
        SecurityEventKind.PasswordEntered => T("The password was entered again"),
        SecurityEventKind.ProviderConfirmed => T("Signed in again with {0}", detail),
        SecurityEventKind.ProviderConnected => T("{0} was connected: it signs you in", detail),
        SecurityEventKind.ProviderDisconnected => T("{0} was disconnected", detail),
        SecurityEventKind.PasskeyAdded => T("The passkey “{0}” was made", detail),
        SecurityEventKind.PasskeyRemoved => T("The passkey “{0}” was removed", detail),
        SecurityEventKind.PasskeyConfirmed => T("Signed in again with {0}", detail),
        SecurityEventKind.PasswordChanged => T("The password was changed"),
        SecurityEventKind.PasswordReset => T("A new password was chosen through a link"),
        SecurityEventKind.ResetAsked => T("A link for a new password was asked for"),
        SecurityEventKind.EmailChanged => T("The e-mail address was changed from {0}", detail),
        SecurityEventKind.TwoFactorOn => T("Two-factor sign-in was turned on"),
        SecurityEventKind.TwoFactorOff => T("Two-factor sign-in was turned off"),
        SecurityEventKind.RecoveryCodesMade => T("Recovery codes were made"),
        SecurityEventKind.RecoveryCodeUsed => T("A recovery code was used"),
        SecurityEventKind.CodeFailed => T("A wrong code was entered after the password"),
        SecurityEventKind.KeyMade => T("The API key “{0}” was made", detail),
        SecurityEventKind.KeyEnded => T("The API key “{0}” was ended", detail),
        SecurityEventKind.AppAllowed => T("The app “{0}” was let in", detail),
        SecurityEventKind.AppEnded => T("The app “{0}” was shut out", detail),
        SecurityEventKind.AccountMade => T("The account was made"),
        SecurityEventKind.AccountDeleted => T("The account was deleted"),
        SecurityEventKind.AccountBlocked => T("The account was blocked"),
        SecurityEventKind.WebhookStopped => T("The webhook to {0} was switched off, because nothing arrives there", detail),
        _ => throw new UnreachableException(),
    };
}

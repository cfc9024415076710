using Spoo.Web.Identity.Providers;
using static Spoo.Web.Words.Texts;

namespace Spoo.Web.Components.Account;

/// <summary>What people read when signing in with a provider did not work, and what they can do.</summary>
internal static class ProviderTexts
{
    public static string Of(ProviderRefusal why, string provider) => why switch
    {
        ProviderRefusal.Cancelled => T("You did not sign in at {0}, or it did not let you in.", provider),
        ProviderRefusal.Broken => T("{0} does not answer as it should. Try again later, or sign in another way; whoever runs this server finds the reason in its log.", provider),
        ProviderRefusal.NoVerifiedEmail => T("{0} does not say which e-mail address is yours, or has not verified it. Verify it there, and try again.", provider),
        ProviderRefusal.OtherDomain => T("Only people of certain e-mail domains are let in with {0}, and {0} does not say that your address is of one of them.", provider),
        ProviderRefusal.NoAccount => T("You have no account here, and signing in with {0} makes none without an invitation: ask whoever runs this server.", provider),
        ProviderRefusal.EmailTaken => T("There is an account with your e-mail address, which has not been confirmed here. Sign in with its password, and connect {0} in the settings.", provider),
        ProviderRefusal.Disabled => T("This account is disabled. Ask whoever runs this server."),
        ProviderRefusal.Invitation => T("This invitation is used, too old, or for another e-mail address than the one that {0} tells. Ask for a new one.", provider),
        ProviderRefusal.OtherAccount => T("The person that you are at {0} signs in to another account here. Disconnect it there first.", provider),
        ProviderRefusal.OtherPerson => T("You signed in at {0} as somebody else than the person who is connected to this account.", provider),
        ProviderRefusal.NotRecent => T("{0} does not say that you have just signed in there. Sign out here, sign in again, and then go on.", provider),
        _ => T("That took too long, or began in another browser. Try again."),
    };
}

using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.WebUtilities;
using Spoo.Data.Accounts;
using Spoo.Data.Care;
using Spoo.Data.Links;
using Spoo.Web.Addresses;
using Spoo.Web.Identity;
using static Spoo.Web.Words.Texts;

namespace Spoo.Web.Mail;

/// <summary>
/// The mails about accounts: what they say and the links in them. Links begin with the address of the settings and never with that of a
/// request, which anybody can make up.
/// </summary>
internal sealed class AccountMails(MailQueue queue, SignUps signUps, ShorteningOptions links)
{
    /// <summary>Whether mails reach their readers.</summary>
    public bool Delivers => queue.Delivers && links.PublicUrl is not null;

    /// <summary>Sends a link that makes the account, or says that there is one already; the page that asks does not learn which.</summary>
    public void OfferAccount(string email, string password)
    {
        // Made in either case, because the time that it takes could be measured.
        var code = signUps.Seal(email, password);
        var language = CultureInfo.CurrentUICulture;
        Post(async (services, _) =>
        {
            if (await services.GetRequiredService<UserManager<SpooUser>>().FindByEmailAsync(email) is { } user)
            {
                return In(user.Language, language, () => new Mail(
                    user.Email!,
                    T("You have an account already"),
                    T("Somebody, hopefully you, wanted to make an account with this e-mail address. You have one: sign in with it, or choose a new password if you have forgotten yours.")
                    + $"\n\n{Absolute(SpooUrls.Login)}\n{Absolute(SpooUrls.ForgottenPassword)}\n\n"
                    + T("If it was not you, do nothing.")));
            }

            return In(null, language, () => new Mail(
                email,
                T("Make your account"),
                T("Somebody, hopefully you, wants an account with this e-mail address. Follow this link within a day and enter the password that you chose:")
                + $"\n\n{Absolute(QueryHelpers.AddQueryString(SpooUrls.FinishSignUp, "code", code))}\n\n"
                + T("If it was not you, do nothing.")));
        });
    }

    public void AskToConfirm(SpooUser user)
    {
        var (id, language) = (user.Id, CultureInfo.CurrentUICulture);
        Post(async (services, _) =>
        {
            var users = services.GetRequiredService<UserManager<SpooUser>>();
            if (await users.FindByIdAsync(id) is not { } account)
            {
                return null;
            }

            var link = Absolute(PathOf(SpooUrls.ConfirmEmail, account, await users.GenerateEmailConfirmationTokenAsync(account)));
            return In(account.Language, language, () => new Mail(
                account.Email!,
                T("Confirm your e-mail address"),
                T("Somebody, hopefully you, has an account here with this e-mail address. Follow this link within a day to confirm that it is yours:")
                + $"\n\n{link}\n\n"
                + T("If it was not you, do nothing.")));
        });
    }

    /// <summary>Sends a link to a new address that makes it the account's; to one that has an account, a word about that.</summary>
    public void AskToChange(SpooUser user, string newEmail)
    {
        var (id, language) = (user.Id, CultureInfo.CurrentUICulture);
        Post(async (services, _) =>
        {
            var users = services.GetRequiredService<UserManager<SpooUser>>();
            if (await users.FindByIdAsync(id) is not { } account)
            {
                return null;
            }

            if (await users.FindByEmailAsync(newEmail) is { } other && other.Id != id)
            {
                return In(other.Language, language, () => new Mail(
                    other.Email!,
                    T("You have an account already"),
                    T("Somebody, hopefully you, wanted to use this e-mail address for another account. It stays with the account that it has.")));
            }

            var token = await users.GenerateChangeEmailTokenAsync(account, newEmail);
            var link = Absolute(QueryHelpers.AddQueryString(PathOf(SpooUrls.ConfirmEmail, account, token), "email", newEmail));
            return In(account.Language, language, () => new Mail(
                newEmail,
                T("Confirm your e-mail address"),
                T("Somebody, hopefully you, wants to sign in with this e-mail address from now on. Follow this link within a day to confirm that it is yours:")
                + $"\n\n{link}\n\n"
                + T("If it was not you, do nothing.")));
        });
    }

    /// <summary>Sends a link if there is such an account, and neither says nor shows by its time whether there is.</summary>
    public void OfferNewPassword(string email)
    {
        var language = CultureInfo.CurrentUICulture;
        Post(async (services, cancellationToken) =>
        {
            var users = services.GetRequiredService<UserManager<SpooUser>>();
            if (await users.FindByEmailAsync(email) is not { } user)
            {
                return null;
            }

            await services.GetRequiredService<SecurityLog>().RecordAsync(user.Id, SecurityEventKind.ResetAsked, cancellationToken: cancellationToken);
            var link = Absolute(await NewPasswordPathAsync(users, user));
            return In(user.Language, language, () => new Mail(
                user.Email!,
                T("Choose a new password"),
                T("Somebody, hopefully you, has forgotten the password of your account. Follow this link within a day to choose a new one:")
                + $"\n\n{link}\n\n"
                + T("If it was not you, do nothing: your password stays as it is.")));
        });
    }

    /// <summary>Sends an invitation to whom it is for.</summary>
    public void Invite(string email, string token, DateTimeOffset until)
    {
        var language = CultureInfo.CurrentUICulture;
        Post((_, _) => Task.FromResult<Mail?>(In(null, language, () => new Mail(
            email,
            T("You are invited"),
            T("You are invited to make an account at {0}. Follow this link before {1} (UTC):", links.PublicUrl, until.UtcDateTime.ToString("f", language))
            + $"\n\n{Absolute(SpooUrls.RegisterInvited(token))}\n\n"
            + T("If you do not know why, do nothing.")))));
    }

    public void SendReceipt(RemovalReceipt receipt)
    {
        var mail = new Mail(
            receipt.Email,
            T("Your account is deleted"),
            T("Deleted on {0} (UTC), with your settings. Links: {1:N0}, clicks: {2:N0}, API keys: {3:N0}.", receipt.At.UtcDateTime.ToString("f", CultureInfo.CurrentCulture), receipt.Links, receipt.Clicks, receipt.Keys));
        Post((_, _) => Task.FromResult<Mail?>(mail));
    }

    /// <summary>What a link is for that signs a person in once.</summary>
    public const string SignInPurpose = "sign-in-once";

    /// <summary>Where a person is signed in, once.</summary>
    public static async Task<string> SignInPathAsync(UserManager<SpooUser> users, SpooUser user) =>
        PathOf(SpooUrls.SignInOnce, user, await users.GenerateUserTokenAsync(user, TokenOptions.DefaultProvider, SignInPurpose));

    /// <summary>Where the new password of an account is chosen, once.</summary>
    public static async Task<string> NewPasswordPathAsync(UserManager<SpooUser> users, SpooUser user) =>
        PathOf(SpooUrls.NewPassword, user, await users.GeneratePasswordResetTokenAsync(user));

    /// <summary>A token as it stands in an address.</summary>
    public static string? Read(string? code)
    {
        try
        {
            return code is null ? null : Encoding.UTF8.GetString(WebEncoders.Base64UrlDecode(code));
        }
        catch (FormatException)
        {
            return null;
        }
    }

    private static string PathOf(string page, SpooUser user, string token) => QueryHelpers.AddQueryString(
        page,
        new Dictionary<string, string?> { ["user"] = user.Id, ["code"] = WebEncoders.Base64UrlEncode(Encoding.UTF8.GetBytes(token)) });

    /// <summary>Writes in the language of the account, or in that of the person who asked.</summary>
    private static Mail In(string? language, CultureInfo otherwise, Func<Mail> write)
    {
        var before = CultureInfo.CurrentUICulture;
        try
        {
            CultureInfo.CurrentUICulture = language is null ? otherwise : CultureInfo.GetCultureInfo(language);
            return write();
        }
        finally
        {
            CultureInfo.CurrentUICulture = before;
        }
    }

    private string Absolute(string path) => SpooUrls.Absolute(links.PublicUrl!, links, path);

    private void Post(MailDraft write)
    {
        if (Delivers)
        {
            queue.Post(write);
        }
    }
}

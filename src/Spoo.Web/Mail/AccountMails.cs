using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.WebUtilities;
using Spoo.Data.Accounts;
using Spoo.Data.Care;
using Spoo.Data.Links;
using Spoo.Web.Addresses;
using static Spoo.Web.Words.Texts;

namespace Spoo.Web.Mail;

/// <summary>The mails about accounts: what they say and the links in them.</summary>
internal sealed class AccountMails(UserManager<SpooUser> users, MailQueue queue, ShorteningOptions links)
{
    /// <summary>Whether mails reach their readers, and not only the operator's log.</summary>
    public bool Delivers => queue.Delivers;

    public async Task AskToConfirmAsync(SpooUser user, HttpRequest request)
    {
        var link = Link(request, SpooUrls.ConfirmEmail, user, await users.GenerateEmailConfirmationTokenAsync(user));
        queue.Post(new Mail(
            user.Email!,
            T("Confirm your e-mail address"),
            T("Somebody, hopefully you, has an account here with this e-mail address. Follow this link within a day to confirm that it is yours:")
            + $"\n\n{link}\n\n"
            + T("If it was not you, do nothing.")));
    }

    /// <summary>Sends a link if there is such an account, and does not say whether there is.</summary>
    public async Task OfferNewPasswordAsync(string email, HttpRequest request)
    {
        if (await users.FindByEmailAsync(email) is not { } user)
        {
            return;
        }

        var link = Link(request, SpooUrls.NewPassword, user, await users.GeneratePasswordResetTokenAsync(user));
        var language = CultureInfo.CurrentUICulture;
        try
        {
            CultureInfo.CurrentUICulture = user.Language is null ? language : CultureInfo.GetCultureInfo(user.Language);
            queue.Post(new Mail(
                user.Email!,
                T("Choose a new password"),
                T("Somebody, hopefully you, has forgotten the password of your account. Follow this link within a day to choose a new one:")
                + $"\n\n{link}\n\n"
                + T("If it was not you, do nothing: your password stays as it is.")));
        }
        finally
        {
            CultureInfo.CurrentUICulture = language;
        }
    }

    public void SendReceipt(RemovalReceipt receipt)
    {
        if (Delivers)
        {
            queue.Post(new Mail(
                receipt.Email,
                T("Your account is deleted"),
                T("Deleted on {0} (UTC): {1} links, {2} clicks and {3} API keys, with your settings.", receipt.At.UtcDateTime.ToString("f", CultureInfo.CurrentCulture), receipt.Links, receipt.Clicks, receipt.Keys)));
        }
    }

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

    private string Link(HttpRequest request, string page, SpooUser user, string token) => QueryHelpers.AddQueryString(
        SpooUrls.Absolute(request, links, page),
        new Dictionary<string, string?> { ["user"] = user.Id, ["code"] = WebEncoders.Base64UrlEncode(Encoding.UTF8.GetBytes(token)) });
}

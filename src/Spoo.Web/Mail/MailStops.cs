using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.WebUtilities;
using Spoo.Data.Accounts;
using Spoo.Data.Alerts;
using Spoo.Web.Addresses;

namespace Spoo.Web.Mail;

/// <summary>Links in mails that come again, by which their reader ends them without signing in: those of a report, and those of a rule's alerts.</summary>
internal sealed class MailStops(IDataProtectionProvider protection, MailReports reports, AlertRules rules)
{
    private const string OfAlerts = "alerts:";

    private readonly IDataProtector _codes = protection.CreateProtector("Spoo.StopReport");

    /// <summary>The path of the page on which a report is ended.</summary>
    public string PathOfReport(string reportId) => PathOf(reportId);

    /// <summary>The path of the page on which the mails of a rule are ended.</summary>
    public string PathOfAlerts(string ruleId) => PathOf(OfAlerts + ruleId);

    /// <summary>The address at which a mail program does it at the push of a button.</summary>
    public static string AtOnce(string url) => url.Replace(SpooUrls.StopReport, SpooUrls.StopReportAtOnce, StringComparison.Ordinal);

    /// <summary>Whether a code is complete and one of ours, and whether it is about alerts.</summary>
    public (bool IsKnown, bool IsOfAlerts) Look(string? code) => Read(code) is { } what ? (true, what.StartsWith(OfAlerts, StringComparison.Ordinal)) : default;

    /// <summary>Ends what a code is about; what has ended already has.</summary>
    /// <returns>False: the code is not complete, or none of ours.</returns>
    public async Task<bool> StopAsync(string? code, CancellationToken cancellationToken)
    {
        if (Read(code) is not { } what)
        {
            return false;
        }

        await (what.StartsWith(OfAlerts, StringComparison.Ordinal)
            ? rules.StopMailsAsync(what[OfAlerts.Length..], cancellationToken)
            : reports.RemoveAsync(ownerId: null, what, cancellationToken));
        return true;
    }

    private string PathOf(string what) => QueryHelpers.AddQueryString(SpooUrls.StopReport, "code", _codes.Protect(what));

    private string? Read(string? code)
    {
        try
        {
            return string.IsNullOrEmpty(code) ? null : _codes.Unprotect(code);
        }
        catch (System.Security.Cryptography.CryptographicException)
        {
            return null;
        }
    }
}

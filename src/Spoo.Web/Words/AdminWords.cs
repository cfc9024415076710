using System.Diagnostics;
using Spoo.Data;
using Spoo.Data.Accounts;
using Spoo.Data.Care;
using Spoo.Data.Links;
using Spoo.Data.Links.Blocks;
using static Spoo.Web.Words.Texts;

namespace Spoo.Web.Words;

/// <summary>What acts, settings and reports are called on the pages of the administration.</summary>
internal static class AdminWords
{
    /// <summary>What a database calls itself.</summary>
    public static string NameOf(DatabaseKind database) => database switch
    {
        DatabaseKind.Sqlite => "SQLite",
        DatabaseKind.PostgreSql => "PostgreSQL",
        _ => "SQL Server",
    };

    public static string TitleOf(AuditAct act) => act switch
    {
        AuditAct.AdministratorMade => T("Made an administrator"),
        AuditAct.AdministratorUnmade => T("Made an ordinary person again"),
        AuditAct.AccountMade => T("Account made"),
        AuditAct.AccountDisabled => T("Account disabled"),
        AuditAct.AccountEnabled => T("Account enabled"),
        AuditAct.AccountDeleted => T("Account deleted"),
        AuditAct.PasswordResetOffered => T("New password offered by link"),
        AuditAct.SignInOffered => T("Signing in offered by link"),
        AuditAct.TwoFactorTakenOff => T("Two-factor sign-in turned off"),
        AuditAct.SignedOutEverywhere => T("Signed out everywhere"),
        AuditAct.QuotaChanged => T("Quota changed"),
        AuditAct.InvitationMade => T("Invitation made"),
        AuditAct.InvitationWithdrawn => T("Invitation withdrawn"),
        AuditAct.InvitationUsed => T("Invitation used"),
        AuditAct.LinkBlocked => T("Link blocked"),
        AuditAct.LinkUnblocked => T("Link unblocked"),
        AuditAct.LinkTransferred => T("Link transferred"),
        AuditAct.HostBlocked => T("Host blocked"),
        AuditAct.HostUnblocked => T("Host unblocked"),
        AuditAct.ReportsClosed => T("Reports dismissed"),
        AuditAct.DomainAdded => T("Domain added"),
        AuditAct.DomainSuspended => T("Domain switched off"),
        AuditAct.DomainResumed => T("Domain switched on"),
        AuditAct.DomainRevoked => T("Domain given up"),
        AuditAct.DomainRemoved => T("Domain removed"),
        AuditAct.SettingChanged => T("Setting changed"),
        AuditAct.ClicksAudited => T("Clicks audited"),
        AuditAct.BackupMade => T("Backup made"),
        _ => throw new UnreachableException(),
    };

    public static string ReasonOf(ReportReason reason) => reason switch
    {
        ReportReason.Phishing => T("It asks for passwords or money in a false name"),
        ReportReason.Malware => T("It spreads harmful programs"),
        ReportReason.Spam => T("It came as unwanted advertising"),
        ReportReason.IllegalContent => T("What it shows is against the law"),
        ReportReason.Other => T("Something else"),
        _ => throw new UnreachableException(),
    };

    public static string SourceOf(SettingSource source) => source switch
    {
        SettingSource.Default => T("as it is when nobody says anything"),
        SettingSource.Changed => T("changed here"),
        SettingSource.Environment => T("set by the environment, and only there"),
        SettingSource.File => T("set by a file, and only there"),
        SettingSource.CommandLine => T("set by the command line, and only there"),
        _ => throw new UnreachableException(),
    };

    /// <summary>What a setting is about, and what it does.</summary>
    public static (string Title, string Hint) Of(RunningSetting setting) => setting.Name switch
    {
        "Accounts:SignUp" => (T("Who may sign up"), T("Invited people always may, unless sign-up is closed.")),
        "Links:AllowAnonymous" => (T("Links without an account"), T("Whether visitors who are not signed in may make links on the home page and with the API.")),
        "Accounts:RetentionDays" => (T("Days for which clicks are kept"), T("Of new accounts; people may change it for themselves. Empty: for good.")),
        "Links:HomeUrl" => (T("Where the bare address leads"), T("For visitors who are not signed in. Empty: to the home page.")),
        "Links:NotFoundUrl" => (T("Where unknown links lead"), T("Empty: to a page that says so.")),
        "Links:IgnoreCase" => (T("Capital and small letters of codes do not differ"), T("On the server's own domain. It cannot be switched on while codes differ in that alone.")),
        "Links:EndedUrl" => (T("Where links lead that have ended"), T("Empty: to a page that says so. What a link itself says of the time after wins.")),
        "Quotas:Links" => (T("Links of an account"), T("At most, administrators aside. Empty: as many as they like.")),
        "Quotas:ClicksAMonth" => (T("Clicks of an account in a month"), T("Visits beyond that are sent on and not counted. Empty: as many as come.")),
        "Quotas:StoredDays" => (T("Days for which an account may keep clicks"), T("Older clicks of everybody but administrators are deleted within the hour, for good. Empty: for as long as they like.")),
        "Quotas:ApiCallsADay" => (T("API calls of an account in a day"), T("Of all of its keys together. Empty: as many as they like.")),
        "Quotas:ExportsAtOnce" => (T("Exports of an account at once"), T("Files that are being made or sent. Empty: as many as they like.")),
        _ => throw new UnreachableException(),
    };

    public static string NameOf(QuotaKind kind) => kind switch
    {
        QuotaKind.Links => T("Links"),
        QuotaKind.ClicksAMonth => T("Clicks a month"),
        QuotaKind.StoredDays => T("Days for which clicks are kept"),
        QuotaKind.ApiCallsADay => T("API calls a day"),
        QuotaKind.ExportsAtOnce => T("Exports at once"),
        _ => throw new UnreachableException(),
    };

    /// <summary>What happens to a person who has as much as they may.</summary>
    public static string AtTheLimit(QuotaKind kind) => kind switch
    {
        QuotaKind.Links => T("Beyond that, no link is made until you delete one."),
        QuotaKind.ClicksAMonth => T("Months are those of UTC. Visits beyond that are sent on and not counted."),
        QuotaKind.StoredDays => T("Older clicks are deleted."),
        QuotaKind.ApiCallsADay => T("Of all of your keys together. Beyond that, calls are refused until midnight, UTC."),
        QuotaKind.ExportsAtOnce => T("Beyond that, one waits for another to end."),
        _ => throw new UnreachableException(),
    };

    /// <summary>A value that is one of a few, in words.</summary>
    public static string ChoiceOf(string choice) => choice switch
    {
        nameof(SignUpPolicy.Closed) => T("Nobody"),
        nameof(SignUpPolicy.Invite) => T("Invited people"),
        nameof(SignUpPolicy.Open) => T("Everybody"),
        "true" => T("Yes"),
        "false" => T("No"),
        _ => throw new UnreachableException(),
    };
}

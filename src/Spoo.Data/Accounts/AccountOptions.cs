namespace Spoo.Data.Accounts;

/// <summary>Settings of the section <c>Accounts</c>.</summary>
public sealed class AccountOptions
{
    public const string Section = "Accounts";

    /// <summary>
    /// Whether links and keys may be made only by people whose e-mail address is confirmed. Off by default, because who hosts this
    /// for themselves knows their users and may have no mail server; the operator confirms addresses.
    /// </summary>
    public bool RequireVerifiedEmail { get; set; }
}

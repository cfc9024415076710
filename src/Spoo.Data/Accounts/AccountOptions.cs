using System.ComponentModel.DataAnnotations;

namespace Spoo.Data.Accounts;

/// <summary>Who may make an account.</summary>
public enum SignUpPolicy
{
    /// <summary>No visitor; accounts are made by commands on the server.</summary>
    Closed,

    /// <summary>People with an invitation.</summary>
    Invite,

    /// <summary>Everybody.</summary>
    Open,
}

/// <summary>Settings of the section <c>Accounts</c>.</summary>
public sealed class AccountOptions
{
    public const string Section = "Accounts";

    /// <summary>Who may make an account of their own. The first one is made at <c>/setup</c>, whatever this says.</summary>
    public SignUpPolicy SignUp { get; set; } = SignUpPolicy.Invite;

    /// <summary>
    /// Whether links and keys may be made only by people whose e-mail address is confirmed. Off by default, because who hosts this
    /// for themselves knows their users and may have no mail server; the operator confirms addresses.
    /// </summary>
    public bool RequireVerifiedEmail { get; set; }

    /// <summary>
    /// Whether people sign in with passwords. False counts once an administrator is connected to one of the providers (section <c>Accounts:Providers</c>).
    /// </summary>
    public bool PasswordSignIn { get; set; } = true;

    /// <summary>What <c>/setup</c> asks for before there is an administrator. Null, the default: made up, and printed by the start.</summary>
    [MinLength(8)]
    public string? SetupCode { get; set; }

    /// <summary>For how many days clicks of new accounts are kept; people may change it for themselves. Null: for good.</summary>
    [Range(SpooUser.MinRetentionDays, SpooUser.MaxRetentionDays)]
    public int? RetentionDays { get; set; }
}

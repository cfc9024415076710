using Spoo.Data.Accounts;

namespace Spoo.Web.Identity.Providers;

/// <summary>Settings of a section <c>Accounts:Providers:NAME</c>: a provider of identities (OpenID Connect) with which people sign in.</summary>
public sealed class ProviderOptions
{
    public const string Section = "Accounts:Providers";

    /// <summary>Where it is, as it calls itself (its issuer), such as <c>https://id.example.com/realms/staff</c>.</summary>
    public string? Authority { get; set; }

    public string? ClientId { get; set; }

    /// <summary>Null: this server is known there as a public client, which proves itself by PKCE alone.</summary>
    public string? ClientSecret { get; set; }

    /// <summary>What its button says. Null: its name in the settings.</summary>
    public string? DisplayName { get; set; }

    /// <summary>What is asked for, with blanks between. Some providers tell groups only where they are asked for them.</summary>
    public string Scopes { get; set; } = "openid profile email";

    /// <summary>Only people whose verified address is of one of these domains are let in, with blanks between them. Null: all people of the provider.</summary>
    public string? AllowedEmailDomains { get; set; }

    /// <summary>
    /// Every address that it tells counts as verified. Only for a provider of one's own organisation, where people cannot choose addresses
    /// themselves: with one where they can, they would be let into the accounts of others.
    /// </summary>
    public bool TrustEmail { get; set; }

    /// <summary>Of people who sign in with it, those in this group are administrators, and no others. Null: it does not say who is one.</summary>
    public string? AdministratorGroup { get; set; }

    /// <summary>In which claim groups stand.</summary>
    public string GroupClaim { get; set; } = "groups";

    /// <summary>Which people without an account get one by signing in with it, whatever holds for passwords.</summary>
    public SignUpPolicy SignUp { get; set; } = SignUpPolicy.Invite;
}

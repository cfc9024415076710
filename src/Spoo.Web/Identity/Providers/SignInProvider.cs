namespace Spoo.Web.Identity.Providers;

/// <summary>A provider with which people sign in, from settings that were found right.</summary>
/// <param name="Name">Its name in the settings and in addresses, in small letters.</param>
public sealed record SignInProvider(string Name, ProviderOptions Options)
{
    /// <summary>As the framework calls its handler.</summary>
    public string Scheme => "provider-" + Name;

    /// <summary>By what connections of accounts know it: that the settings call it otherwise one day does not matter.</summary>
    public string Issuer => Plain(Options.Authority!);

    /// <summary>What people call it.</summary>
    public string Title => Options.DisplayName ?? Name;

    /// <summary>An issuer as it is kept and compared: with and without a slash at its end it is the same one.</summary>
    public static string Plain(string issuer) => issuer.TrimEnd('/');

    /// <summary>Whether it lets people in who have this address.</summary>
    public bool Allows(ProviderIdentity identity) =>
        Options.AllowedEmailDomains is not { } domains
        || (identity.VerifiedEmail is { } email
            && domains.Split([' ', ',', ';'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
                .Any(domain => string.Equals(email[(email.LastIndexOf('@') + 1)..], domain.TrimStart('@'), StringComparison.OrdinalIgnoreCase)));

    /// <summary>Whether it says that this person is an administrator. Null: it says nothing about that.</summary>
    public bool? MakesAdministrator(ProviderIdentity identity) =>
        Options.AdministratorGroup is { } group ? identity.Groups.Contains(group, StringComparer.Ordinal) : null;
}

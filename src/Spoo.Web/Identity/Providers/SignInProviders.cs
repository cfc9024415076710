using System.Text.RegularExpressions;
using Spoo.Data;
using Spoo.Data.Accounts;
using Spoo.Data.Database;

namespace Spoo.Web.Identity.Providers;

/// <summary>The providers with which people sign in, as the settings name them.</summary>
public sealed partial class SignInProviders
{
    private const string PasswordSetting = AccountOptions.Section + ":" + nameof(AccountOptions.PasswordSignIn);

    private static readonly HashSet<string> Keys =
        typeof(ProviderOptions).GetProperties().Select(property => property.Name).ToHashSet(StringComparer.OrdinalIgnoreCase);

    private SignInProviders(IReadOnlyList<SignInProvider> all) => All = all;

    public IReadOnlyList<SignInProvider> All { get; }

    /// <summary>Whether a person with an invitation may make an account with one of them.</summary>
    public bool TakeInvitations => All.Any(provider => provider.Options.SignUp != SignUpPolicy.Closed);

    /// <exception cref="SettingException">A setting cannot be followed.</exception>
    public static SignInProviders Read(IConfiguration configuration)
    {
        var all = configuration.GetSection(ProviderOptions.Section).GetChildren().Select(Read).ToList();
        if (all.GroupBy(provider => provider.Issuer, StringComparer.Ordinal).FirstOrDefault(same => same.Count() > 1) is { } twice)
        {
            throw new SettingException($"{ProviderOptions.Section}: {string.Join(" and ", twice.Select(provider => provider.Name))} have the same Authority; a provider stands there once");
        }

        if (all.Count == 0 && configuration.GetValue(PasswordSetting, true) is false)
        {
            throw new SettingException($"{PasswordSetting} is false and there is no {ProviderOptions.Section}:NAME, so that people could not sign in at all; name a provider first");
        }

        return new SignInProviders(all);
    }

    public SignInProvider? Find(string? name) => All.FirstOrDefault(provider => string.Equals(provider.Name, name, StringComparison.OrdinalIgnoreCase));

    public SignInProvider? WithIssuer(string? issuer) => All.FirstOrDefault(provider => provider.Issuer == issuer);

    /// <summary>What people call the provider of a connection, also where the settings do not name it any more.</summary>
    public string TitleOf(string issuer) => WithIssuer(issuer)?.Title ?? (Uri.TryCreate(issuer, UriKind.Absolute, out var address) ? address.Host : issuer);

    private static SignInProvider Read(IConfigurationSection section)
    {
        var name = section.Key.ToLowerInvariant();
        if (!Name().IsMatch(name))
        {
            throw new SettingException($"{section.Path}: the name of a provider has up to 32 letters from a to z, digits and hyphens");
        }

        if (section.GetChildren().FirstOrDefault(child => !Keys.Contains(child.Key)) is { } unknown)
        {
            throw new SettingException($"{unknown.Path} is no setting; there are {string.Join(", ", Keys)}");
        }

        if (section[nameof(ProviderOptions.SignUp)] is { } signUp && !Enum.GetNames<SignUpPolicy>().Contains(signUp, StringComparer.OrdinalIgnoreCase))
        {
            throw new SettingException($"{section.Path}:{nameof(ProviderOptions.SignUp)} is '{signUp}'; it should be {string.Join(", ", Enum.GetNames<SignUpPolicy>())}");
        }

        if (section[nameof(ProviderOptions.TrustEmail)] is { } trust && !bool.TryParse(trust, out _))
        {
            throw new SettingException($"{section.Path}:{nameof(ProviderOptions.TrustEmail)} is '{trust}'; it should be true or false");
        }

        var options = section.Get<ProviderOptions>() ?? new ProviderOptions();

        // An empty value, such as of a variable in a compose file, says nothing.
        options.ClientSecret = TextOf(options.ClientSecret);
        options.DisplayName = TextOf(options.DisplayName);
        options.AllowedEmailDomains = TextOf(options.AllowedEmailDomains);
        options.AdministratorGroup = TextOf(options.AdministratorGroup);
        options.Authority = TextOf(options.Authority);
        Require(IsAddress(options.Authority), nameof(ProviderOptions.Authority), "should be the provider's address, such as https://id.example.com; without TLS only on this machine");
        Require(TextOf(options.ClientId) is not null, nameof(ProviderOptions.ClientId), "is missing: the provider gives it to this server when it is registered there");
        Require(options.Scopes.Split(' ').Contains("openid"), nameof(ProviderOptions.Scopes), "should have openid among them");
        Require(TextOf(options.GroupClaim) is not null, nameof(ProviderOptions.GroupClaim), "should name a claim, such as groups");
        return new SignInProvider(name, options);

        void Require(bool isRight, string key, string otherwise)
        {
            if (!isRight)
            {
                throw new SettingException($"{section.Path}:{key} {otherwise}");
            }
        }
    }

    private static string? TextOf(string? text) => string.IsNullOrWhiteSpace(text) ? null : text.Trim();

    private static bool IsAddress(string? text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var address)
        && address is { Query: "", Fragment: "", UserInfo: "" }
        && (address.Scheme == Uri.UriSchemeHttps || (address.Scheme == Uri.UriSchemeHttp && address.IsLoopback));

    [GeneratedRegex(@"\A[a-z0-9-]{1,32}\z")]
    private static partial Regex Name();
}

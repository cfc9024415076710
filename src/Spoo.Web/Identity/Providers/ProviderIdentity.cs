using System.Globalization;
using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Identity;
using Spoo.Data.Accounts;

namespace Spoo.Web.Identity.Providers;

/// <summary>Who a provider says that a person is.</summary>
/// <param name="Provider">Its name.</param>
/// <param name="Subject">What it calls the person, the same at each sign-in.</param>
/// <param name="VerifiedEmail">Null: it tells no address, or does not say that it is the person's.</param>
/// <param name="AuthenticatedAt">When the person last proved there who they are. Null: it does not say.</param>
public sealed record ProviderIdentity(
    string Provider,
    string Issuer,
    string Subject,
    string? VerifiedEmail,
    string? Name,
    IReadOnlyList<string> Groups,
    DateTimeOffset? AuthenticatedAt)
{
    private const string ProviderClaim = "spoo:provider-name";
    private const string IssuerClaim = "iss";
    private const string SubjectClaim = "sub";
    private const string EmailClaim = "email";
    private const string VerifiedClaim = "email_verified";
    private const string NameClaim = "name";
    private const string TimeClaim = "auth_time";
    private const string GroupClaim = "spoo:group";

    /// <summary>As it is kept in the cookie between the provider's answer and what comes of it here.</summary>
    public ClaimsPrincipal ToPrincipal()
    {
        var claims = new List<Claim> { new(ProviderClaim, Provider), new(IssuerClaim, Issuer), new(SubjectClaim, Subject) };
        Add(EmailClaim, VerifiedEmail);
        Add(NameClaim, Name);
        Add(TimeClaim, AuthenticatedAt?.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture));
        claims.AddRange(Groups.Select(group => new Claim(GroupClaim, group)));
        return new ClaimsPrincipal(new ClaimsIdentity(claims, IdentityConstants.ExternalScheme));

        void Add(string type, string? value)
        {
            if (value is not null)
            {
                claims.Add(new Claim(type, value));
            }
        }
    }

    /// <summary>What the provider has just answered in this browser. Null: nothing, or too long ago.</summary>
    public static async Task<(ProviderIdentity Identity, AuthenticationProperties Properties)?> ReadAsync(HttpContext context) =>
        await context.AuthenticateAsync(IdentityConstants.ExternalScheme) is { Succeeded: true, Principal: var principal, Properties: { } properties }
        && principal.FindFirstValue(ProviderClaim) is { } provider
            ? (new ProviderIdentity(
                provider,
                principal.FindFirstValue(IssuerClaim)!,
                principal.FindFirstValue(SubjectClaim)!,
                principal.FindFirstValue(EmailClaim),
                principal.FindFirstValue(NameClaim),
                [.. principal.FindAll(GroupClaim).Select(claim => claim.Value)],
                TimeIn(principal.FindFirstValue(TimeClaim))), properties)
            : null;

    /// <summary>Reads what a provider says of a person, as OpenID Connect calls it.</summary>
    /// <param name="idToken">What stands in the token, which was checked.</param>
    /// <param name="userInfo">What its other answer says. An address and whether it is verified are taken from the same place.</param>
    public static ProviderIdentity Of(SignInProvider provider, ILookup<string, string> idToken, ILookup<string, string> userInfo)
    {
        var said = idToken.Contains(EmailClaim) ? idToken : userInfo;
        var email = said[EmailClaim].FirstOrDefault()?.Trim();
        var isVerified = provider.Options.TrustEmail || string.Equals(said[VerifiedClaim].FirstOrDefault(), "true", StringComparison.OrdinalIgnoreCase);
        var name = (idToken[NameClaim].FirstOrDefault() ?? userInfo[NameClaim].FirstOrDefault())?.Trim();
        var groups = provider.Options.AdministratorGroup is { } group
            && (idToken[provider.Options.GroupClaim].Contains(group) || userInfo[provider.Options.GroupClaim].Contains(group))
                ? (string[])[group]
                : [];
        return new ProviderIdentity(
            provider.Name,
            provider.Issuer,
            idToken[SubjectClaim].First(),
            isVerified && !string.IsNullOrEmpty(email) ? email : null,
            name is { Length: > 0 and <= SpooUser.MaxDisplayNameLength } && !name.Any(char.IsControl) ? name : null,
            groups,
            TimeIn(idToken[TimeClaim].FirstOrDefault()));
    }

    private static DateTimeOffset? TimeIn(string? seconds) =>
        long.TryParse(seconds, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number <= DateTimeOffset.MaxValue.ToUnixTimeSeconds()
            ? DateTimeOffset.FromUnixTimeSeconds(number)
            : null;
}

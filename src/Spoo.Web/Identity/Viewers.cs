using System.Security.Claims;
using Spoo.Data.Accounts;

namespace Spoo.Web.Identity;

/// <summary>From the framework's idea of who is asking to ours.</summary>
internal static class Viewers
{
    /// <summary>Claims of this type carry what an API key may do; a person has none.</summary>
    public const string ScopeClaim = "spoo:scope";

    /// <summary>The claim with which the identity of a key is marked as one, also when it has no scope left.</summary>
    public const string KeyClaim = "spoo:key";

    /// <summary>The claim with the id of the session in which a person is signed in.</summary>
    public const string SessionClaim = "spoo:session";

    /// <summary>The claim with the name of the provider with which a session began.</summary>
    public const string ProviderClaim = "spoo:provider";

    /// <summary>Null: no person is signed in, or a program with a key asks.</summary>
    public static string? SessionId(this ClaimsPrincipal principal) => principal.FindFirstValue(SessionClaim);

    public static Viewer Viewer(this ClaimsPrincipal principal)
    {
        if (principal.FindFirstValue(ClaimTypes.NameIdentifier) is not { } userId)
        {
            return Data.Accounts.Viewer.Nobody;
        }

        return principal.HasClaim(claim => claim.Type == KeyClaim)
            ? Data.Accounts.Viewer.Key(userId, [.. principal.FindAll(ScopeClaim).Select(claim => claim.Value)])
            : Data.Accounts.Viewer.User(userId);
    }
}

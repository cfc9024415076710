using System.Security.Claims;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;
using Spoo.Data.Accounts;

namespace Spoo.Web.Identity;

/// <summary>What the pages need to know of who is signed in, carried by the cookie so that no page has to look it up.</summary>
internal sealed class AccountClaims(UserManager<SpooUser> users, RoleManager<IdentityRole> roles, IOptions<IdentityOptions> options)
    : UserClaimsPrincipalFactory<SpooUser, IdentityRole>(users, roles, options)
{
    public const string Zone = "spoo:zone";
    public const string Period = "spoo:period";

    /// <summary>Whether dashboards begin without bots.</summary>
    public const string PeopleOnly = "spoo:people";

    protected override async Task<ClaimsIdentity> GenerateClaimsAsync(SpooUser user)
    {
        var identity = await base.GenerateClaimsAsync(user);
        Add(identity, Zone, user.TimeZone);
        Add(identity, Period, user.DefaultPeriod);
        Add(identity, PeopleOnly, user.PeopleOnly ? "true" : null);
        return identity;
    }

    private static void Add(ClaimsIdentity identity, string type, string? value)
    {
        if (value is not null)
        {
            identity.AddClaim(new Claim(type, value));
        }
    }
}

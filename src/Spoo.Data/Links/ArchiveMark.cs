using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Spoo.Data.Database;

namespace Spoo.Data.Links;

/// <summary>
/// Says of an account that it has archived a link at some time. Most never do, and no list of theirs has to look into each of a hundred thousand
/// links for it, where their number is read from an index alone.
/// </summary>
internal static class ArchiveMark
{
    private const string Claim = "spoo:archive";

    /// <summary>The selection as it is to be asked for.</summary>
    public static async Task<LinkSelection> LookedUpAsync(this LinkSelection selection, SpooDbContext context, CancellationToken cancellationToken) =>
        selection.IsArchived == false && !await IsSetAsync(context, selection.OwnerId, cancellationToken) ? selection with { IsArchived = null } : selection;

    /// <summary>To be saved together with the link that is archived.</summary>
    /// <param name="isArchived">Unless true, nothing is to be said.</param>
    public static async Task SetAsync(SpooDbContext context, string? ownerId, bool? isArchived, CancellationToken cancellationToken)
    {
        if (isArchived == true && ownerId is not null && !await IsSetAsync(context, ownerId, cancellationToken))
        {
            context.UserClaims.Add(new IdentityUserClaim<string> { UserId = ownerId, ClaimType = Claim, ClaimValue = "" });
        }
    }

    private static Task<bool> IsSetAsync(SpooDbContext context, string ownerId, CancellationToken cancellationToken) =>
        context.UserClaims.AnyAsync(claim => claim.UserId == ownerId && claim.ClaimType == Claim, cancellationToken);
}

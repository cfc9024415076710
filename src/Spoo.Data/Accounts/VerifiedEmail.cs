using Microsoft.EntityFrameworkCore;
using Spoo.Data.Database;

namespace Spoo.Data.Accounts;

/// <summary>The rule of <see cref="AccountOptions.RequireVerifiedEmail"/>.</summary>
public sealed class VerifiedEmail(IDbContextFactory<SpooDbContext> contexts, AccountOptions options)
{
    /// <summary>Why this viewer may not make anything yet. Null: they may.</summary>
    public async Task<Refusal?> RefuseAsync(Viewer viewer, CancellationToken cancellationToken)
    {
        if (!options.RequireVerifiedEmail || viewer.UserId is null)
        {
            return null;
        }

        await using var context = await contexts.CreateToAnswerAsync(cancellationToken);
        return await context.Users.AnyAsync(user => user.Id == viewer.UserId && user.EmailConfirmed, cancellationToken)
            ? null
            : new Refusal(RefusalKind.Forbidden, "verify your e-mail address first") { Code = "EMAIL_NOT_VERIFIED" };
    }
}

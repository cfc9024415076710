using Microsoft.EntityFrameworkCore;
using Spoo.Data.Database;

namespace Spoo.Data.Accounts;

/// <summary>A person's passkeys as their owner sees them. What makes and checks them is the framework's (<see cref="SpooUserStore"/>).</summary>
public sealed class Passkeys(IDbContextFactory<SpooDbContext> contexts, SecurityLog security)
{
    /// <summary>More than anybody has devices.</summary>
    public const int Most = 20;

    /// <summary>The oldest first.</summary>
    /// <exception cref="System.Data.Common.DbException">The database does not answer.</exception>
    public async Task<IReadOnlyList<UserPasskey>> ListAsync(string userId, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateToAnswerAsync(cancellationToken);
        return await context.Passkeys.AsNoTracking().Where(passkey => passkey.UserId == userId).OrderBy(passkey => passkey.CreatedAt).ToListAsync(cancellationToken);
    }

    /// <summary>Whether anybody has one.</summary>
    /// <exception cref="System.Data.Common.DbException">The database does not answer.</exception>
    public async Task<bool> AnyAsync(CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateToAnswerAsync(cancellationToken);
        return await context.Passkeys.AnyAsync(cancellationToken);
    }

    public async Task RenameAsync(string userId, string id, string name, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        await context.Passkeys.Where(passkey => passkey.UserId == userId && passkey.Id == id)
            .ExecuteUpdateAsync(set => set.SetProperty(passkey => passkey.Name, name), cancellationToken);
    }

    /// <summary>False: there was none.</summary>
    public async Task<bool> RemoveAsync(UserPasskey passkey, string? client, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        if (await context.Passkeys.Where(row => row.UserId == passkey.UserId && row.Id == passkey.Id).ExecuteDeleteAsync(cancellationToken) == 0)
        {
            return false;
        }

        await security.RecordAsync(passkey.UserId, SecurityEventKind.PasskeyRemoved, client, passkey.Name, cancellationToken);
        return true;
    }
}

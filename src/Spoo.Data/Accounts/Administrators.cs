using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Spoo.Data.Database;

namespace Spoo.Data.Accounts;

/// <summary>Who looks after the server. There is always one who can sign in, once there has been one.</summary>
public sealed class Administrators(IDbContextFactory<SpooDbContext> contexts, Sessions sessions, SecurityLog security, AuditLog audit, TimeProvider clock)
{
    /// <summary>Name and id of the role.</summary>
    public const string Role = "administrator";

    /// <summary>Of the state of a transaction to which one goes back that would leave no administrator.</summary>
    private const string Before = "before";

    /// <summary>Why the last one stays.</summary>
    public static Refusal LastOne { get; } = new(
        RefusalKind.Conflict, "This is the last administrator: make somebody else one first")
    { Code = "last_administrator" };

    public static IdentityRole NewRole() => new(Role) { Id = Role, NormalizedName = Role.ToUpperInvariant(), ConcurrencyStamp = Role };

    /// <exception cref="System.Data.Common.DbException">The database does not answer.</exception>
    public async Task<bool> HasAsync(string? userId, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateToAnswerAsync(cancellationToken);
        return userId is not null && await All(context).AnyAsync(user => user.Id == userId && user.DisabledAt == null, cancellationToken);
    }

    /// <exception cref="System.Data.Common.DbException">The database does not answer.</exception>
    public async Task<bool> AnyAsync(CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateToAnswerAsync(cancellationToken);
        return await All(context).AnyAsync(cancellationToken);
    }

    /// <summary>Whether one who can sign in is connected to one of these providers.</summary>
    /// <param name="issuers">What the providers call themselves.</param>
    /// <exception cref="System.Data.Common.DbException">The database does not answer.</exception>
    public async Task<bool> AnyConnectedAsync(IReadOnlyCollection<string> issuers, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateToAnswerAsync(cancellationToken);
        return await All(context).AnyAsync(
            user => user.DisabledAt == null && context.UserLogins.Any(login => login.UserId == user.Id && issuers.Contains(login.LoginProvider)), cancellationToken);
    }

    /// <summary>Makes a person an administrator; nothing happens to one who is.</summary>
    public Task MakeAsync(string userId, string? actorId, CancellationToken cancellationToken) => MakeAsync(userId, actorId, null, cancellationToken);

    /// <param name="reason">Who says so, where it is not the actor. Null: it is.</param>
    public async Task MakeAsync(string userId, string? actorId, string? reason, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        if (await context.InTransactionAsync(_ => AddAsync(context, userId, cancellationToken), cancellationToken))
        {
            await audit.RecordAsync(actorId, AuditAct.AdministratorMade, userId, reason, cancellationToken);
        }
    }

    /// <summary>Makes a person the administrator, unless there is one: of an account that a command on the server made.</summary>
    public async Task MakeFirstAsync(string userId, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        if (await context.InTransactionAsync(
            async _ =>
            {
                await HoldAsync(context, cancellationToken);
                return !await All(context).AnyAsync(cancellationToken) && await AddAsync(context, userId, cancellationToken);
            },
            cancellationToken))
        {
            await audit.RecordAsync(null, AuditAct.AdministratorMade, userId, null, cancellationToken);
        }
    }

    /// <summary>Makes a person an ordinary person again, signed out everywhere. Not null: they stay what they are, and why.</summary>
    public Task<Refusal?> UnmakeAsync(string userId, string? actorId, CancellationToken cancellationToken) => UnmakeAsync(userId, actorId, null, cancellationToken);

    /// <param name="reason">Who says so, where it is not the actor. Null: it is.</param>
    public async Task<Refusal?> UnmakeAsync(string userId, string? actorId, string? reason, CancellationToken cancellationToken)
    {
        if (await TakeAwayAsync(userId, cancellationToken) is not { } taken)
        {
            return LastOne;
        }

        if (taken)
        {
            // What they have open still knows them as one.
            await sessions.EndOthersAsync(userId, null, cancellationToken);
            await audit.RecordAsync(actorId, AuditAct.AdministratorUnmade, userId, reason, cancellationToken);
        }

        return null;
    }

    /// <summary>Keeps a person out: signed out everywhere, with keys that open nothing. Their links go on. Not null: they stay in, and why.</summary>
    public async Task<Refusal?> DisableAsync(string userId, string? actorId, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        var isDone = await context.InTransactionAsync(
            async transaction =>
            {
                await HoldAsync(context, cancellationToken);
                await transaction.CreateSavepointAsync(Before, cancellationToken);
                var isOne = await context.UserRoles.AnyAsync(role => role.UserId == userId && role.RoleId == Role, cancellationToken);
                await context.Users.Where(user => user.Id == userId && user.DisabledAt == null)
                    .ExecuteUpdateAsync(set => set.SetProperty(user => user.DisabledAt, now), cancellationToken);
                return !isOne || await IsStillOneAsync(context, transaction, cancellationToken);
            },
            cancellationToken);
        if (!isDone)
        {
            return LastOne;
        }

        await sessions.EndOthersAsync(userId, null, cancellationToken);
        await security.RecordAsync(userId, SecurityEventKind.AccountBlocked, cancellationToken: cancellationToken);
        await audit.RecordAsync(actorId, AuditAct.AccountDisabled, userId, null, cancellationToken);
        return null;
    }

    public async Task EnableAsync(string userId, string? actorId, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        if (await context.Users.Where(user => user.Id == userId && user.DisabledAt != null)
            .ExecuteUpdateAsync(set => set.SetProperty(user => user.DisabledAt, (DateTimeOffset?)null), cancellationToken) > 0)
        {
            await audit.RecordAsync(actorId, AuditAct.AccountEnabled, userId, null, cancellationToken);
        }
    }

    /// <summary>For an account that is about to be deleted. Null: it is the last one, and stays.</summary>
    /// <returns>Whether it was one.</returns>
    internal async Task<bool?> TakeAwayAsync(string userId, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        return await context.InTransactionAsync(
            async transaction =>
            {
                await HoldAsync(context, cancellationToken);
                await transaction.CreateSavepointAsync(Before, cancellationToken);
                var taken = await context.UserRoles.Where(role => role.UserId == userId && role.RoleId == Role).ExecuteDeleteAsync(cancellationToken);
                return taken == 0 ? false : await IsStillOneAsync(context, transaction, cancellationToken) ? true : (bool?)null;
            },
            cancellationToken);
    }

    /// <summary>Within the caller's transaction, after <see cref="HoldAsync"/>.</summary>
    internal static async Task<bool> AddAsync(SpooDbContext context, string userId, CancellationToken cancellationToken)
    {
        if (await context.UserRoles.AnyAsync(role => role.UserId == userId && role.RoleId == Role, cancellationToken))
        {
            return false;
        }

        context.UserRoles.Add(new IdentityUserRole<string> { UserId = userId, RoleId = Role });
        await context.SaveChangesAsync(cancellationToken);
        return true;
    }

    /// <summary>Until the end of the transaction no other request changes who is one: of two who leave at once, one would be the last.</summary>
    internal static Task HoldAsync(SpooDbContext context, CancellationToken cancellationToken)
    {
        var stamp = PublicId.New(DateTimeOffset.UtcNow);
        return context.Roles.Where(role => role.Id == Role).ExecuteUpdateAsync(set => set.SetProperty(role => role.ConcurrencyStamp, stamp), cancellationToken);
    }

    internal static IQueryable<SpooUser> All(SpooDbContext context) =>
        context.Users.Where(user => context.UserRoles.Any(role => role.UserId == user.Id && role.RoleId == Role));

    private static async Task<bool> IsStillOneAsync(
        SpooDbContext context, Microsoft.EntityFrameworkCore.Storage.IDbContextTransaction transaction, CancellationToken cancellationToken)
    {
        if (await All(context).AnyAsync(user => user.DisabledAt == null, cancellationToken))
        {
            return true;
        }

        await transaction.RollbackToSavepointAsync(Before, cancellationToken);
        return false;
    }
}

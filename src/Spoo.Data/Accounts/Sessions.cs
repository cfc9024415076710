using System.Collections.Concurrent;
using Microsoft.EntityFrameworkCore;
using Spoo.Data.Database;

namespace Spoo.Data.Accounts;

/// <summary>Who is signed in where. What ends here has ended everywhere: other tabs, open pages, copied cookies.</summary>
public sealed class Sessions(IDbContextFactory<SpooDbContext> contexts, TimeProvider clock)
{
    /// <summary>After so long everybody signs in anew, however often they come.</summary>
    public static readonly TimeSpan Life = TimeSpan.FromDays(30);

    /// <summary>For so long after the password was entered, it is not asked for again.</summary>
    public static readonly TimeSpan Recent = TimeSpan.FromMinutes(15);

    /// <summary>For so long this node believes what it has read. What is ended on this node is known here at once.</summary>
    private static readonly TimeSpan Believed = OtherNodes.Delay;

    /// <summary>The precision of <see cref="UserSession.LastSeenAt"/>: writing it on every page would make every read a write.</summary>
    private static readonly TimeSpan SeenPrecision = TimeSpan.FromMinutes(10);

    /// <summary>More than are signed in within a few seconds.</summary>
    private const int MostKnown = 10_000;

    private readonly ConcurrentDictionary<string, Known> _known = new(StringComparer.Ordinal);

    /// <summary>Hears the id of a session that has just been ended on this node.</summary>
    public event Action<string>? Ended;

    public Task<UserSession> BeginAsync(string userId, string? client, CancellationToken cancellationToken) => BeginAsync(userId, client, null, cancellationToken);

    /// <param name="provedAt">When the person proved who they are, where that was not just now. Null: just now.</param>
    public async Task<UserSession> BeginAsync(string userId, string? client, DateTimeOffset? provedAt, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var session = new UserSession
        {
            Id = UserSession.NewId(),
            UserId = userId,
            CreatedAt = now,
            LastSeenAt = now,
            PasswordAt = provedAt < now ? provedAt.Value : now,
            Client = client is { Length: > UserSession.MaxClientLength } ? client[..UserSession.MaxClientLength] : client,
        };
        var ended = now - Life;
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        await context.UserSessions.Where(old => old.UserId == userId && old.CreatedAt <= ended).ExecuteDeleteAsync(cancellationToken);
        context.UserSessions.Add(session);
        await context.SaveChangesAsync(cancellationToken);
        await SeenAsync(context, userId, now, cancellationToken);
        return session;
    }

    /// <summary>Whether this session of this user is still on.</summary>
    public async ValueTask<bool> IsLiveAsync(string? id, string? userId, CancellationToken cancellationToken) =>
        id is not null && await FindAsync(id, cancellationToken) is { } session
        && session.UserId == userId && clock.GetUtcNow() - session.CreatedAt < Life;

    /// <summary>Whether the password was entered, or the like, lately enough for what cannot be taken back.</summary>
    public async ValueTask<bool> IsRecentAsync(string? id, CancellationToken cancellationToken) =>
        id is not null && await FindAsync(id, cancellationToken) is { } session && clock.GetUtcNow() - session.PasswordAt <= Recent;

    /// <summary>The person has proved again who they are.</summary>
    public async Task ConfirmAsync(string id, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        await context.UserSessions.Where(session => session.Id == id)
            .ExecuteUpdateAsync(set => set.SetProperty(session => session.PasswordAt, now), cancellationToken);
        _known.TryRemove(id, out _);
    }

    /// <summary>An account's sessions, the last seen first.</summary>
    public async Task<IReadOnlyList<UserSession>> ListAsync(string userId, CancellationToken cancellationToken)
    {
        var ended = clock.GetUtcNow() - Life;
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        return await context.UserSessions.AsNoTracking()
            .Where(session => session.UserId == userId && session.CreatedAt > ended)
            .OrderByDescending(session => session.LastSeenAt).ToListAsync(cancellationToken);
    }

    /// <summary>Ends one session of this user. False: it was not on.</summary>
    public async Task<bool> EndAsync(string userId, string id, CancellationToken cancellationToken) =>
        await EndAsync(userId, session => session == id, cancellationToken) > 0;

    /// <summary>Ends all sessions of this user but one.</summary>
    /// <param name="kept">Null: all of them.</param>
    public Task EndOthersAsync(string userId, string? kept, CancellationToken cancellationToken) =>
        EndAsync(userId, session => session != kept, cancellationToken);

    private async Task<int> EndAsync(string userId, Func<string, bool> isMeant, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        var ids = await context.UserSessions.Where(session => session.UserId == userId).Select(session => session.Id).ToListAsync(cancellationToken);
        var ending = ids.Where(isMeant).ToList();
        await context.UserSessions.Where(session => session.UserId == userId && ending.Contains(session.Id)).ExecuteDeleteAsync(cancellationToken);
        foreach (var id in ending)
        {
            _known[id] = new Known(null, clock.GetUtcNow());
            Ended?.Invoke(id);
        }

        return ending.Count;
    }

    private static Task<int> SeenAsync(SpooDbContext context, string userId, DateTimeOffset now, CancellationToken cancellationToken) =>
        context.Users.Where(user => user.Id == userId).ExecuteUpdateAsync(set => set.SetProperty(user => user.LastSeenAt, now), cancellationToken);

    private async ValueTask<UserSession?> FindAsync(string id, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var isKnown = _known.TryGetValue(id, out var known);
        if (isKnown && now - known!.ReadAt < Believed)
        {
            return known.Session;
        }

        UserSession? session;
        try
        {
            await using var context = await contexts.CreateDbContextAsync(cancellationToken);
            session = await context.UserSessions.AsNoTracking().SingleOrDefaultAsync(session => session.Id == id, cancellationToken);
            if (session is not null && now - session.LastSeenAt >= SeenPrecision)
            {
                session.LastSeenAt = now;
                await context.UserSessions.Where(row => row.Id == id)
                    .ExecuteUpdateAsync(set => set.SetProperty(row => row.LastSeenAt, now), cancellationToken);
                await SeenAsync(context, session.UserId, now, cancellationToken);
            }
        }
        catch (Exception exception) when (isKnown && StoreFailure.Is(exception))
        {
            // A database that is away says nothing about who is signed in; the next look will tell.
            return known!.Session;
        }

        if (_known.Count >= MostKnown)
        {
            _known.Clear();
        }

        _known[id] = new Known(session, now);
        return session;
    }

    /// <param name="Session">Null: it has ended, or never was.</param>
    private sealed record Known(UserSession? Session, DateTimeOffset ReadAt);
}

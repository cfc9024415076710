using Microsoft.EntityFrameworkCore;
using Spoo.Data.Database;

namespace Spoo.Data.Accounts;

/// <summary>Makes API keys and recognises them again.</summary>
public sealed class ApiKeyService(IDbContextFactory<SpooDbContext> contexts, SecurityLog security, TimeProvider clock)
{
    /// <summary>More live keys than anybody keeps an overview of.</summary>
    public const int MaxLiveKeys = 20;

    /// <summary>The precision of <see cref="ApiKey.LastUsedAt"/>: writing it on every call would make every read a write.</summary>
    private static readonly TimeSpan LastUsedPrecision = TimeSpan.FromMinutes(1);

    /// <summary>Makes a key. The token is returned here and never again.</summary>
    public async Task<(ApiKey Key, string Token)> CreateAsync(
        string ownerId,
        string name,
        IReadOnlyList<string> scopes,
        string? description = null,
        DateTimeOffset? expiresAt = null,
        CancellationToken cancellationToken = default)
    {
        var token = ApiKey.NewToken();
        var now = clock.GetUtcNow();
        var key = new ApiKey
        {
            Id = PublicId.New(now),
            OwnerId = ownerId,
            Name = name,
            Description = description,
            Scopes = scopes,
            TokenHash = ApiKey.HashOf(token),
            TokenPrefix = ApiKey.PrefixOf(token),
            CreatedAt = now,
            ExpiresAt = expiresAt,
        };

        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        context.ApiKeys.Add(key);
        await context.SaveChangesAsync(cancellationToken);
        await security.RecordAsync(ownerId, SecurityEventKind.KeyMade, detail: name, cancellationToken: cancellationToken);
        return (key, token);
    }

    /// <summary>Why this account may not make another key. Null: it may.</summary>
    public async Task<Refusal?> RefuseAnotherAsync(string ownerId, CancellationToken cancellationToken)
    {
        var live = (await ListAsync(ownerId, cancellationToken)).Count(key => key.IsLive(clock.GetUtcNow()));
        return live < MaxLiveKeys ? null : Refusal.Invalid($"maximum {MaxLiveKeys} active keys allowed");
    }

    /// <summary>All keys of an account, the oldest first, those that open nothing any more included.</summary>
    public async Task<IReadOnlyList<ApiKey>> ListAsync(string ownerId, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateToAnswerAsync(cancellationToken);
        return await context.ApiKeys.AsNoTracking()
            .Where(key => key.OwnerId == ownerId)
            .OrderBy(key => key.CreatedAt).ThenBy(key => key.Id)
            .ToListAsync(cancellationToken);
    }

    /// <summary>Ends a key and keeps it in the list. False: the account has no such key.</summary>
    public async Task<bool> RevokeAsync(string ownerId, string id, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        var key = context.ApiKeys.Where(key => key.Id == id && key.OwnerId == ownerId);
        var name = await key.Select(key => key.Name).SingleOrDefaultAsync(cancellationToken);
        return await key.ExecuteUpdateAsync(set => set.SetProperty(key => key.RevokedAt, key => key.RevokedAt ?? now), cancellationToken) > 0
            && await EndedAsync(ownerId, name, cancellationToken);
    }

    /// <summary>Ends a key and forgets it. False: the account has no such key.</summary>
    public async Task<bool> DeleteAsync(string ownerId, string id, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        var key = context.ApiKeys.Where(key => key.Id == id && key.OwnerId == ownerId);
        var name = await key.Select(key => key.Name).SingleOrDefaultAsync(cancellationToken);
        return await key.ExecuteDeleteAsync(cancellationToken) > 0 && await EndedAsync(ownerId, name, cancellationToken);
    }

    private async Task<bool> EndedAsync(string ownerId, string? name, CancellationToken cancellationToken)
    {
        await security.RecordAsync(ownerId, SecurityEventKind.KeyEnded, detail: name, cancellationToken: cancellationToken);
        return true;
    }

    /// <summary>The live key with this token; null when there is none: unknown, revoked, expired, or of a person who is kept out.</summary>
    public async Task<ApiKey?> FindAsync(string token, CancellationToken cancellationToken)
    {
        if (!token.StartsWith(ApiKey.TokenStart, StringComparison.Ordinal))
        {
            return null;
        }

        var now = clock.GetUtcNow();
        var hash = ApiKey.HashOf(token);
        await using var context = await contexts.CreateToAnswerAsync(cancellationToken);
        var key = await context.ApiKeys.AsNoTracking()
            .SingleOrDefaultAsync(key => key.TokenHash == hash && context.Users.Any(user => user.Id == key.OwnerId && user.DisabledAt == null), cancellationToken);
        if (key is null || !key.IsLive(now))
        {
            return null;
        }

        if (key.LastUsedAt is null || now - key.LastUsedAt > LastUsedPrecision)
        {
            await context.ApiKeys.Where(row => row.Id == key.Id)
                .ExecuteUpdateAsync(set => set.SetProperty(row => row.LastUsedAt, now), cancellationToken);
        }

        return key;
    }
}

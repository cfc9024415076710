using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Spoo.Data.Database;

namespace Spoo.Data.Accounts;

/// <summary>A program that an account has let in.</summary>
/// <param name="LastUsedAt">To the minute. Null: never.</param>
public sealed record AppGrant(string Id, string UserId, string AppId, IReadOnlyList<string> Scopes, DateTimeOffset GrantedAt, DateTimeOffset? LastUsedAt);

/// <summary>
/// Which programs an account has let in. Each lies in the framework's table of tokens, beside the account's other secrets, and goes with the
/// account; codes and tokens are kept as hashes only.
/// </summary>
public sealed class AppGrants(IDbContextFactory<SpooDbContext> contexts, SecurityLog security, TimeProvider clock)
{
    /// <summary>A code is fetched by the program that waits for it.</summary>
    public static readonly TimeSpan CodeLife = TimeSpan.FromMinutes(5);

    /// <summary>A program that is not used for so long has to ask again.</summary>
    public static readonly TimeSpan RefreshLife = TimeSpan.FromDays(30);

    /// <summary>A program whose connection broke while it was given new tokens may ask again with the old one.</summary>
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(60);

    private static readonly TimeSpan LastUsedPrecision = TimeSpan.FromMinutes(1);

    private const string Start = "app:";

    /// <summary>Lets a program in, once it comes with the code and with what the challenge was made of.</summary>
    /// <param name="challenge">The hash of the program's secret (PKCE, S256). Null: it has none.</param>
    /// <returns>The code.</returns>
    public async Task<string> AllowAsync(string userId, ConnectedApp app, string? challenge, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var (id, secret) = (PublicId.New(now), NewSecret());
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        foreach (var row in await RowsAsync(context, userId, cancellationToken))
        {
            if (State.Of(row) is { RefreshHash: null } abandoned && abandoned.CodeEnds <= now)
            {
                context.UserTokens.Remove(row);
            }
        }

        var state = new State { Scopes = ConnectedApp.Scopes, GrantedAt = now, CodeHash = HashOf(secret), CodeEnds = now + CodeLife, Challenge = challenge };
        context.UserTokens.Add(new IdentityUserToken<string> { UserId = userId, LoginProvider = Start + app.Id, Name = id, Value = state.Print() });
        await context.SaveChangesAsync(cancellationToken);
        await security.RecordAsync(userId, SecurityEventKind.AppAllowed, detail: app.Name, cancellationToken: cancellationToken);
        return $"{userId}.{id}.{secret}";
    }

    /// <summary>Whether the account has let this program in already.</summary>
    public async Task<bool> IsAllowedAsync(string userId, string appId, CancellationToken cancellationToken) =>
        (await ListAsync(userId, cancellationToken)).Any(grant => grant.AppId == appId);

    /// <summary>The programs that are let in now, the newest first.</summary>
    public async Task<IReadOnlyList<AppGrant>> ListAsync(string userId, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        await using var context = await contexts.CreateToAnswerAsync(cancellationToken);
        return [.. (await RowsAsync(context, userId, cancellationToken)).Where(row => State.Of(row).IsLive(now)).Select(GrantOf).OrderByDescending(grant => grant.GrantedAt)];
    }

    /// <summary>Whether a code was given to a program that has no secret to tell.</summary>
    public async Task<bool> IsWithoutProofAsync(string code, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateToAnswerAsync(cancellationToken);
        return await FindAsync(context, code, cancellationToken) is var (row, secret) && State.Of(row) is { Challenge: null } state && state.CodeHash == HashOf(secret);
    }

    /// <summary>Takes a code, which then is worth nothing any more, whatever comes of it. Null: it is not worth anything.</summary>
    /// <param name="verifier">The program's secret. Null: it has none.</param>
    public async Task<(AppGrant Grant, string Refresh)?> ExchangeAsync(string code, string? verifier, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        if (await FindAsync(context, code, cancellationToken) is not var (row, secret))
        {
            return null;
        }

        var state = State.Of(row);
        if (state.CodeHash is null || state.CodeHash != HashOf(secret) || state.CodeEnds <= now)
        {
            return null;
        }

        var isRight = state.Challenge is null ? verifier is null : verifier is not null && CryptographicOperations.FixedTimeEquals(
            Encoding.ASCII.GetBytes(state.Challenge), Encoding.ASCII.GetBytes(ChallengeOf(verifier)));
        var refresh = NewSecret();
        var next = state with { CodeHash = null, CodeEnds = null, Challenge = null };
        next = isRight ? next with { RefreshHash = HashOf(refresh), RotatedAt = now, RefreshEnds = now + RefreshLife } : next;
        return await SwapAsync(context, row, next, cancellationToken) && isRight ? (GrantOf(row), $"{row.UserId}.{row.Name}.{refresh}") : null;
    }

    /// <summary>
    /// Takes a token for new ones, in place of the one that is given. One that was taken before is a copy in other hands: then neither gets in
    /// any more. Null: it is not worth anything.
    /// </summary>
    public async Task<(AppGrant Grant, string Refresh)?> RefreshAsync(string token, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        if (await FindAsync(context, token, cancellationToken) is not var (row, secret))
        {
            return null;
        }

        var state = State.Of(row);
        if (!state.IsLive(now))
        {
            return null;
        }

        var hash = HashOf(secret);
        var isFormer = hash == state.FormerRefreshHash;
        if (isFormer && now - state.RotatedAt > Grace)
        {
            await RemoveAsync(context, row, cancellationToken);
            return null;
        }

        if (hash != state.RefreshHash && !isFormer)
        {
            return null;
        }

        var refresh = NewSecret();
        var next = state with
        {
            RefreshHash = HashOf(refresh),
            FormerRefreshHash = hash,
            RotatedAt = isFormer ? state.RotatedAt : now,
            RefreshEnds = now + RefreshLife,
        };
        return await SwapAsync(context, row, next, cancellationToken) ? (GrantOf(row), $"{row.UserId}.{row.Name}.{refresh}") : null;
    }

    /// <summary>A grant as it is at this moment, in which it is used. Null: there is none any more.</summary>
    public async Task<AppGrant?> UseAsync(string userId, string id, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        await using var context = await contexts.CreateToAnswerAsync(cancellationToken);
        var row = await context.UserTokens.AsNoTracking()
            .SingleOrDefaultAsync(token => token.UserId == userId && token.Name == id && token.LoginProvider.StartsWith(Start), cancellationToken);
        var state = row is null ? null : State.Of(row);
        if (row is null || state?.IsLive(now) != true)
        {
            return null;
        }

        if (state.LastUsedAt is null || now - state.LastUsedAt > LastUsedPrecision)
        {
            await SwapAsync(context, row, state with { LastUsedAt = now }, cancellationToken);
        }

        return GrantOf(row);
    }

    /// <summary>Shuts a program out, wherever it is signed in. False: it was not in.</summary>
    public async Task<bool> RevokeAsync(string userId, string appOrGrantId, string? nameOfApp, CancellationToken cancellationToken)
    {
        var provider = Start + appOrGrantId;
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        var ended = await context.UserTokens
            .Where(token => token.UserId == userId && (token.LoginProvider == provider || (token.Name == appOrGrantId && token.LoginProvider.StartsWith(Start))))
            .ExecuteDeleteAsync(cancellationToken);
        if (ended > 0)
        {
            await security.RecordAsync(userId, SecurityEventKind.AppEnded, detail: nameOfApp ?? appOrGrantId, cancellationToken: cancellationToken);
        }

        return ended > 0;
    }

    /// <summary>What a program says first of the secret that it tells later.</summary>
    internal static string ChallengeOf(string verifier) => Base64Url.EncodeToString(SHA256.HashData(Encoding.ASCII.GetBytes(verifier)));

    private static async Task<List<IdentityUserToken<string>>> RowsAsync(SpooDbContext context, string userId, CancellationToken cancellationToken) =>
        await context.UserTokens.Where(token => token.UserId == userId && token.LoginProvider.StartsWith(Start)).ToListAsync(cancellationToken);

    /// <summary>The row that a code or token belongs to, and its secret part.</summary>
    private static async Task<(IdentityUserToken<string> Row, string Secret)?> FindAsync(SpooDbContext context, string text, CancellationToken cancellationToken) =>
        text.Split('.') is [var userId, var id, var secret] && PublicId.IsValid(id)
        && await context.UserTokens.AsNoTracking().SingleOrDefaultAsync(
            token => token.UserId == userId && token.Name == id && token.LoginProvider.StartsWith(Start), cancellationToken) is { } row
            ? (row, secret)
            : null;

    /// <summary>Of several that change the same grant at once, one does.</summary>
    private static async Task<bool> SwapAsync(SpooDbContext context, IdentityUserToken<string> row, State next, CancellationToken cancellationToken)
    {
        var (before, after) = (row.Value, next.Print());
        return await context.UserTokens
            .Where(token => token.UserId == row.UserId && token.LoginProvider == row.LoginProvider && token.Name == row.Name && token.Value == before)
            .ExecuteUpdateAsync(set => set.SetProperty(token => token.Value, after), cancellationToken) == 1;
    }

    private static Task<int> RemoveAsync(SpooDbContext context, IdentityUserToken<string> row, CancellationToken cancellationToken) => context.UserTokens
        .Where(token => token.UserId == row.UserId && token.LoginProvider == row.LoginProvider && token.Name == row.Name)
        .ExecuteDeleteAsync(cancellationToken);

    private static AppGrant GrantOf(IdentityUserToken<string> row)
    {
        var state = State.Of(row);
        return new AppGrant(row.Name, row.UserId, row.LoginProvider[Start.Length..], state.Scopes, state.GrantedAt, state.LastUsedAt);
    }

    private static string NewSecret() => Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));

    private static string HashOf(string secret) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(secret)));

    private sealed record State
    {
        public required IReadOnlyList<string> Scopes { get; init; }

        public required DateTimeOffset GrantedAt { get; init; }

        public DateTimeOffset? LastUsedAt { get; init; }

        public string? CodeHash { get; init; }

        public DateTimeOffset? CodeEnds { get; init; }

        public string? Challenge { get; init; }

        public string? RefreshHash { get; init; }

        public string? FormerRefreshHash { get; init; }

        public DateTimeOffset? RotatedAt { get; init; }

        public DateTimeOffset? RefreshEnds { get; init; }

        public string Print() => JsonSerializer.Serialize(this);

        public bool IsLive(DateTimeOffset now) => RefreshHash is not null && RefreshEnds > now;

        public static State Of(IdentityUserToken<string> row) => JsonSerializer.Deserialize<State>(row.Value!)!;
    }
}

using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;
using Spoo.Data.Database;

namespace Spoo.Data.Accounts;

/// <summary>
/// Writes security events twice: for their owner into a table, and for the operator into a log of their own, which is the
/// category <c>Spoo.Security</c>.
/// </summary>
public sealed partial class SecurityLog(IDbContextFactory<SpooDbContext> contexts, TimeProvider clock, ILoggerFactory loggers)
{
    public const string Category = "Spoo.Security";

    private const string Unsaid = "-";

    /// <summary>Older events are deleted.</summary>
    public static readonly TimeSpan Kept = TimeSpan.FromDays(90);

    /// <summary>What strangers can cause pushes nothing else out, and is kept only so often.</summary>
    private const int MostFailures = 50;

    private readonly ILogger _logger = loggers.CreateLogger(Category);

    /// <summary>Hears of each event of an account that is there.</summary>
    public event Action<SecurityEvent>? Happened;

    /// <summary>Writes an event down. A database that is away keeps people from nothing; the log has it then.</summary>
    public async Task RecordAsync(
        string userId, SecurityEventKind kind, string? client = null, string? detail = null, CancellationToken cancellationToken = default)
    {
        var now = clock.GetUtcNow();
        Log(kind, userId, client, detail);
        var happened = new SecurityEvent
        {
            UserId = userId,
            At = now,
            Kind = kind,
            Client = Cut(client, UserSession.MaxClientLength),
            Detail = Cut(detail, SecurityEvent.MaxDetailLength),
        };
        try
        {
            await using var context = await contexts.CreateDbContextAsync(cancellationToken);
            await ForgetAsync(context, userId, kind, now, cancellationToken);
            context.SecurityEvents.Add(happened);
            await context.SaveChangesAsync(cancellationToken);
        }
        catch (Exception exception) when (StoreFailure.Is(exception))
        {
            // Away, or the account has just been deleted.
            NotKept(kind, exception);
            return;
        }

        Happened?.Invoke(happened);
    }

    /// <summary>Writes an event down unseen by the client that caused it, who must not learn from the time it takes that there is an account.</summary>
    public void RecordUnseen(string userId, SecurityEventKind kind, string? client) =>
        _ = Task.Run(() => RecordAsync(userId, kind, client), CancellationToken.None);

    /// <summary>What only the log of the server hears: there is no account (any more) that could read it.</summary>
    public void Log(SecurityEventKind kind, string userId, string? client = null, string? detail = null)
    {
        if (kind is SecurityEventKind.SignInFailed or SecurityEventKind.CodeFailed)
        {
            Failed(kind, userId, client);
        }
        else
        {
            Done(kind, userId, client, detail);
        }
    }

    /// <summary>An account's events, the newest first.</summary>
    public async Task<IReadOnlyList<SecurityEvent>> ListAsync(string userId, int most, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        return await context.SecurityEvents.AsNoTracking()
            .Where(happened => happened.UserId == userId)
            .OrderByDescending(happened => happened.At).ThenByDescending(happened => happened.Id)
            .Take(most).ToListAsync(cancellationToken);
    }

    private static async Task ForgetAsync(
        SpooDbContext context, string userId, SecurityEventKind kind, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var old = now - Kept;
        await context.SecurityEvents.Where(happened => happened.UserId == userId && happened.At < old).ExecuteDeleteAsync(cancellationToken);
        if (kind is SecurityEventKind.SignInFailed or SecurityEventKind.CodeFailed)
        {
            var first = await context.SecurityEvents.Where(happened => happened.UserId == userId && happened.Kind == kind)
                .OrderByDescending(happened => happened.Id).Skip(MostFailures - 1).Select(happened => (long?)happened.Id)
                .FirstOrDefaultAsync(cancellationToken);
            if (first is not null)
            {
                await context.SecurityEvents.Where(happened => happened.UserId == userId && happened.Kind == kind && happened.Id <= first)
                    .ExecuteDeleteAsync(cancellationToken);
            }
        }
    }

    private static string? Cut(string? text, int length) => text?.Length > length ? text[..length] : text;

    private void Done(SecurityEventKind kind, string userId, string? client, string? detail) => Done(_logger, kind, userId, client ?? Unsaid, detail ?? Unsaid);

    private void Failed(SecurityEventKind kind, string userId, string? client) => Failed(_logger, kind, userId, client ?? Unsaid);

    private void NotKept(SecurityEventKind kind, Exception exception) => NotKept(_logger, kind, exception);

    [LoggerMessage(LogLevel.Information, "{Kind}: account {UserId}, client {Client}, detail {Detail}")]
    private static partial void Done(ILogger logger, SecurityEventKind kind, string userId, string client, string detail);

    [LoggerMessage(LogLevel.Warning, "{Kind}: account {UserId}, client {Client}")]
    private static partial void Failed(ILogger logger, SecurityEventKind kind, string userId, string client);

    [LoggerMessage(LogLevel.Warning, "The event {Kind} stands only in this log: the database did not take it.")]
    private static partial void NotKept(ILogger logger, SecurityEventKind kind, Exception exception);
}

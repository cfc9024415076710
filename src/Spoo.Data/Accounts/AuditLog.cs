using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;
using Spoo.Data.Database;

namespace Spoo.Data.Accounts;

/// <summary>
/// Writes down what administrators do, in a table that they can search and in the log of the server, in the category <c>Spoo.Audit</c>.
/// </summary>
public sealed partial class AuditLog(IDbContextFactory<SpooDbContext> contexts, TimeProvider clock, ILoggerFactory loggers)
{
    public const string Category = "Spoo.Audit";

    private readonly ILogger _logger = loggers.CreateLogger(Category);

    /// <param name="actorId">Null: a command on the server.</param>
    public async Task RecordAsync(string? actorId, AuditAct act, string? subject, string? detail, CancellationToken cancellationToken)
    {
        Done(_logger, act, subject, actorId ?? "a command");
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        context.AuditEntries.Add(new AuditEntry
        {
            At = clock.GetUtcNow(),
            ActorId = actorId,
            Act = act,
            Subject = Cut(subject, AuditEntry.MaxSubjectLength),
            Detail = Cut(detail, AuditEntry.MaxDetailLength),
        });
        await context.SaveChangesAsync(cancellationToken);
    }

    private static string? Cut(string? text, int length) => text?.Length > length ? text[..length] : text;

    [LoggerMessage(LogLevel.Information, "{Act} {Subject} by {Actor}")]
    private static partial void Done(ILogger logger, AuditAct act, string? subject, string actor);
}

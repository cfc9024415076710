using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Spoo.Data.Clicks.Storing;
using Spoo.Data.Database;
using Spoo.Data.Stats;

namespace Spoo.Data.Care;

/// <summary>
/// Looks every few seconds whether links or clicks have been deleted, by whichever process, and clears up after it: the database, this node's
/// index files and its journal.
/// </summary>
public sealed partial class ClearingUpRounds(
    IDbContextFactory<SpooDbContext> contexts,
    SpooDatabase database,
    ClearingUp clearingUp,
    IClickCounting counting,
    ClickWriter writer,
    IOptions<DataOptions> options,
    TimeProvider clock,
    ILogger<ClearingUpRounds> logger)
    : Rounds(clock, logger)
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(5);

    /// <summary>So many times as long as it took, so that one who deletes again and again keeps the server busy for a small part of the time only.</summary>
    private const int Rest = 20;

    private readonly ILogger _logger = logger;

    // Up to which deletion this node has cleared up. Deleting the file costs a look at the index files.
    private readonly string _path = options.Value.PathOf("index", "deletions");

    protected override TimeSpan FirstPause => Pause;

    protected override async Task<TimeSpan> RoundAsync(CancellationToken cancellationToken)
    {
        if (!database.IsReady || await LastAsync(cancellationToken) is not { } last || last == ReadDone())
        {
            return Pause;
        }

        var (isDone, took) = await ClearUpAsync(cancellationToken);
        if (isDone)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(_path)!);
            await File.WriteAllTextAsync(_path, last, cancellationToken);
        }

        ClearedUp((long)took.TotalMilliseconds);
        return took * Rest > Pause ? took * Rest : Pause;
    }

    // Null: there is nothing that could have been deleted.
    private async Task<string?> LastAsync(CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        return (await Deletions.OfAsync(context, cancellationToken)).Last is { Length: > 0 } last ? last : null;
    }

    private async Task<(bool IsDone, TimeSpan Took)> ClearUpAsync(CancellationToken cancellationToken)
    {
        // The journal first: what it still has of deleted links is read and left out before the rest is looked at.
        var started = Clock.GetTimestamp();
        writer.ForgetStored();
        var isDone = await clearingUp.RunAsync(cancellationToken);
        var took = Clock.GetElapsedTime(started);

        // What is copied meanwhile is no clearing up, and the next deletion is not to wait twenty times as long.
        await counting.FollowAsync(cancellationToken);
        started = Clock.GetTimestamp();
        await counting.ForgetDeletedAsync(cancellationToken);
        return (isDone, took + Clock.GetElapsedTime(started));
    }

    private string? ReadDone() => File.Exists(_path) ? File.ReadAllText(_path) : null;

    [LoggerMessage(LogLevel.Debug, "What was left of deleted links and clicks was cleared up in {Milliseconds} ms.")]
    private partial void ClearedUp(long milliseconds);
}

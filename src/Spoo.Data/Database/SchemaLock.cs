using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;

namespace Spoo.Data.Database;

/// <summary>
/// Lets one process at a time bring the tables up to date. It is gone when the process that has it is: a locked file, or a transaction's.
/// </summary>
internal sealed partial class SchemaLock(SpooContexts contexts, DataOptions options, TimeProvider clock, ILogger logger)
{
    /// <summary>After so long a wait for another process the log says what is waited for.</summary>
    private static readonly TimeSpan Silence = TimeSpan.FromSeconds(3);

    /// <summary>The longest wait: by then the other process works on more rows than there can be, or does not work at all.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    /// <summary>Of PostgreSQL's advisory lock: "Spoo".</summary>
    private const int Advisory = 0x5370_6F6F;

    /// <summary>Waits for its turn, which ends with what is returned. Null: Entity Framework's own lock is enough.</summary>
    /// <exception cref="SettingException">Another process does not come to an end.</exception>
    /// <exception cref="System.Data.Common.DbException">The database does not answer.</exception>
    public async Task<IAsyncDisposable?> TakeAsync(CancellationToken cancellationToken)
    {
        var began = clock.GetTimestamp();
        for (var wasSaid = false; ;)
        {
            if (await TryTakeAsync(cancellationToken) is (true, var turn))
            {
                return turn;
            }

            var waited = clock.GetElapsedTime(began);
            if (!wasSaid && waited > Silence)
            {
                wasSaid = true;
                Waits();
            }

            if (waited > Patience)
            {
                throw new SettingException(
                    $"another process has been bringing the database's tables up to date for {Patience.TotalMinutes} minutes: wait for it to finish, or end it, and start again");
            }

            await Task.Delay(TimeSpan.FromMilliseconds(200), clock, cancellationToken);
        }
    }

    private async Task<(bool HasIt, IAsyncDisposable? Turn)> TryTakeAsync(CancellationToken cancellationToken)
    {
        switch (options.Database)
        {
            case DatabaseKind.Sqlite:
                try
                {
                    return (true, new FileStream(options.PathOf(".schema-lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, 1, FileOptions.DeleteOnClose));
                }
                catch (IOException exception) when (exception is not (FileNotFoundException or DirectoryNotFoundException))
                {
                    return (false, null);
                }

            case DatabaseKind.PostgreSql:
                var context = contexts.CreateBeforeTheGate(mayMake: false);

                // Held by a transaction and not by the session: behind a pooler that would be anybody's next, and keep the lock. Others may end transactions that do nothing for long.
                await context.Database.BeginTransactionAsync(cancellationToken);
                await context.Database.ExecuteSqlRawAsync("SET LOCAL idle_in_transaction_session_timeout = 0", cancellationToken);
                if (await context.Database.SqlQuery<bool>($"""SELECT pg_try_advisory_xact_lock({Advisory}) AS "Value" """).SingleAsync(cancellationToken))
                {
                    return (true, context);
                }

                await context.DisposeAsync();
                return (false, null);

            default:
                // Entity Framework takes such a lock itself.
                return (true, null);
        }
    }

    [LoggerMessage(LogLevel.Warning, "Waiting for another process that is bringing the database's tables up to date.")]
    private partial void Waits();
}

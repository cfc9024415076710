using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;

namespace Spoo.Data.Database;

/// <summary>
/// Does again what a database server has ended because it and another had been waiting for each other: one of the two has to begin anew,
/// and nothing is wrong with what it wanted. Every other failure goes to whoever asked, as it is: the servers' own strategies wrap what
/// a server that is away says, and everybody here tells the failures of the database by their type.
/// </summary>
internal sealed class DeadlockRetry(ExecutionStrategyDependencies dependencies) : IExecutionStrategy
{
    /// <summary>Whoever meets one again and again is in a crowd that does not end.</summary>
    public const int MostAttempts = 6;

    /// <summary>Entity Framework would hold back all rows of an answer until the last had come. What fails in the middle of one fails.</summary>
    public bool RetriesOnFailure => false;

    public TResult Execute<TState, TResult>(
        TState state, Func<DbContext, TState, TResult> operation, Func<DbContext, TState, ExecutionResult<TResult>>? verifySucceeded)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return operation(dependencies.CurrentContext.Context, state);
            }
            catch (Exception exception) when (MayTryAgain(exception, attempt))
            {
                Thread.Sleep(PauseAfter(attempt));
            }
        }
    }

    public async Task<TResult> ExecuteAsync<TState, TResult>(
        TState state,
        Func<DbContext, TState, CancellationToken, Task<TResult>> operation,
        Func<DbContext, TState, CancellationToken, Task<ExecutionResult<TResult>>>? verifySucceeded,
        CancellationToken cancellationToken = default)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await operation(dependencies.CurrentContext.Context, state, cancellationToken);
            }
            catch (Exception exception) when (MayTryAgain(exception, attempt))
            {
                await Task.Delay(PauseAfter(attempt), cancellationToken);
            }
        }
    }

    /// <summary>Short, and for each of those that met a different time.</summary>
    public static TimeSpan PauseAfter(int attempt) => TimeSpan.FromMilliseconds(Random.Shared.Next(5, 40) * attempt);

    // Within a transaction all of it was undone, and only whoever began it can begin it again.
    private bool MayTryAgain(Exception exception, int attempt) =>
        attempt < MostAttempts && dependencies.CurrentContext.Context.Database.CurrentTransaction is null && StoreFailure.IsDeadlock(exception);
}

/// <summary>Several statements that are done together or not at all.</summary>
internal static class Transactions
{
    /// <summary>
    /// Does the work in a transaction, and all of it again when the database has ended it for a deadlock. So it may change nothing but the
    /// database, and must look at everything anew.
    /// </summary>
    public static async Task<T> InTransactionAsync<T>(
        this SpooDbContext context, Func<IDbContextTransaction, Task<T>> work, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                await using var transaction = await context.Database.BeginTransactionAsync(cancellationToken);
                var result = await work(transaction);
                await transaction.CommitAsync(cancellationToken);
                return result;
            }
            catch (Exception exception) when (attempt < DeadlockRetry.MostAttempts && StoreFailure.IsDeadlock(exception))
            {
                context.ChangeTracker.Clear();
                await Task.Delay(DeadlockRetry.PauseAfter(attempt), cancellationToken);
            }
        }
    }
}

using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;

namespace Spoo.Data.Database;

/// <summary>
/// Does again what a database server has undone because it and another had been waiting for each other: one of the two has to begin anew,
/// and nothing is wrong with what it wanted. Every other failure goes to the caller as it is: the servers' own strategies wrap what a server
/// that is away says, and callers tell the failures of the database by their type.
/// </summary>
internal sealed class DeadlockRetry(ExecutionStrategyDependencies dependencies) : IExecutionStrategy
{
    /// <summary>After so many there is more wrong than two that met.</summary>
    private const int MostAttempts = 6;

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
            catch (Exception exception) when (attempt < MostAttempts && StoreFailure.IsDeadlock(exception) && IsAlone())
            {
                Thread.Sleep(PauseAfter(attempt));
            }
        }
    }

    public Task<TResult> ExecuteAsync<TState, TResult>(
        TState state,
        Func<DbContext, TState, CancellationToken, Task<TResult>> operation,
        Func<DbContext, TState, CancellationToken, Task<ExecutionResult<TResult>>>? verifySucceeded,
        CancellationToken cancellationToken = default) =>
        DoAsync(() => operation(dependencies.CurrentContext.Context, state, cancellationToken), IsAlone, cancellationToken);

    /// <summary>Does work that looks at everything anew each time, and changes nothing but the database.</summary>
    public static Task<T> DoAsync<T>(Func<Task<T>> work, CancellationToken cancellationToken) => DoAsync(work, () => true, cancellationToken);

    /// <param name="mayAgain">Asked before each new attempt.</param>
    private static async Task<T> DoAsync<T>(Func<Task<T>> work, Func<bool> mayAgain, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await work();
            }
            catch (Exception exception) when (attempt < MostAttempts && StoreFailure.IsDeadlock(exception) && mayAgain())
            {
                await Task.Delay(PauseAfter(attempt), cancellationToken);
            }
        }
    }

    /// <summary>Short, and another for each of the two that met.</summary>
    private static TimeSpan PauseAfter(int attempt) => TimeSpan.FromMilliseconds(Random.Shared.Next(5, 40) * attempt);

    // Within a transaction all of it was undone, and only the code that began it can begin it again.
    private bool IsAlone() => dependencies.CurrentContext.Context.Database.CurrentTransaction is null;
}

/// <summary>Several statements that are done together or not at all.</summary>
internal static class Transactions
{
    /// <summary>
    /// Does the work in a transaction, and all of it again when the database has ended it for a deadlock. So it may change nothing but the
    /// database, and must look at everything anew.
    /// </summary>
    public static Task<T> InTransactionAsync<T>(
        this SpooDbContext context, Func<IDbContextTransaction, Task<T>> work, CancellationToken cancellationToken) =>
        DeadlockRetry.DoAsync(
            async () =>
            {
                // What an attempt before this one has read is as if it had never been.
                context.ChangeTracker.Clear();
                await using var transaction = await context.Database.BeginTransactionAsync(cancellationToken);
                var result = await work(transaction);
                await transaction.CommitAsync(cancellationToken);
                return result;
            },
            cancellationToken);
}

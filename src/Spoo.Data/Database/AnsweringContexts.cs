using Microsoft.EntityFrameworkCore;

namespace Spoo.Data.Database;

/// <summary>Contexts for answers that a person is waiting for.</summary>
internal static class AnsweringContexts
{
    /// <summary>
    /// As <c>CreateDbContextAsync</c>, for questions that are quick or not answered at all: behind a program that keeps a table locked,
    /// a person who waits is told so while they still wait.
    /// </summary>
    public static async Task<SpooDbContext> CreateToAnswerAsync(this IDbContextFactory<SpooDbContext> contexts, CancellationToken cancellationToken)
    {
        var context = await contexts.CreateDbContextAsync(cancellationToken);
        context.Database.SetCommandTimeout(StoreFailure.Patience);
        return context;
    }

    /// <summary>Whether the context is one of those.</summary>
    public static bool IsToAnswer(this SpooDbContext context) => context.Database.GetCommandTimeout() == (int)StoreFailure.Patience.TotalSeconds;
}

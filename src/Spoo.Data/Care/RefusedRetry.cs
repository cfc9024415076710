using Microsoft.EntityFrameworkCore;
using Spoo.Data.Clicks.Facts;
using Spoo.Data.Clicks.Moved;
using Spoo.Data.Clicks.Reading;
using Spoo.Data.Clicks.Storing;
using Spoo.Data.Database;



namespace Spoo.Data.Care;

/// <summary>Offers clicks that the database has refused to it again; may run beside the server.</summary>
public sealed class RefusedRetry(IDbContextFactory<SpooDbContext> contexts, RefusedClicks refused, ClickReader reader, ClickStore store)
{
    /// <summary>A file goes when its click is in the database, which knows it by its key: ended in between, the next run finds it there.</summary>
    /// <exception cref="System.Data.Common.DbException">The database does not answer.</exception>
    public async Task<RetryReport> RunAsync(CancellationToken cancellationToken)
    {
        var (stored, alreadyThere, withoutLink) = (0, 0, 0);
        var again = new List<(string File, string Reason)>();
        foreach (var file in refused.Files().ToList())
        {
            try
            {
                var click = RefusedClicks.Read(file);
                if (click.IsBlocked)
                {
                    // It leaves no row by which it could be known to have been counted.
                    throw new InvalidDataException("a visit that was turned away is only a count, and cannot be added again");
                }

                var id = new ClickId(click.Writer, click.Sequence);
                var batch = new ClickBatch();
                reader.Read(click.Click, id, batch);
                var became = await IsMovedAsync(id, cancellationToken) ? new StoredBatch(0, 1, 0) : await store.StoreAsync(batch, cancellationToken);
                (stored, alreadyThere, withoutLink) = (stored + became.Stored, alreadyThere + became.AlreadyThere, withoutLink + became.WithoutLink);
                File.Delete(file);
            }
            catch (Exception exception) when (exception is InvalidDataException || StoreFailure.IsRefusal(exception))
            {
                again.Add((file, exception.GetBaseException().Message));
            }
        }

        return new RetryReport(stored, alreadyThere, withoutLink, again);
    }

    // An earlier run has stored it, and it lives elsewhere since.
    private async Task<bool> IsMovedAsync(ClickId id, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        return (await context.Moved().LinksOfAsync(context, [id.Packed], cancellationToken)).Count > 0;
    }
}

/// <param name="AlreadyThere">Clicks that had been stored by an earlier run.</param>
/// <param name="WithoutLink">Clicks whose link has been deleted meanwhile; there is nothing left to store them for.</param>
/// <param name="Refused">Files whose clicks are refused still, and why.</param>
public sealed record RetryReport(int Stored, int AlreadyThere, int WithoutLink, IReadOnlyList<(string File, string Reason)> Refused);

using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using Microsoft.EntityFrameworkCore;
using Spoo.Data.Clicks.Facts;
using Spoo.Data.Clicks.Moved;
using Spoo.Data.Database;
using Spoo.Data.Stats.Live;

namespace Spoo.Data.Transfer.ClickExports;

/// <summary>Some lines of an export.</summary>
/// <param name="Text">Whole lines. The memory is used again for the next page.</param>
/// <param name="Clicks">How many clicks they are.</param>
public readonly record struct ExportedPage(ReadOnlyMemory<byte> Text, int Clicks);

/// <summary>
/// Writes out clicks one by one, in the order of their keys, so that an import reads the same statistics back. Streams: memory does
/// not grow with the number of clicks, and no transaction stays open while a download is slow.
/// </summary>
public sealed partial class ClickExport(IDbContextFactory<SpooDbContext> contexts, VisitorHash visitors)
{
    /// <summary>Keys asked for in one question to the database.</summary>
    internal const int KeysAtOnce = 2_000;

    /// <summary>Clicks read at a time: enough to make a page cheap, few enough to keep it near two megabytes.</summary>
    private const int PageLength = 4_096;

    private const int MostNamed = 5_000;

    /// <summary>
    /// Stands before the number of every click, because clicks of two installations have the same numbers and may be imported into
    /// one account.
    /// </summary>
    private readonly string _installation = Convert.ToHexStringLower(visitors.KeyFor("installation", null).AsSpan(0, 4)) + "-";

    /// <summary>Whether this is the id of a click as exports write it, of whichever installation.</summary>
    internal static bool IsId([NotNullWhen(true)] string? text) => text is not null && Id().IsMatch(text);

    /// <summary>The place in the order of all clicks behind the one with this id. Null: no click of this installation has such an id.</summary>
    public long? CursorOf(string id) =>
        id.StartsWith(_installation, StringComparison.Ordinal)
        && long.TryParse(id.AsSpan(_installation.Length), NumberStyles.None, CultureInfo.InvariantCulture, out var key) ? key : null;

    /// <summary>All selected clicks, page by page.</summary>
    /// <param name="after">Go on behind this place, with no header. Null: from the beginning.</param>
    /// <exception cref="System.Data.Common.DbException">The database does not answer.</exception>
    public async IAsyncEnumerable<ExportedPage> ReadAsync(
        ClickSelection selection, ClickText format, long? after, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var names = new VisitorNames(visitors.KeyFor("export", selection.OwnerId));
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        context.ChangeTracker.QueryTrackingBehavior = QueryTrackingBehavior.NoTracking;
        var page = new ClickPage(context, format, names, _installation, selection.Filters);
        if (after is null)
        {
            yield return new ExportedPage(format.Header, 0);
        }

        var links = selection.Links.Select(link => link.Id).ToHashSet();
        if (links.Count == 0)
        {
            yield break;
        }

        // The next rows are read while these are written and sent, over a connection of their own.
        await using var reading = await contexts.CreateDbContextAsync(cancellationToken);
        using var abandoned = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var (rows, free) = (new List<ClickRow>(PageLength), new List<ClickRow>(PageLength));
        var next = NextAsync(reading, selection, links, after ?? -1, rows, abandoned.Token);
        try
        {
            for (var isLast = false; !isLast;)
            {
                await next;
                isLast = rows.Count < PageLength;
                if (!isLast)
                {
                    next = NextAsync(reading, selection, links, rows[^1].Id, free, abandoned.Token);
                }

                rows.RemoveAll(row => !links.Contains(row.LinkId));
                yield return await page.WriteAsync(rows, cancellationToken);
                (rows, free) = (free, rows);
            }
        }
        finally
        {
            // The connection must not be let go of before it has stopped reading.
            await abandoned.CancelAsync();
            await next.ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
        }
    }

    private static Task<int> NextAsync(
        SpooDbContext context, ClickSelection selection, HashSet<long> links, long last, List<ClickRow> into, CancellationToken cancellationToken) =>
        Task.Run(
            () => DeadlockRetry.DoAsync(
                () => context.Moved().ReadAsync(
                    context,
                    async moved =>
                    {
                        into.Clear();
                        long? onlyLink = selection.Links is [var only] ? only.Id : null;
                        var (from, to) = selection.Range.Milliseconds;
                        await using (var rows = await ClickRows.NextAsync(context, selection.OwnerId, onlyLink, from, to, last, PageLength, cancellationToken))
                        {
                            await rows.ReadAsync(into, PageLength, cancellationToken);
                        }

                        if (moved is not null)
                        {
                            // The names of very many links are as much to send as the clicks that they leave out.
                            var which = string.Create(CultureInfo.InvariantCulture, $"Id > {last} AND Time >= {from} AND Time <= {to}{(links.Count > MostNamed ? "" : $" AND {MovedTable.IsOneOf("LinkId", links)}")}");
                            var together = ClickRows.Together(into, await moved.FirstAsync(which, PageLength, cancellationToken), PageLength);
                            if (together != into)
                            {
                                into.Clear();
                                into.AddRange(together);
                            }
                        }

                        return into.Count;
                    },
                    cancellationToken),
                cancellationToken),
            cancellationToken);

    [GeneratedRegex(@"^[0-9a-f]{8}-[0-9]{1,19}\z")]
    private static partial Regex Id();
}

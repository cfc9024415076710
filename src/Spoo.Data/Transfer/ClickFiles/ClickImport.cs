using Microsoft.EntityFrameworkCore;
using Spoo.Data.Accounts;
using Spoo.Data.Clicks.Facts;
using Spoo.Data.Clicks.Moved;
using Spoo.Data.Clicks.Reading;
using Spoo.Data.Clicks.Storing;
using Spoo.Data.Database;
using Spoo.Data.Links;
using Spoo.Data.Transfer.ClickExports;
using Spoo.Data.Transfer.ClickFiles.Formats;
using Spoo.Data.Transfer.Imports;

namespace Spoo.Data.Transfer.ClickFiles;

/// <summary>
/// Brings the clicks of a file into the database. Streams: memory does not grow with the file. Each line is one click, is reported,
/// or was there already; importing a file again, or the rest of one that was interrupted, stores nothing twice.
/// </summary>
public sealed class ClickImport(
    IDbContextFactory<SpooDbContext> contexts, ClickStore store, ClickReader reader, ClickExport exports, NewLinks newLinks, ImportRecords records, TimeProvider clock)
{
    /// <summary>Keys in one question to the database; SQL Server takes no more than 2,100 parameters.</summary>
    internal const int KeysAtOnce = 1_000;

    private static readonly TimeSpan TimeToFinish = TimeSpan.FromSeconds(5);

    private readonly ImportReading _reading = new(newLinks, clock);

    /// <summary>Reads the file and stores its clicks.</summary>
    /// <param name="progress">Hears of every batch, on whichever thread stored it.</param>
    /// <exception cref="ClickFileException">The file cannot be read as a whole, or any further; what came before is stored.</exception>
    /// <exception cref="System.Data.Common.DbException">The database does not answer; what came before is stored.</exception>
    public async Task<ImportReport> RunAsync(
        ClickFileToImport file, IProgress<ImportProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        // Clicks bring their links along.
        if (await newLinks.RefuseAsync(Viewer.User(file.OwnerId), cancellationToken) is { } no)
        {
            throw new ClickFileException(new Message("{0}: nothing was imported.", no.Message));
        }

        // The first click would wait for the rules of User-Agents to be read.
        _ = Task.Run(UserAgents.Prepare, CancellationToken.None);
        var started = clock.GetTimestamp();
        var run = new RunningImport(file.OwnerId, new ImportReport(), new ImportLinks(contexts, file.OwnerId, clock), new ImportHosts(contexts, file.OwnerId, host => newLinks.IsOwnHost(host, file.OwnHost)), new FormerClicks(contexts, file.OwnerId), progress);
        await using var content = new CountedStream(file.Content);
        string? hash = null;
        try
        {
            await ReadAndStoreAsync(file, content, run, cancellationToken);
            await StoreTotalsAsync(run, cancellationToken);
            hash = await content.HashAsync(cancellationToken);
        }
        catch (ClickFileException exception)
        {
            run.Fault = exception.Reason;
            throw;
        }
        finally
        {
            await FinishAsync(run, hash);
        }

        run.Report.LinksCreated = run.Links.Created;
        run.Report.OtherHosts = run.Hosts.Elsewhere;
        run.Report.NotUnderstood = run.NotUnderstood;
        run.Report.BadLines = run.BadLines.First;
        run.Report.ImportId = run.Record?.Id;
        run.Report.Elapsed = clock.GetElapsedTime(started);
        return run.Report;
    }

    /// <summary>Says how a file would be read, and what would come of it. Nothing is stored, and the database is not asked.</summary>
    /// <exception cref="ClickFileException">The file cannot be read as a whole, or any further.</exception>
    public Task<ClickFileCheck> CheckAsync(ClickFileToImport file, IProgress<ImportProgress>? progress = null, CancellationToken cancellationToken = default) =>
        CheckAsync(file, isPreview: false, progress, cancellationToken);

    /// <summary>As <see cref="CheckAsync(ClickFileToImport, IProgress{ImportProgress}?, CancellationToken)"/>, of the beginning of a file alone. What is wrong with all of it is in the answer.</summary>
    public Task<ClickFileCheck> PreviewAsync(ClickFileToImport file, CancellationToken cancellationToken) =>
        CheckAsync(file, isPreview: true, progress: null, cancellationToken);

    private async Task<ClickFileCheck> CheckAsync(ClickFileToImport file, bool isPreview, IProgress<ImportProgress>? progress, CancellationToken cancellationToken)
    {
        var (report, bad, first, clicks, totals) = (new ImportReport(), new FirstBadLines(ImportReport.MaxBadLines), new List<CheckedClick>(), 0L, 0L);
        ImportSource? source = null;
        Message? fault = null;
        await using var content = new CountedStream(file.Content);
        try
        {
            await _reading.ReadAsync(file, content, Use, report, cancellationToken, () => isPreview && report.Lines > 0);
        }
        catch (ClickFileException exception) when (isPreview)
        {
            fault = exception.Reason;
        }

        report.BadLines = bad.First;
        return new ClickFileCheck { Report = report, Clicks = clicks, Totals = totals, First = first, Fault = fault, Header = source?.Header };

        Task Use(ImportBatch batch)
        {
            source ??= batch.Source;
            clicks += batch.Clicks.Count(click => click.Sum is null);
            totals += batch.Clicks.Sum(click => click.Sum?.Clicks ?? 0);
            first.AddRange(batch.Clicks.Take(ClickFileCheck.MaxFirst - first.Count).Select(CheckedClick.Of));
            bad.Add(batch.BadLines);
            report.Add(batch.NotClicks);
            (report.Lines, report.Bad) = (report.Lines + batch.Lines, report.Bad + batch.BadLines.Count);
            progress?.Report(new ImportProgress(batch.BytesRead, report.Lines, 0));
            return Task.CompletedTask;
        }
    }

    /// <summary>What the file tells in sums, and what of the sums of any file does not count any more because of its clicks.</summary>
    private async Task StoreTotalsAsync(RunningImport run, CancellationToken cancellationToken)
    {
        if (run.Record is not { } record)
        {
            return;
        }

        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        if (run.Sums.Any)
        {
            await context.ReplaceTotalsAsync(record.Id, run.Sums.Of(record), cancellationToken);
            run.Report.Totals = new(run.Sums.Clicks, await records.CountTotalsAsync(record, cancellationToken));
        }

        if (run.Sequence > 0)
        {
            await context.SettleTotalsAsync(await context.LinksWithTotalsAsync(record.Id, cancellationToken), cancellationToken);
        }
    }

    // However it ended, this run is over. Where the database does not answer now, a later round of retention finishes it.
    private async Task FinishAsync(RunningImport run, string? hash)
    {
        using var soon = new CancellationTokenSource(TimeToFinish, clock);
        if (hash is null)
        {
            // Of half a file no sum is stored, but its clicks count.
            run.Sums.Clear();
            await StoreTotalsAsync(run, soon.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        if (run.Writer > 0)
        {
            await store.FinishWriterAsync(run.Writer, soon.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        if (run.Record is { } record)
        {
            var findings = new ImportFindings { Fault = run.Fault, BadLines = run.BadLines.First };
            var formats = string.Join(", ", run.Report.Files.Select(file => file.Format.Name).Distinct());
            await records.EndAsync(record, run.Counts, formats, findings, hash, soon.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>Some lines are stored while the next ones are made ready and those behind them are read.</summary>
    private async Task ReadAndStoreAsync(ClickFileToImport file, CountedStream content, RunningImport run, CancellationToken cancellationToken)
    {
        var (ready, storing) = (new ReadyBatch(), Task.CompletedTask);
        try
        {
            await _reading.ReadAsync(
                file,
                content,
                async batch =>
                {
                    await MakeReadyAsync(batch, ready, file, run, cancellationToken);
                    if (ready.IsFull || batch.IsLast)
                    {
                        await storing;
                        var full = ready;
                        storing = Task.Run(() => StoreAsync(full, run, cancellationToken), CancellationToken.None);
                        ready = full.Next();
                    }
                },
                run.Report,
                cancellationToken);
        }
        finally
        {
            // What was read before a damage is stored, and nothing is counted any more when this is over.
            await storing;
        }
    }

    private async Task MakeReadyAsync(ImportBatch batch, ReadyBatch ready, ClickFileToImport file, RunningImport run, CancellationToken cancellationToken)
    {
        if (run.Record is null && batch.Source is { } source)
        {
            run.Record = await records.BeginAsync(source, cancellationToken);
            run.Links.ImportId = run.Record.Id;
        }

        var clicks = await run.Hosts.PlaceAsync(await ComeHomeAsync(batch.Clicks, run.OwnerId, cancellationToken), cancellationToken);
        await run.Links.ResolveAsync(clicks, run.Former, cancellationToken);
        var former = await run.Former.FindAsync(clicks, run.Links.Find, cancellationToken);
        ready.AlreadyThere += batch.Clicks.Count - clicks.Count + former.Count;
        var now = clock.GetUtcNow();
        foreach (var click in former.Count == 0 ? clicks : clicks.Where(click => !former.Contains(click)))
        {
            if (run.Links.Find(click.Link) is not { } linkId)
            {
                batch.BadLines.Add(click.Line, new Message("short code '{0}' belongs to somebody else", click.Link));
                continue;
            }

            run.Note(click.NotUnderstood);
            if (click.Sum is { } sum)
            {
                run.Sums.Add(linkId, sum);
                continue;
            }

            if (run.Writer == 0)
            {
                run.Writer = await store.NewWriterAsync(file.Name, run.OwnerId, run.Record?.Id, cancellationToken);
            }

            ready.Clicks.Add(reader.Read(click.Raw!), new ClickId(run.Writer, ++run.Sequence), linkId, click.Key!.Value.Value);
            ready.Note(click, now);
        }

        ready.Add(batch);
    }

    private async Task StoreAsync(ReadyBatch batch, RunningImport run, CancellationToken cancellationToken)
    {
        var stored = await store.StoreAsync(batch.Clicks, cancellationToken);
        var report = run.Report;
        report.Stored += stored.Stored;
        report.AlreadyThere += batch.AlreadyThere + stored.AlreadyThere;
        report.LinkDeleted += stored.WithoutLink;
        report.VisitorsGuessed += batch.VisitorsGuessed;
        report.Ahead += batch.Ahead;
        report.Add(batch.NotClicks);
        report.Bad += batch.BadLines.Count;
        report.Lines += batch.Lines;
        run.BadLines.Add(batch.BadLines);

        // Said before it is written down: who stops the import in between is told what is stored.
        run.Progress?.Report(new ImportProgress(batch.BytesRead, report.Lines, report.Stored));
        if (run.Record is { } record)
        {
            await records.NoteAsync(record, run.Counts, cancellationToken);
        }
    }

    /// <summary>The clicks without those that were exported from this account and are still in it, whatever became of their links.</summary>
    private async Task<IReadOnlyList<ImportedClick>> ComeHomeAsync(IReadOnlyList<ImportedClick> clicks, string ownerId, CancellationToken cancellationToken)
    {
        var exported = clicks.Select(click => click.Id is null ? null : exports.CursorOf(click.Id)).OfType<long>().Distinct().ToList();
        if (exported.Count == 0)
        {
            return clicks;
        }

        var there = new HashSet<long>();
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        foreach (var keys in exported.Chunk(KeysAtOnce))
        {
            there.UnionWith(await context.Clicks.WithAny(context, click => click.Id, [.. keys])
                .Where(click => context.Links.Any(link => link.Id == click.LinkId && link.OwnerId == ownerId))
                .Select(click => click.Id)
                .ToListAsync(cancellationToken));
            var moved = await context.Moved().LinksOfAsync(context, keys, cancellationToken);
            var ours = await context.Links.Where(link => link.OwnerId == ownerId).WithAny(context, link => link.Id, [.. moved.Values.Distinct()]).Select(link => link.Id).ToListAsync(cancellationToken);
            there.UnionWith(moved.Where(click => ours.Contains(click.Value)).Select(click => click.Key));
        }

        return [.. clicks.Where(click => click.Id is null || exports.CursorOf(click.Id) is not { } key || !there.Contains(key))];
    }
}

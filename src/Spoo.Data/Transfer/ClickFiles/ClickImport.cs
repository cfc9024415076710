using System.Threading.Channels;
using Microsoft.EntityFrameworkCore;
using Spoo.Data.Accounts;
using Spoo.Data.Clicks.Facts;
using Spoo.Data.Clicks.Reading;
using Spoo.Data.Clicks.Storing;
using Spoo.Data.Database;
using Spoo.Data.Links;
using Spoo.Data.Transfer.Imports;

namespace Spoo.Data.Transfer.ClickFiles;

/// <summary>A file of clicks and whose they are.</summary>
public sealed record ClickFileToImport
{
    /// <summary>For people.</summary>
    public required string Name { get; init; }

    /// <summary>The file, compressed with gzip or in a ZIP archive, or not. It is read once, from where it stands, and left open.</summary>
    public required Stream Content { get; init; }

    /// <summary>Id of the user whose links these are or become.</summary>
    public required string OwnerId { get; init; }

    /// <summary>The host at which the caller found this installation. Null: not known.</summary>
    public string? OwnHost { get; init; }

    /// <summary>Null: as the content tells.</summary>
    public ClickFileFormat? Format { get; init; }

    public ClickFileOptions Options { get; init; } = ClickFileOptions.None;

    /// <summary>Whether an operator imports it, and not the owner.</summary>
    public bool ByCommand { get; init; }
}

/// <summary>
/// Brings the clicks of a file into the database. Streams: memory does not grow with the file. Each line is one click, is reported,
/// or was there already; importing a file again, or the rest of one that was interrupted, stores nothing twice.
/// </summary>
public sealed class ClickImport(
    IDbContextFactory<SpooDbContext> contexts, ClickStore store, ClickReader reader, ClickExport exports, NewLinks newLinks, ImportRecords records, TimeProvider clock)
{
    // One transaction is large enough to be cheap and short enough for other writers to get between.
    private const int MaxBatchLines = 20_000;

    // Who watches hears of the first lines at once; each batch is twice as long as the one before.
    private const int FirstBatchLines = 500;

    /// <summary>Destinations that are remembered, of up to eight kilobytes each.</summary>
    private const int MaxDestinations = 2_000;

    private const int MaxBatchBytes = 8 * 1024 * 1024;

    /// <summary>Keys in one question to the database; SQL Server takes no more than 2,100 parameters.</summary>
    internal const int KeysAtOnce = 1_000;

    private static readonly TimeSpan TimeToFinish = TimeSpan.FromSeconds(5);

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

        var started = clock.GetTimestamp();
        var run = new Run(file.OwnerId, new ImportReport(), new ImportLinks(contexts, file.OwnerId, clock), new ImportHosts(contexts, file.OwnerId, host => newLinks.IsOwnHost(host, file.OwnHost)), progress);
        await using var content = new CountedStream(file.Content);
        string? hash = null;
        try
        {
            await ReadAsync(file, content, batch => StoreAsync(batch, file, run, cancellationToken), run.Report, cancellationToken);
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
            await ReadAsync(file, content, Use, report, cancellationToken, () => isPreview && report.Lines > 0);
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

    /// <summary>Reads and understands the file on another thread than the one that does something with the batches.</summary>
    /// <param name="isEnough">Asked after each batch. Null: it never is.</param>
    private async Task ReadAsync(
        ClickFileToImport file, CountedStream counted, Func<ImportBatch, Task> use, ImportReport report, CancellationToken cancellationToken, Func<bool>? isEnough = null)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);

        // Reading ahead by two batches keeps both sides busy, and bounds what is in memory.
        var batches = Channel.CreateBounded<ImportBatch>(new BoundedChannelOptions(2) { SingleReader = true, SingleWriter = true });
        var reading = Task.Run(() => FillAsync(file, counted, batches.Writer, report, stop.Token), CancellationToken.None);
        try
        {
            await foreach (var batch in batches.Reader.ReadAllAsync(cancellationToken))
            {
                await use(batch);
                if (isEnough?.Invoke() == true)
                {
                    return;
                }
            }
        }
        finally
        {
            await stop.CancelAsync();
            await ((Task)reading).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        await reading;
    }

    private async Task FillAsync(
        ClickFileToImport file, CountedStream counted, ChannelWriter<ImportBatch> batches, ImportReport report, CancellationToken cancellationToken)
    {
        var line = new ClickLine { TakesFolders = newLinks.MayBeInFolders };
        var batch = new ImportBatch();
        var mayLeadTo = MayLeadTo();
        var isEmpty = true;
        ClickFileException? refused = null;
        try
        {
            using var occurrences = new Occurrences();
            await foreach (var content in TextFile.OpenAsync(file.Name, counted, cancellationToken))
            {
                if (content.Head.IsEmpty)
                {
                    continue;
                }

                isEmpty = false;
                var shape = FileShape.Of(content);
                var format = Recognise(file, content, shape);
                if (format.Format.Refusal is { } refusal)
                {
                    refused ??= new ClickFileException(new Message("'{0}' is of {1}. {2}", content.Name, format.Format.Title, refusal));
                    if (!format.Format.IsOfTheSame)
                    {
                        throw refused;
                    }

                    continue;
                }

                batch.Source ??= ImportSource.Of(ImportKind.Clicks, file.OwnerId, file.Name, format.Format.Name, content, shape) with
                {
                    Choices = ClickChoices.Of(file.Format, file.Options),
                    ByCommand = file.ByCommand,
                };
                var clicks = format.Format.Open(content, shape, file.Options);
                try
                {
                    await LearnDatesAsync(content, shape, format.Format, file.Options, clicks.Dates, cancellationToken);
                    var (bytes, most, hasLines) = (0, FirstBatchLines, false);
                    while (await clicks.ReadAsync(line, cancellationToken))
                    {
                        hasLines = true;
                        batch.Add(line, format.Format.IsSums, clock.GetUtcNow(), mayLeadTo, file.OwnerId, occurrences);
                        bytes += clicks.LineBytes;
                        if (batch.Lines == most || bytes >= MaxBatchBytes)
                        {
                            batch.BytesRead = counted.Count;
                            await batches.WriteAsync(batch, cancellationToken);
                            (batch, bytes, most) = (new ImportBatch(), 0, Math.Min(2 * most, MaxBatchLines));
                        }
                    }

                    if (!hasLines && clicks.WhenEmpty is { } nothing)
                    {
                        throw new ClickFileException(nothing);
                    }
                }
                finally
                {
                    // How it was read is told also where something is wrong with it.
                    report.Add(new ReadFile(content.Name, format.Format, format.Reason, clicks.IsWindows1252 ? "Windows-1252" : content.Encoding, clicks.Dates.Order, clicks.Mapped));
                    report.UnknownFields = [.. report.UnknownFields.Union(clicks.UnknownFields).Take(ImportReport.MaxUnknownFields)];
                }
            }

            if (isEmpty || (refused is not null && report.Files.Count == 0))
            {
                throw refused ?? new ClickFileException(new Message("The file is empty."));
            }

            batch.BytesRead = counted.Count;
            await batches.WriteAsync(batch, cancellationToken);
            batches.Complete();
        }
        catch (Exception exception) when (exception is InvalidDataException or IOException or ClickFileException)
        {
            // What was read of a damaged file is good, and so are the files before one that is of another kind.
            await batches.WriteAsync(batch, cancellationToken);
            var damage = exception as ClickFileException ?? new ClickFileException(
                new Message("The file cannot be read any further after line {0}: {1}", line.Number, exception.Message));
            batches.Complete(damage);
            throw damage;
        }
        catch (Exception exception)
        {
            batches.Complete(exception);
            throw;
        }
    }

    private static RecognisedFormat Recognise(ClickFileToImport file, TextFile content, FileShape shape)
    {
        return file.Format is { } said ? new RecognisedFormat(said, new Message("as was said")) : ClickFileFormats.Recognise(shape)
            ?? throw new ClickFileException(
                new Message("What format '{0}' is in cannot be told from its content. Say which it is: {1}.", content.Name, string.Join(", ", ClickFileFormats.Importable.Select(known => known.Name))));
    }

    // Whether days or months come first is found out before anything is stored: dates are the one thing that would go wrong silently.
    private static async Task LearnDatesAsync(
        TextFile file, FileShape shape, ClickFileFormat format, ClickFileOptions options, FileDates dates, CancellationToken cancellationToken)
    {
        if (dates.Order is not null)
        {
            return;
        }

        await using var head = file.Beginning();
        var (clicks, line, texts) = (format.Open(head, shape, options), new ClickLine(), new List<string>());
        while (await clicks.ReadAsync(line, cancellationToken))
        {
            if (line[ClickField.Time] is { } text)
            {
                texts.Add(text);
            }
        }

        if (dates.Learn(texts) is { } ambiguous)
        {
            throw new ClickFileException(
                new Message("The date '{0}' may be two different days. Say which number is the day: --dates dmy when it is the first, --dates mdy when it is the second.", ambiguous));
        }
    }

    /// <summary>What the file tells in sums, and what of the sums of any file does not count any more because of its clicks.</summary>
    private async Task StoreTotalsAsync(Run run, CancellationToken cancellationToken)
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

    /// <summary>Whether a link may lead to a destination. Lines of one link say the same one, so it is looked at once for many of them.</summary>
    private Func<string, bool> MayLeadTo()
    {
        var known = new Dictionary<string, bool>(StringComparer.Ordinal);
        return longUrl =>
        {
            if (!known.TryGetValue(longUrl, out var may))
            {
                if (known.Count == MaxDestinations)
                {
                    known.Clear();
                }

                known[longUrl] = may = newLinks.ProblemOf(longUrl, null) is null;
            }

            return may;
        };
    }

    // However it ended, this run is over. Where the database does not answer now, a later round of retention finishes it.
    private async Task FinishAsync(Run run, string? hash)
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

    private async Task StoreAsync(ImportBatch batch, ClickFileToImport file, Run run, CancellationToken cancellationToken)
    {
        var report = run.Report;
        if (run.Record is null && batch.Source is { } source)
        {
            run.Record = await records.BeginAsync(source, cancellationToken);
            run.Links.ImportId = run.Record.Id;
        }

        var clicks = await run.Hosts.PlaceAsync(await ComeHomeAsync(batch.Clicks, run.OwnerId, cancellationToken), cancellationToken);
        report.AlreadyThere += batch.Clicks.Count - clicks.Count;
        await run.Links.ResolveAsync(clicks, cancellationToken);
        var former = await run.Hosts.FindFormerAsync(clicks, run.Links.Find, cancellationToken);
        report.AlreadyThere += former.Count;
        run.Ready.Clear();
        foreach (var click in clicks.Where(click => !former.Contains(click)))
        {
            if (run.Links.Find(click.Link) is not { } linkId)
            {
                batch.BadLines.Add(click.Line, new Message("short code '{0}' belongs to somebody else", click.Link));
                continue;
            }

            if (click.Sum is { } sum)
            {
                run.Sums.Add(linkId, sum);
                run.Note(click.NotUnderstood);
                continue;
            }

            if (run.Writer == 0)
            {
                run.Writer = await store.NewWriterAsync(file.Name, run.OwnerId, run.Record?.Id, cancellationToken);
            }

            reader.Read(click.Raw with { LinkId = linkId }, new ClickId(run.Writer, ++run.Sequence), run.Ready);
            report.VisitorsGuessed += click.IsVisitorGuessed ? 1 : 0;
            report.Ahead += click.Raw.Time > clock.GetUtcNow() ? 1 : 0;
            run.Note(click.NotUnderstood);
        }

        var stored = await store.StoreAsync(run.Ready, cancellationToken);
        report.Stored += stored.Stored;
        report.AlreadyThere += stored.AlreadyThere;
        report.LinkDeleted += stored.WithoutLink;
        report.Add(batch.NotClicks);
        report.Bad += batch.BadLines.Count;
        report.Lines += batch.Lines;
        run.BadLines.Add(batch.BadLines);
        if (run.Record is { } record)
        {
            await records.NoteAsync(record, run.Counts, cancellationToken);
        }

        run.Progress?.Report(new ImportProgress(batch.BytesRead, report.Lines, report.Stored));
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
            there.UnionWith(await context.Clicks
                .Where(click => keys.Contains(click.Id) && context.Links.Any(link => link.Id == click.LinkId && link.OwnerId == ownerId))
                .Select(click => click.Id)
                .ToListAsync(cancellationToken));
        }

        return [.. clicks.Where(click => click.Id is null || exports.CursorOf(click.Id) is not { } key || !there.Contains(key))];
    }

    /// <summary>What one import has in hand.</summary>
    private sealed class Run(string ownerId, ImportReport report, ImportLinks links, ImportHosts hosts, IProgress<ImportProgress>? progress)
    {
        public string OwnerId => ownerId;

        public ImportReport Report => report;

        public ImportLinks Links => links;

        public ImportHosts Hosts => hosts;

        public IProgress<ImportProgress>? Progress => progress;

        public FirstBadLines BadLines { get; } = new(ImportReport.MaxBadLines);

        public List<FieldNotUnderstood> NotUnderstood { get; } = [];

        public ClickBatch Ready { get; } = new();

        public ImportedSums Sums { get; } = new();

        /// <summary>Null until the file has been recognised.</summary>
        public ImportRun? Record { get; set; }

        /// <summary>What was wrong with the file as a whole. Null: nothing, or it was stopped.</summary>
        public Message? Fault { get; set; }

        public ImportCounts Counts => new(report.Lines, report.Stored, links.Created, report.AlreadyThere, report.Bad);

        /// <summary>0 until there is something to write.</summary>
        public int Writer { get; set; }

        public long Sequence { get; set; }

        public void Note(IReadOnlyList<(ClickField Field, string Text)> notUnderstood)
        {
            foreach (var (field, text) in notUnderstood)
            {
                var name = ClickFields.NameOf(field);
                var at = NotUnderstood.FindIndex(known => known.Field == name);
                var known = (at < 0 ? new FieldNotUnderstood(name, 0, []) : NotUnderstood[at]).And(text);
                if (at < 0)
                {
                    NotUnderstood.Add(known);
                }
                else
                {
                    NotUnderstood[at] = known;
                }
            }
        }
    }
}

using System.Threading.Channels;
using Spoo.Data.Links;
using Spoo.Data.Transfer.ClickFiles.Formats;
using Spoo.Data.Transfer.Imports;

namespace Spoo.Data.Transfer.ClickFiles;

/// <summary>Reads a file, or those of an archive, and understands its lines, batch by batch.</summary>
internal sealed class ImportReading(NewLinks newLinks, TimeProvider clock)
{
    // Few enough that what is made of them is gone again soon, which is cheap for the collector of memory, and many enough to ask about their links at once.
    private const int MaxBatchLines = 2_500;

    private const int MaxBatchBytes = 1024 * 1024;

    // Reading ahead keeps both sides busy; the bound is what is in memory.
    private const int BatchesAhead = 4;

    /// <summary>Reads and understands the file on another thread than the one that does something with the batches.</summary>
    /// <param name="isEnough">Asked after each batch. Null: it never is.</param>
    public async Task ReadAsync(
        ClickFileToImport file, CountedStream counted, Func<ImportBatch, Task> use, ImportReport report, CancellationToken cancellationToken, Func<bool>? isEnough = null)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);

        var batches = Channel.CreateBounded<ImportBatch>(new BoundedChannelOptions(BatchesAhead) { SingleReader = true, SingleWriter = true });
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
        var (batch, most) = (new ImportBatch(), ReadyBatch.FirstLines);
        var isEmpty = true;
        ClickFileException? refused = null;
        try
        {
            using var occurrences = new Occurrences();
            var context = new LineContext
            {
                Now = clock.GetUtcNow(),
                MayLeadTo = new KnownDestinations(longUrl => newLinks.ProblemOf(longUrl, null)).MayLeadTo,
                KeyOf = click => ImportBatch.KeyOf(click, file.OwnerId, occurrences),
            };
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
                var lines = format.Format.Prepare is { } prepare ? await prepare(content, file.Options, cancellationToken) : content;
                shape = lines == content ? shape : FileShape.Of(lines);
                var clicks = format.Format.Open(lines, shape, file.Options);
                IReadOnlyList<MappedColumn> mapped = [];
                try
                {
                    (mapped, var ambiguous) = await LearnDatesAsync(lines, shape, format.Format, file.Options, clicks.Dates, cancellationToken);
                    if (ambiguous is not null)
                    {
                        throw new ClickFileException(
                            new Message("The date '{0}' may be two different days. Say which number is the day.", ambiguous), "--dates dmy when it is the first, --dates mdy when it is the second.");
                    }

                    var hasLines = false;
                    while (await clicks.ReadAsync(line, cancellationToken))
                    {
                        hasLines = true;
                        context.Now = clock.GetUtcNow();
                        batch.Add(line, format.Format.IsSums, context);
                        batch.Bytes += clicks.LineBytes;
                        if (batch.Lines == most || batch.Bytes >= MaxBatchBytes)
                        {
                            batch.BytesRead = counted.Count;
                            await batches.WriteAsync(batch, cancellationToken);
                            (batch, most) = (new ImportBatch(), MaxBatchLines);
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
                    report.Add(new ReadFile(content.Name, format.Format, format.Reason, clicks.IsWindows1252 ? "Windows-1252" : content.Encoding, clicks.Dates.Order, clicks.Mapped is { Count: > 0 } used ? used : mapped));
                    report.UnknownFields = [.. report.UnknownFields.Union(clicks.UnknownFields).Take(ImportReport.MaxUnknownFields)];
                }
            }

            if (isEmpty || (refused is not null && report.Files.Count == 0))
            {
                throw refused ?? new ClickFileException(new Message("The file is empty."));
            }

            (batch.BytesRead, batch.IsLast) = (counted.Count, true);
            await batches.WriteAsync(batch, cancellationToken);
            batches.Complete();
        }
        catch (Exception exception) when (exception is InvalidDataException or IOException or ClickFileException)
        {
            // What was read of a damaged file is good, and so are the files before one that is of another kind.
            batch.IsLast = true;
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
                new Message("What format '{0}' is in cannot be told from its content. Say which it is.", content.Name),
                $"--format takes {string.Join(", ", ClickFileFormats.Importable.Select(known => known.Name))}.");
    }

    /// <summary>Whether days or months come first is found out before anything is stored: dates are the one thing that would go wrong silently.</summary>
    /// <returns>The columns that are used, as far as the beginning of the file tells, and a date that may be two days. Null: there is none.</returns>
    private static async Task<(IReadOnlyList<MappedColumn> Mapped, string? Ambiguous)> LearnDatesAsync(
        TextFile file, FileShape shape, ClickFileFormat format, ClickFileOptions options, FileDates dates, CancellationToken cancellationToken)
    {
        if (dates.Order is not null)
        {
            return ([], null);
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

        return (clicks.Mapped, dates.Learn(texts));
    }
}

using Microsoft.EntityFrameworkCore;
using Spoo.Data.Clicks.Facts;
using Spoo.Data.Clicks.Moved;
using Spoo.Data.Database;

namespace Spoo.Data.Transfer.Imports;

/// <summary>What is known of a file when the first of it is about to be stored.</summary>
/// <param name="Head">As <see cref="ImportRecord.Head"/>.</param>
/// <param name="Header">As <see cref="ImportRecord.Header"/>.</param>
public sealed record ImportSource(ImportKind Kind, string OwnerId, string Name, string Format, long Head, long? Header)
{
    /// <summary>So much of a file tells it from others of the same name: the rest may have grown since.</summary>
    private const int HeadLength = 1024;

    public ImportChoices Choices { get; init; } = ImportChoices.None;

    public bool ByCommand { get; init; }

    internal static ImportSource Of(ImportKind kind, string ownerId, string name, string format, TextFile file, FileShape shape) =>
        new(kind, ownerId, name, format, ContentKey.Of(Convert.ToHexStringLower(file.Head.Span[..Math.Min(HeadLength, file.Head.Length)])), HeaderOf(shape));

    internal static long? HeaderOf(FileShape shape) =>
        shape.Kind is Kinds.Csv or Kinds.Json && shape.Names.Count > 0 ? ContentKey.Of([.. shape.Names.Order(StringComparer.Ordinal)]) : null;
}

/// <summary>Clicks of which a file tells only how many they were.</summary>
/// <param name="Told">How many it tells of.</param>
/// <param name="Counted">How many of them count: what clicks or other imports tell of as well does not count again.</param>
public readonly record struct ToldTotals(long Told, long Counted);

/// <summary>What has come of a file, so far or altogether.</summary>
/// <param name="Clicks">Clicks that this run has added.</param>
/// <param name="Links">Links that this run has added.</param>
public readonly record struct ImportCounts(long Lines, long Clicks, long Links, long AlreadyThere, long Bad);

/// <summary>Writes down the imports of all accounts.</summary>
public sealed class ImportRecords(IDbContextFactory<SpooDbContext> contexts, TimeProvider clock)
{
    /// <summary>Imports that are listed.</summary>
    public const int MaxListed = 100;

    /// <summary>The last imports of an account, the newest first.</summary>
    /// <param name="ownerId">Null: of all accounts.</param>
    /// <exception cref="System.Data.Common.DbException">The database does not answer.</exception>
    public async Task<IReadOnlyList<ImportRecord>> ListAsync(string? ownerId, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateToAnswerAsync(cancellationToken);
        return await context.Set<ImportRecord>().AsNoTracking().Where(import => ownerId == null || import.OwnerId == ownerId)
            .OrderByDescending(import => import.Id).Take(MaxListed).ToListAsync(cancellationToken);
    }

    /// <summary>What was said about the last file with the same columns. Null: there was none.</summary>
    /// <exception cref="System.Data.Common.DbException">The database does not answer.</exception>
    public async Task<ImportChoices?> LastChoicesAsync(string ownerId, ImportKind kind, long header, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateToAnswerAsync(cancellationToken);
        var choices = await context.Set<ImportRecord>().Where(import => import.OwnerId == ownerId && import.Kind == kind && import.Header == header)
            .OrderByDescending(import => import.Id).Select(import => import.Choices).FirstOrDefaultAsync(cancellationToken);

        // A code is that of one file.
        return choices is null ? null : ImportChoices.Parse(choices) with { Code = null };
    }

    /// <summary>Whether this import is still running, as far as can be told.</summary>
    public bool IsRunning(ImportRecord import) => import.State == ImportState.Running && import.HeardAt > clock.GetUtcNow() - ImportRecord.Silence;

    /// <summary>Begins an import, or goes on with the one of the same file that did not come to its end.</summary>
    internal async Task<ImportRun> BeginAsync(ImportSource source, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var (name, choices) = (Cut(source.Name, ImportRecord.MaxNameLength), source.Choices.ToString());
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        var imports = context.Set<ImportRecord>();
        var broken = await imports.AsNoTracking()
            .Where(import => import.OwnerId == source.OwnerId && import.Kind == source.Kind && import.Name == name && import.Head == source.Head && import.Choices == choices)
            .Where(import => import.State == ImportState.Running || import.State == ImportState.Stopped)
            .OrderByDescending(import => import.Id).FirstOrDefaultAsync(cancellationToken);
        if (broken is not null
            && await imports.Where(import => import.Id == broken.Id && (import.State == ImportState.Running || import.State == ImportState.Stopped))
                .ExecuteUpdateAsync(
                    set => set.SetProperty(import => import.State, ImportState.Running)
                        .SetProperty(import => import.HeardAt, now)
                        .SetProperty(import => import.FinishedAt, (DateTimeOffset?)null),
                    cancellationToken) > 0)
        {
            // What a killed process had added last it may not have written down any more.
            var (clicks, links) = await CountAddedAsync(context, broken.Id, cancellationToken);
            return new ImportRun(broken.Id, broken.Kind, broken.StartedAt, clicks, links);
        }

        var record = new ImportRecord
        {
            OwnerId = source.OwnerId,
            Kind = source.Kind,
            ByCommand = source.ByCommand,
            Name = name,
            Format = Cut(source.Format, ImportRecord.MaxFormatLength),
            Choices = choices,
            Head = source.Head,
            Header = source.Header,
            StartedAt = now,
            HeardAt = now,
        };
        imports.Add(record);
        await context.SaveChangesAsync(cancellationToken);
        return new ImportRun(record.Id, record.Kind, DateTimeOffset.FromUnixTimeMilliseconds(now.ToUnixTimeMilliseconds()), 0, 0);
    }

    /// <summary>Says how far an import has come.</summary>
    /// <exception cref="ClickFileException">It has been undone meanwhile.</exception>
    internal async Task NoteAsync(ImportRun run, ImportCounts counts, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var total = run.Total(counts);
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);

        // One that was silent for long may have been taken for killed.
        if (await context.Set<ImportRecord>().Where(import => import.Id == run.Id && (import.State == ImportState.Running || import.State == ImportState.Stopped)).ExecuteUpdateAsync(
            set => set.SetProperty(import => import.HeardAt, now)
                .SetProperty(import => import.State, ImportState.Running)
                .SetProperty(import => import.FinishedAt, (DateTimeOffset?)null)
                .SetProperty(import => import.Lines, total.Lines)
                .SetProperty(import => import.Clicks, total.Clicks)
                .SetProperty(import => import.Links, total.Links)
                .SetProperty(import => import.AlreadyThere, total.AlreadyThere)
                .SetProperty(import => import.Bad, total.Bad),
            cancellationToken) == 0)
        {
            throw new ClickFileException(new Message("The import was undone while it ran."));
        }
    }

    /// <summary>Says that an import is over.</summary>
    /// <param name="fileHash">Null: the file was not read to its end.</param>
    internal async Task EndAsync(
        ImportRun run, ImportCounts counts, string formats, ImportFindings findings, string? fileHash, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        formats = Cut(formats, ImportRecord.MaxFormatLength);
        var (total, state, told) = (run.Total(counts), fileHash is null ? ImportState.Stopped : ImportState.Done, findings.Stored());
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        var totals = await CountTotalsAsync(context, run.Id, cancellationToken);

        // One that was undone while it ran is to be undone once more: its last batch may have come after that.
        await context.Set<ImportRecord>().Where(import => import.Id == run.Id).ExecuteUpdateAsync(
            set => set.SetProperty(import => import.State, state)
                .SetProperty(import => import.HeardAt, now)
                .SetProperty(import => import.FinishedAt, now)
                .SetProperty(import => import.FileHash, fileHash)
                .SetProperty(import => import.Format, import => formats == "" ? import.Format : formats)
                .SetProperty(import => import.Lines, total.Lines)
                .SetProperty(import => import.Clicks, total.Clicks)
                .SetProperty(import => import.Totals, totals)
                .SetProperty(import => import.Links, total.Links)
                .SetProperty(import => import.AlreadyThere, total.AlreadyThere)
                .SetProperty(import => import.Bad, total.Bad)
                .SetProperty(import => import.Findings, told),
            cancellationToken);
    }

    /// <summary>How many clicks count that an import has told in sums.</summary>
    internal static Task<long> CountTotalsAsync(SpooDbContext context, int import, CancellationToken cancellationToken) =>
        context.Set<ImportedTotal>().Where(total => total.ImportId == import).SumAsync(total => total.Counted, cancellationToken);

    /// <inheritdoc cref="CountTotalsAsync(SpooDbContext, int, CancellationToken)"/>
    internal async Task<long> CountTotalsAsync(ImportRun run, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        return await CountTotalsAsync(context, run.Id, cancellationToken);
    }

    /// <summary>The keys of the clicks that an import has brought, one stretch for each time that it ran.</summary>
    internal static async Task<IReadOnlyList<(int Writer, long First, long End)>> StretchesAsync(SpooDbContext context, int import, CancellationToken cancellationToken)
    {
        var writers = await context.ClickWriters.Where(writer => writer.ImportId == import).OrderBy(writer => writer.Id).Select(writer => writer.Id).ToListAsync(cancellationToken);
        return [.. writers.Select(writer => (writer, ClickId.FirstOf(writer), ClickId.FirstOf(writer + 1)))];
    }

    /// <summary>What an import has added so far, by the rows.</summary>
    internal static async Task<(long Clicks, long Links)> CountAddedAsync(SpooDbContext context, int import, CancellationToken cancellationToken)
    {
        var count = 0L;
        foreach (var (_, first, end) in await StretchesAsync(context, import, cancellationToken))
        {
            count += await context.Moved().ReadAsync(
                context,
                async moved => await context.Clicks.LongCountAsync(click => click.Id >= first && click.Id < end, cancellationToken)
                    + (moved is null ? 0 : await moved.CountAsync(MovedMoment.Between(first, end), cancellationToken)),
                cancellationToken);
        }

        return (count, await context.Set<ImportedLink>().LongCountAsync(link => link.ImportId == import && link.IsMade, cancellationToken));
    }

    private static string Cut(string text, int most) => text.Length <= most ? text : text[..most];
}

/// <summary>An import that runs.</summary>
/// <param name="StartedAt">To the millisecond.</param>
/// <param name="ClicksBefore">Clicks that it had added before it was broken off.</param>
/// <param name="LinksBefore">As <paramref name="ClicksBefore"/>.</param>
internal sealed record ImportRun(int Id, ImportKind Kind, DateTimeOffset StartedAt, long ClicksBefore, long LinksBefore)
{
    /// <summary>Of all runs together: what an earlier one had added the later one finds there.</summary>
    public ImportCounts Total(ImportCounts counts) => counts with
    {
        Clicks = ClicksBefore + counts.Clicks,
        Links = LinksBefore + counts.Links,
        AlreadyThere = Math.Max(0, counts.AlreadyThere - (Kind == ImportKind.Clicks ? ClicksBefore : LinksBefore)),
    };
}

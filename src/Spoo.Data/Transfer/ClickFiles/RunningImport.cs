using Spoo.Data.Transfer.Imports;

namespace Spoo.Data.Transfer.ClickFiles;

/// <summary>What one import has in hand.</summary>
internal sealed class RunningImport(string ownerId, ImportReport report, ImportLinks links, ImportHosts hosts, FormerClicks former, IProgress<ImportProgress>? progress)
{
    public string OwnerId => ownerId;

    public ImportReport Report => report;

    public ImportLinks Links => links;

    public ImportHosts Hosts => hosts;

    public FormerClicks Former => former;

    public IProgress<ImportProgress>? Progress => progress;

    public FirstBadLines BadLines { get; } = new(ImportReport.MaxBadLines);

    public List<FieldNotUnderstood> NotUnderstood { get; } = [];

    public ImportedSums Sums { get; } = new();

    /// <summary>Null until the file has been recognised.</summary>
    public ImportRun? Record { get; set; }

    /// <summary>What was wrong with the file as a whole. Null: nothing, or it was stopped.</summary>
    public Message? Fault { get; set; }

    public ImportCounts Counts => new(report.Lines, report.Stored, links.Created, report.AlreadyThere, report.Bad);

    /// <summary>0 until there is something to write. With <see cref="Sequence"/> and <see cref="Sums"/>, of what has been made ready; the report is of what has been stored.</summary>
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

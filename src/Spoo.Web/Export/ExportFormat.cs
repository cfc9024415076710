using Spoo.Data;
using Spoo.Data.Stats.Report;

namespace Spoo.Web.Export;

/// <summary>A kind of file that a report can be saved as.</summary>
internal abstract class ExportFormat
{
    /// <summary>Value of <c>format=</c>.</summary>
    public abstract string Name { get; }

    /// <summary>What the file's name ends with; a CSV export is a ZIP of several files.</summary>
    public virtual string Extension => Name;

    public abstract string ContentType { get; }

    /// <summary>The name of the file for all that was asked for, as spoo.me's clients expect it.</summary>
    public virtual string FileName => $"spoo-me-export.{Extension}";

    /// <summary>The name of the file for one link.</summary>
    /// <param name="link">As names of files have it.</param>
    public string FileNameOf(string link) => $"spoo-{link}-stats.{Extension}";

    /// <summary>Whether such a file can be laid out for people.</summary>
    protected virtual bool HasLayouts => false;

    /// <summary>Whether such a file may begin with a byte-order mark.</summary>
    protected virtual bool HasMarks => false;

    /// <summary>Which of the options mean nothing to such a file.</summary>
    public IEnumerable<FieldError> FaultsOf(ExportOptions options)
    {
        if (options.IsForPeople && !HasLayouts)
        {
            yield return new("layout", "Input should be 'wire': only workbooks (format=xlsx) are laid out for people");
        }

        if (options.Language != ExportOptions.Default.Language && !(options.IsForPeople && HasLayouts))
        {
            yield return new("names", "Only workbooks for people (format=xlsx and layout=report) have names in them");
        }

        if (options.HasByteOrderMark && !HasMarks)
        {
            yield return new("bom", "Input should be 'false': only CSV has a byte-order mark");
        }
    }

    /// <summary>Why this report cannot be such a file. Null: it can.</summary>
    public virtual Refusal? RefusalOf(StatsReport report, ExportOptions options) => null;

    /// <summary>Writes the whole file and leaves the stream open.</summary>
    public abstract void Write(StatsReport report, ExportOptions options, Stream file);
}

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

    /// <summary>Why this report cannot be such a file. Null: it can.</summary>
    public virtual Refusal? RefusalOf(StatsReport report, ExportOptions options) => null;

    /// <summary>Writes the whole file and leaves the stream open.</summary>
    public abstract void Write(StatsReport report, ExportOptions options, Stream file);
}

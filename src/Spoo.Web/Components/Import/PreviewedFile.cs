using Spoo.Data;
using Spoo.Data.Transfer.ClickFiles;

namespace Spoo.Web.Components.Import;

/// <summary>A chosen file, and how it would be read.</summary>
public sealed record PreviewedFile(string Name, ClickFileCheck Check)
{
    public Message? Fault => Check.Fault;
}

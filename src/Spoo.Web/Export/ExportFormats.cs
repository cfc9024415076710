namespace Spoo.Web.Export;

/// <summary>The formats of an export: another one is a file like its neighbours and a line here.</summary>
internal static class ExportFormats
{
    public static IReadOnlyList<ExportFormat> All { get; } = [new CsvExport(), new XlsxExport(), new JsonExport(), new XmlExport()];

    /// <summary>The format of this name, in any case.</summary>
    public static ExportFormat? Find(string? name) =>
        All.FirstOrDefault(format => string.Equals(format.Name, name, StringComparison.OrdinalIgnoreCase));
}

using System.CommandLine;

namespace Spoo.Web.Commands.Import;

/// <summary><c>import</c>: files from elsewhere, and taking them back.</summary>
internal static class ImportCommands
{
    public static Command All() => new("import", "Brings along what other services know") { ClickImportCommand.Make(), LinkImportCommand.Make(), ImportRecordCommands.List(), ImportRecordCommands.Undo() };
}

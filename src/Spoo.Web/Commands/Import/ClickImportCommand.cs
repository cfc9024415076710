using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using Spoo.Data.Database;
using Spoo.Data.Stats.Question;
using Spoo.Data.Transfer;
using Spoo.Data.Transfer.ClickFiles;
using Spoo.Data.Transfer.ClickFiles.Formats;
using static Spoo.Web.Commands.Import.ImportOptions;
using static Spoo.Web.Words.Plurals;

namespace Spoo.Web.Commands.Import;

/// <summary><c>import clicks</c>: a file of clicks from elsewhere.</summary>
internal static class ClickImportCommand
{
    private static string FormatNames { get; } = string.Join(", ", ClickFileFormats.Importable.Select(format => format.Name));

    public static Command Make()
    {
        var file = new Argument<string>("FILE") { Description = "The file, also .gz or .zip; - is standard input" }.NotEmpty();
        var owner = new Option<string>("--owner") { Description = "Whose links these are or become", HelpName = "EMAIL", Required = true };
        var format = new Option<ClickFileFormat?>("--format")
        {
            Description = $"{FormatNames} [default: as the content tells]",
            HelpName = "FORMAT",
            CustomParser = result => ClickFileFormats.Find(result.Tokens[0].Value)
                ?? Refuse<ClickFileFormat>(result, $"unknown format '{result.Tokens[0].Value}': there are {FormatNames}"),
        };
        var check = new Option<bool>("--check") { Description = "Says how the file would be read, and stores nothing" };
        var map = MapOption("\"Clicked on=time\"", ClickFileOptions.IsField, "docs/import.md lists them, such as time, short_code and long_url");
        var (dates, zone) = (DatesOption(), ZoneOption());
        var code = new Option<string?>("--code") { Description = "The short code of lines that name none: a file about one link", HelpName = "CODE" };
        var linksAt = new Option<string?>("--links-at") { Description = "Server logs: where the links were, such as /go [default: /]", HelpName = "PATH" };
        var host = new Option<string?>("--host") { Description = "Server logs: the only host whose requests count [default: all]", HelpName = "HOST" };
        var statuses = new Option<int[]?>("--status")
        {
            Description = $"Server logs: the answers that were redirects [default: {string.Join(',', RequestRules.Default.Statuses)}]",
            HelpName = "LIST",
            CustomParser = result => Statuses(result),
        };
        var command = new Command("clicks", "Imports clicks; doing it again adds nothing. docs/import.md describes the formats")
        {
            file, owner, format, check, map, dates, zone, code, linksAt, host, statuses,
        };
        command.SetAction((parsed, cancellationToken) => SpooCommands.WithServicesAsync(
            parsed,
            async services =>
            {
                var user = await UserCommands.FindAsync(services, parsed.GetRequiredValue(owner));
                var name = parsed.GetRequiredValue(file);
                await using var content = Open(name);
                var progress = new ProgressLine(content is FileStream ? content.Length : null);
                var import = services.GetRequiredService<ClickImport>();
                var toImport = new ClickFileToImport
                {
                    Name = NameOf(name),
                    Content = content,
                    OwnerId = user.Id,
                    Format = parsed.GetValue(format),
                    ByCommand = true,
                    Options = new ClickFileOptions
                    {
                        Dates = parsed.GetValue(dates),
                        Zone = parsed.GetValue(zone) ?? TimeZones.Utc,
                        Map = Mapping(parsed.GetValue(map)),
                        ShortCode = parsed.GetValue(code),
                        Requests = new RequestRules
                        {
                            Prefix = parsed.GetValue(linksAt)?.Trim('/') is { Length: > 0 } prefix ? $"/{prefix}" : "",
                            Host = parsed.GetValue(host),
                            Statuses = parsed.GetValue(statuses) is { Length: > 0 } said ? said.ToHashSet() : RequestRules.Default.Statuses,
                        },
                    },
                };
                try
                {
                    if (parsed.GetValue(check))
                    {
                        var checkedFile = await import.CheckAsync(toImport, progress, cancellationToken);
                        progress.End();
                        ImportReports.Print(checkedFile);
                        return ExitCode(checkedFile.Report);
                    }

                    var report = await import.RunAsync(toImport, progress, cancellationToken);
                    progress.End();
                    ImportReports.Print(report);
                    return ExitCode(report);
                }
                catch (Exception exception) when (exception is ClickFileException || StoreFailure.Is(exception))
                {
                    progress.End();
                    throw new SettingException(progress.Last.Stored == 0
                        ? exception.Message
                        : $"{exception.Message} {InEnglish(progress.Last.Stored, "{0} click was", "{0} clicks were")} stored before; importing the file again goes on from there",
                        exception);
                }
                catch (OperationCanceledException)
                {
                    progress.End();
                    await Console.Error.WriteLineAsync(
                        $"spoo: stopped; {InEnglish(progress.Last.Stored, "{0} click is", "{0} clicks are")} stored, and importing the file again goes on from there");
                    throw;
                }
            },
            cancellationToken));
        return command;
    }

    private static int ExitCode(ImportReport report) => report.IsUnreadable ? 1 : report.Bad > 0 ? SpooCommands.InPart : 0;

    private static int[]? Statuses(ArgumentResult result)
    {
        var texts = result.Tokens[0].Value.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        int[] numbers = [.. texts.Select(text => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0)];
        return numbers.Length > 0 && numbers.All(number => number is >= 100 and < 600)
            ? numbers
            : Refuse<int[]>(result, $"--status takes numbers such as 301,302 and not '{result.Tokens[0].Value}'");
    }
}

using System.CommandLine;
using System.Globalization;
using Spoo.Data.Database;
using Spoo.Data.Transfer;
using Spoo.Data.Transfer.ClickFiles;
using Spoo.Data.Transfer.LinkFiles;
using static Spoo.Web.Words.Plurals;

namespace Spoo.Web.Commands;

/// <summary><c>import clicks</c>: a file of clicks from elsewhere.</summary>
internal static class ImportCommands
{
    private const string StandardInput = "-";

    public static Command All() => new("import", "Brings along what other services know") { Clicks(), Links() };

    private static Command Clicks()
    {
        var file = new Argument<string>("FILE") { Description = "The file, gzip-compressed or not; - is standard input" };
        var owner = new Option<string>("--owner") { Description = "Whose links these are or become", HelpName = "EMAIL", Required = true };
        var format = new Option<ClickFileFormat?>("--format")
        {
            Description = "bitly, csv or ndjson [default: as the name of the file ends]",
            HelpName = "FORMAT",
            CustomParser = result => Enum.TryParse<ClickFileFormat>(result.Tokens[0].Value, ignoreCase: true, out var known)
                && !char.IsAsciiDigit(result.Tokens[0].Value[0]) ? known : Refuse(result),
        };
        var command = new Command("clicks", "Imports clicks; doing it again adds nothing. docs/import.md describes the formats")
        {
            file, owner, format,
        };
        command.SetAction((parsed, cancellationToken) => SpooCommands.WithServicesAsync(
            parsed,
            async services =>
            {
                var user = await UserCommands.FindAsync(services, parsed.GetRequiredValue(owner));
                var name = parsed.GetRequiredValue(file);
                await using var content = Open(name);
                var progress = new ProgressLine(content is FileStream ? content.Length : null);
                try
                {
                    var report = await services.GetRequiredService<ClickImport>().RunAsync(
                        new ClickFileToImport
                        {
                            Name = name == StandardInput ? "standard input" : Path.GetFileName(name),
                            Content = content,
                            OwnerId = user.Id,
                            Format = parsed.GetValue(format),
                        },
                        progress,
                        cancellationToken);
                    progress.End();
                    Print(report);
                    return report.Bad > 0 ? SpooCommands.InPart : 0;
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

    private static Command Links()
    {
        var file = new Argument<string>("FILE") { Description = "The CSV file; - is standard input" };
        var owner = new Option<string>("--owner") { Description = "Whose links these become", HelpName = "EMAIL", Required = true };
        var check = new Option<bool>("--check") { Description = "Says what would happen, and does nothing" };
        var command = new Command("links", "Imports links; those that are there stay as they are. docs/links.md describes the columns") { file, owner, check };
        command.SetAction((parsed, cancellationToken) => SpooCommands.WithServicesAsync(
            parsed,
            async services =>
            {
                var user = await UserCommands.FindAsync(services, parsed.GetRequiredValue(owner));
                var import = services.GetRequiredService<LinkImport>();
                await using var content = Open(parsed.GetRequiredValue(file));
                var plan = await PlanAsync(import, content, user.Id, cancellationToken);
                foreach (var bad in plan.BadLines)
                {
                    await Console.Error.WriteLineAsync($"line {bad.Line}: {bad.Reason}");
                }

                var made = parsed.GetValue(check) ? 0 : await import.StoreAsync(plan, user.Id, null, cancellationToken);
                Console.WriteLine(parsed.GetValue(check)
                    ? InEnglish(plan.New.Count, "{0} link would be made.", "{0} links would be made.")
                    : InEnglish(made, "{0} link made.", "{0} links made."));
                Say(plan.AlreadyThere, "{0} link was there already and stays as it is.", "{0} links were there already and stay as they are.");
                Say(plan.Bad, "{0} line is bad and was left out.", "{0} lines are bad and were left out.");
                if (plan.UnknownColumns.Count > 0)
                {
                    Console.WriteLine($"Columns that mean nothing here: {string.Join(", ", plan.UnknownColumns)}.");
                }

                return plan.Bad > 0 ? SpooCommands.InPart : 0;
            },
            cancellationToken));
        return command;
    }

    private static async Task<LinkFilePlan> PlanAsync(LinkImport import, Stream content, string ownerId, CancellationToken cancellationToken)
    {
        try
        {
            return await import.ReadAsync(content, ownerId, null, cancellationToken);
        }
        catch (ClickFileException exception)
        {
            throw new SettingException(exception.Message, exception);
        }
    }

    private static ClickFileFormat? Refuse(System.CommandLine.Parsing.ArgumentResult result)
    {
        result.AddError($"unknown format '{result.Tokens[0].Value}': there are bitly, csv and ndjson");
        return null;
    }

    private static Stream Open(string name)
    {
        if (name == StandardInput)
        {
            return Console.OpenStandardInput();
        }

        try
        {
            return new FileStream(name, FileMode.Open, FileAccess.Read, FileShare.Read, 1 << 16, FileOptions.Asynchronous | FileOptions.SequentialScan);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new SettingException($"cannot read '{name}': {exception.Message}", exception);
        }
    }

    private static void Print(ImportReport report)
    {
        foreach (var bad in report.BadLines)
        {
            Console.Error.WriteLine($"line {bad.Line}: {bad.Reason}");
        }

        if (report.Bad > report.BadLines.Count)
        {
            Console.Error.WriteLine($"and {InEnglish(report.Bad - report.BadLines.Count, "{0} more bad line", "{0} more bad lines")}");
        }

        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{InEnglish(report.Stored, "{0} click", "{0} clicks")} added, {InEnglish(report.LinksCreated, "{0} link", "{0} links")} made, in {report.Elapsed.TotalSeconds:0.0} s."));
        Say(report.AlreadyThere, "{0} click was there already.", "{0} clicks were there already.");
        Say(report.NotClicks, "{0} line is a heartbeat and no click.", "{0} lines are heartbeats and no clicks.");
        Say(report.Bad, "{0} line is bad and was left out.", "{0} lines are bad and were left out.");
        Say(report.LinkDeleted, "{0} click was left out because its link was deleted meanwhile.", "{0} clicks were left out because their link was deleted meanwhile.");
        Say(
            report.VisitorsGuessed,
            "{0} click has neither visitor nor address: visitors like its own are told apart by User-Agent, language and place, so unique counts may be lower than the truth.",
            "{0} clicks have neither visitor nor address: their visitors are told apart by User-Agent, language and place, so unique counts are lower than the truth.");
        Say(
            report.Ahead,
            "{0} click is dated ahead of now and is in no report before its time has come.",
            "{0} clicks are dated ahead of now and are in no report before their time has come.");
        foreach (var field in report.NotUnderstood)
        {
            Console.WriteLine($"{InEnglish(field.Lines, "{0} click has", "{0} clicks have")} no {field.Field}, because what the file says is not understood: {field.Said}.");
        }

        if (report.UnknownFields.Count > 0)
        {
            Console.WriteLine($"Fields that mean nothing here: {string.Join(", ", report.UnknownFields)}.");
        }
    }

    private static void Say(long count, string one, string other)
    {
        if (count > 0)
        {
            Console.WriteLine(InEnglish(count, one, other));
        }
    }
}

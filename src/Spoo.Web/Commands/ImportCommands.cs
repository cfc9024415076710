using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using Spoo.Data.Clicks.Reading;
using Spoo.Data.Database;
using Spoo.Data.Stats.Question;
using Spoo.Data.Transfer;
using Spoo.Data.Transfer.ClickFiles;
using Spoo.Data.Transfer.ClickFiles.Formats;
using Spoo.Data.Transfer.Imports;
using Spoo.Data.Transfer.LinkFiles;
using static Spoo.Web.Words.Plurals;

namespace Spoo.Web.Commands;

/// <summary><c>import clicks</c>: a file of clicks from elsewhere.</summary>
internal static class ImportCommands
{
    private const string StandardInput = "-";

    /// <summary>Links that a check shows as they would be made.</summary>
    private const int LinksShown = 5;

    public static Command All() => new("import", "Brings along what other services know") { Clicks(), Links(), ImportRecordCommands.List(), ImportRecordCommands.Undo() };

    private static Command Clicks()
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
                        Print(checkedFile);
                        return ExitCode(checkedFile.Report);
                    }

                    var report = await import.RunAsync(toImport, progress, cancellationToken);
                    progress.End();
                    Print(report);
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

    private static string FormatNames { get; } = string.Join(", ", ClickFileFormats.Importable.Select(format => format.Name));

    private static int ExitCode(ImportReport report) => report.IsUnreadable ? 1 : report.Bad > 0 ? SpooCommands.InPart : 0;

    private static Option<KeyValuePair<string, string?>[]> MapOption(string example, Func<string, bool> isField, string fields) => new("--map")
    {
        Description = $"The field of a column whose name does not tell it, such as {example}; COLUMN=- leaves one out",
        HelpName = "COLUMN=FIELD",
        CustomParser = result => [.. result.Tokens.Select(token => Mapped(result, token.Value, example, isField, fields)).OfType<KeyValuePair<string, string?>>()],
    };

    private static Option<DateOrder?> DatesOption() => new("--dates")
    {
        Description = "dmy or mdy: whether the day or the month comes first in dates such as 03/04/2026",
        HelpName = "ORDER",
        CustomParser = result => result.Tokens[0].Value.ToLowerInvariant() switch
        {
            "dmy" => DateOrder.DayMonth,
            "mdy" => DateOrder.MonthDay,
            _ => RefuseValue<DateOrder>(result, $"unknown order of dates '{result.Tokens[0].Value}': there are dmy and mdy"),
        },
    };

    private static Option<TimeZoneInfo?> ZoneOption() => new("--zone")
    {
        Description = "The zone of times that name none [default: UTC]",
        HelpName = "ZONE",
        CustomParser = result => TimeZones.Find(result.Tokens[0].Value)
            ?? Refuse<TimeZoneInfo>(result, $"unknown zone '{result.Tokens[0].Value}': zones are called as in Europe/Berlin"),
    };

    private static KeyValuePair<string, string?>? Mapped(ArgumentResult result, string text, string example, Func<string, bool> isField, string fields)
    {
        // A column's name may have an equals sign, a field's has none.
        var equals = text.LastIndexOf('=');
        var field = equals < 0 ? "" : text[(equals + 1)..].Trim();
        if (equals > 0 && (field == "-" || isField(field)))
        {
            return new(text[..equals].Trim(), field == "-" ? null : field);
        }

        result.AddError(equals > 0
            ? $"unknown field '{field}' in --map: {fields}"
            : $"--map takes COLUMN=FIELD, such as {example}, and not '{text}'");
        return null;
    }

    // Said twice of a column, the last one counts.
    private static Dictionary<string, string?> Mapping(KeyValuePair<string, string?>[]? said) =>
        (said ?? []).GroupBy(entry => entry.Key).ToDictionary(entry => entry.Key, entry => entry.Last().Value);

    private static int[]? Statuses(ArgumentResult result)
    {
        var texts = result.Tokens[0].Value.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        int[] numbers = [.. texts.Select(text => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0)];
        return numbers.Length > 0 && numbers.All(number => number is >= 100 and < 600)
            ? numbers
            : Refuse<int[]>(result, $"--status takes numbers such as 301,302 and not '{result.Tokens[0].Value}'");
    }

    private static Command Links()
    {
        var names = string.Join(", ", LinkFileFormats.All.Select(format => format.Name));
        var file = new Argument<string?>("FILE") { Description = "The file, also .gz or .zip; - is standard input", Arity = ArgumentArity.ZeroOrOne }.NotEmpty();
        var from = new Option<string?>("--from") { Description = "Instead of a file: spoo.me, or a server with its API, such as https://spoo.me", HelpName = "URL" };
        var key = new Option<string?>("--key") { Description = "With --from: an API key of the account there, with the scope urls:read; - reads it from standard input", HelpName = "KEY" };
        var owner = new Option<string>("--owner") { Description = "Whose links these become", HelpName = "EMAIL", Required = true };
        var check = new Option<bool>("--check") { Description = "Says what would happen, and does nothing" };
        var format = new Option<LinkFileFormat?>("--format")
        {
            Description = $"{names} [default: as the content tells]",
            HelpName = "FORMAT",
            CustomParser = result => LinkFileFormats.Find(result.Tokens[0].Value)
                ?? Refuse<LinkFileFormat>(result, $"unknown format '{result.Tokens[0].Value}': there are {names}"),
        };
        var map = MapOption("\"Back half=short_code\"", field => LinkColumns.Find(field) is not null, "docs/links.md lists them, such as short_code and long_url");
        var (dates, zone) = (DatesOption(), ZoneOption());
        var command = new Command("links", "Imports links; those that are there stay as they are. docs/links.md describes the formats") { file, from, key, owner, check, format, map, dates, zone };
        command.SetAction((parsed, cancellationToken) => SpooCommands.WithServicesAsync(
            parsed,
            async services =>
            {
                var user = await UserCommands.FindAsync(services, parsed.GetRequiredValue(owner));
                var import = services.GetRequiredService<LinkImport>();
                var (name, content) = await OpenLinksAsync(services, parsed.GetValue(file), parsed.GetValue(from), parsed.GetValue(key), cancellationToken);
                await using var opened = content;
                var options = new LinkFileOptions
                {
                    Format = parsed.GetValue(format),
                    Dates = parsed.GetValue(dates),
                    Zone = parsed.GetValue(zone) ?? TimeZones.Utc,
                    Map = Mapping(parsed.GetValue(map)).ToDictionary(entry => entry.Key, entry => entry.Value is { } name ? LinkColumns.Find(name) : null),
                };
                var plan = await PlanAsync(
                    import,
                    new LinkFileToImport { Name = name, Content = content, OwnerId = user.Id, Options = options, ByCommand = true },
                    cancellationToken);
                foreach (var bad in plan.BadLines)
                {
                    await Console.Error.WriteLineAsync($"line {bad.Line}: {bad.Reason}");
                }

                var stored = parsed.GetValue(check) ? default : await import.StoreAsync(plan, user.Id, null, cancellationToken);
                var made = stored.Links;
                Console.WriteLine(parsed.GetValue(check)
                    ? InEnglish(plan.New.Count, "{0} link would be made.", "{0} links would be made.")
                    : InEnglish(made, "{0} link made.", "{0} links made."));
                PrintTotals(parsed.GetValue(check) ? new(plan.Totals, plan.Totals) : stored.Totals);
                if (made > 0 || stored.Totals.Counted > 0)
                {
                    Console.WriteLine("./run import list tells the number with which ./run import undo takes that back.");
                }

                foreach (var read in plan.Files)
                {
                    var encoding = read.Encoding == "UTF-8" ? "" : $", read as {read.Encoding}";
                    Console.WriteLine($"Taken for {read.Format.Title}{(read.Told.Length > 0 ? $" (the columns {read.Told})" : "")}{encoding}.");
                }

                foreach (var link in parsed.GetValue(check) ? plan.New.Take(LinksShown) : [])
                {
                    var date = link.CreatedAt is { } at ? $", made {at.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture)} UTC" : "";
                    var tags = link.Draft.Tags.Count > 0 ? $", tags {string.Join(", ", link.Draft.Tags)}" : "";
                    Console.WriteLine($"  line {link.Line}: {link.Name ?? "a random code"} -> {OutsideText.Clean(link.Draft.LongUrl, 100)}{date}{tags}");
                }

                Say(
                    plan.HadPassword,
                    "{0} link had a password, which no export tells: it comes switched off. Give it another one and switch it on.",
                    "{0} links had passwords, which no export tells: they come switched off. Give them others and switch them on.");
                Say(plan.AlreadyThere, "{0} link was there already and stays as it is.", "{0} links were there already and stay as they are.");
                if (plan.TotalsNotUnderstood is { } totals)
                {
                    Console.WriteLine($"{InEnglish(totals.Lines, "{0} link comes", "{0} links come")} without {totals.Field}, because what the file says is no number of clicks: {totals.Said}.");
                }

                Say(plan.Bad, "{0} line is bad and was left out.", "{0} lines are bad and were left out.");
                if (plan.UnknownColumns.Count > 0)
                {
                    Console.WriteLine($"Columns that mean nothing here: {string.Join(", ", plan.UnknownColumns)}.");
                }

                return plan.Bad > 0 && plan.Bad == plan.Lines ? 1 : plan.Bad > 0 ? SpooCommands.InPart : 0;
            },
            cancellationToken));
        return command;
    }

    /// <summary>The file, or what stands for it at another server.</summary>
    private static async Task<(string Name, Stream Content)> OpenLinksAsync(
        IServiceProvider services, string? file, string? from, string? key, CancellationToken cancellationToken)
    {
        if (file is null == (from is null))
        {
            throw new SettingException("import links takes either a file or --from with the address of a server");
        }

        if (from is null)
        {
            return (NameOf(file!), Open(file!));
        }

        if ((key == StandardInput ? await Console.In.ReadLineAsync(cancellationToken) : key)?.Trim() is not { Length: > 0 } secret)
        {
            throw new SettingException("--from needs --key with an API key of the account there");
        }

        try
        {
            using var client = SpooMeLinks.ClientFor(from);
            return (client.BaseAddress!.Host, await services.GetRequiredService<SpooMeLinks>().ReadAsync(client, secret, new FetchedLine(), cancellationToken));
        }
        catch (ClickFileException exception)
        {
            throw new SettingException(exception.Message, exception);
        }
    }

    private static async Task<LinkFilePlan> PlanAsync(LinkImport import, LinkFileToImport file, CancellationToken cancellationToken)
    {
        try
        {
            return await import.ReadAsync(file, cancellationToken);
        }
        catch (ClickFileException exception)
        {
            throw new SettingException(exception.Message, exception);
        }
    }

    private static T? Refuse<T>(ArgumentResult result, string why)
        where T : class
    {
        result.AddError(why);
        return null;
    }

    private static T? RefuseValue<T>(ArgumentResult result, string why)
        where T : struct
    {
        result.AddError(why);
        return null;
    }

    private static string NameOf(string file) => file == StandardInput ? "standard input" : Path.GetFileName(file);

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
        PrintBad(report);
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{InEnglish(report.Stored, "{0} click", "{0} clicks")} added, {InEnglish(report.LinksCreated, "{0} link", "{0} links")} made, in {report.Elapsed.TotalSeconds:0.0} s."));
        PrintTotals(report.Totals);
        if (report is { ImportId: { } id } && (report.Stored > 0 || report.LinksCreated > 0 || report.Totals.Counted > 0))
        {
            Console.WriteLine($"./run import undo {id} takes that back.");
        }

        PrintFiles(report);
        Say(report.AlreadyThere, "{0} click was there already.", "{0} clicks were there already.");
        PrintLines(report);
        foreach (var (host, clicks) in report.OtherHosts)
        {
            Console.WriteLine($"{InEnglish(clicks, "{0} click was", "{0} clicks were")} of links at {OutsideText.Clean(host, 100)}, which is no domain of this account: their codes are on the server's own.");
        }

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

        PrintUnknown(report);
    }

    private static void PrintTotals(ToldTotals totals)
    {
        Say(
            totals.Counted,
            "{0} click is kept as a number: the file tells of it only that it was. It stands beside the clicks.",
            "{0} clicks are kept as numbers: the file tells only how many they were. They stand beside the clicks.");
        Say(
            totals.Told - totals.Counted,
            "{0} click more is not counted again: clicks of the same day or link, or an earlier import, tell of it.",
            "{0} clicks more are not counted again: clicks of the same days or links, or earlier imports, tell of them.");
    }

    private static void Print(ClickFileCheck check)
    {
        PrintBad(check.Report);
        Console.WriteLine($"{InEnglish(check.Clicks, "{0} click", "{0} clicks")} in {InEnglish(check.Report.Lines, "{0} line", "{0} lines")}; nothing was stored.");
        Say(check.Totals, "{0} click is told by its number alone.", "{0} clicks are told by their number alone.");
        PrintFiles(check.Report);
        foreach (var column in check.Report.Files.SelectMany(file => file.Columns).Distinct())
        {
            Console.WriteLine($"  {OutsideText.Clean(column.Column, 64)} -> {column.Field}");
        }

        foreach (var click in check.First)
        {
            var more = new[] { ("long_url", click.LongUrl), ("referrer", click.Referrer), ("country", click.Country), ("browser", click.UserAgent) }
                .Where(field => field.Item2 is not null)
                .Select(field => $", {field.Item1} {OutsideText.Clean(field.Item2, 80)}");
            var (time, clicks) = click.Clicks is not { } sum
                ? (click.Time.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture) + " UTC", "")
                : (click.Day?.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture) ?? "no day", ", " + InEnglish(sum, "{0} click", "{0} clicks"));
            Console.WriteLine($"  line {click.Line}: {time}, short_code {click.ShortCode}{clicks}{string.Concat(more)}");
        }

        PrintLines(check.Report);
        PrintUnknown(check.Report);
    }

    private static void PrintBad(ImportReport report)
    {
        foreach (var bad in report.BadLines)
        {
            Console.Error.WriteLine($"line {bad.Line}: {bad.Reason}");
        }

        if (report.Bad > report.BadLines.Count)
        {
            Console.Error.WriteLine($"and {InEnglish(report.Bad - report.BadLines.Count, "{0} more bad line", "{0} more bad lines")}");
        }

        if (report is { IsUnreadable: true, Files: [var file, ..] })
        {
            Console.Error.WriteLine($"spoo: no line could be read. It was taken for {file.Format.Title}; --format says otherwise, and docs/import.md shows what each format looks like");
        }
    }

    private static void PrintFiles(ImportReport report)
    {
        const int Most = 20;
        foreach (var file in report.Files.Take(Most))
        {
            var encoding = file.Encoding == "UTF-8" ? "" : $", read as {file.Encoding}";
            var dates = file.Dates is { } order ? $", dates with the {(order == DateOrder.DayMonth ? "day" : "month")} first" : "";
            Console.WriteLine($"{OutsideText.Clean(file.Name, 100)}: {file.Format.Title} ({file.Reason}){encoding}{dates}.");
        }

        Say(report.Files.Count - Most, "And {0} more file.", "And {0} more files.");
    }

    private static void PrintLines(ImportReport report)
    {
        foreach (var (reason, count) in report.NotClicksBy.OrderByDescending(reason => reason.Value))
        {
            Console.WriteLine($"{InEnglish(count, "{0} line is no click", "{0} lines are no clicks")}: {reason}.");
        }

        Say(report.Bad, "{0} line is bad and was left out.", "{0} lines are bad and were left out.");
    }

    private static void PrintUnknown(ImportReport report)
    {
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

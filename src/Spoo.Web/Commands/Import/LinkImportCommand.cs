using System.CommandLine;
using System.Globalization;
using Spoo.Data.Clicks.Reading;
using Spoo.Data.Database;
using Spoo.Data.Stats.Question;
using Spoo.Data.Transfer;
using Spoo.Data.Transfer.LinkFiles;
using static Spoo.Web.Commands.Import.ImportOptions;
using static Spoo.Web.Commands.Import.ImportReports;
using static Spoo.Web.Words.Plurals;

namespace Spoo.Web.Commands.Import;

/// <summary><c>import links</c>: a file of links from elsewhere, or those of an account at another server.</summary>
internal static class LinkImportCommand
{
    /// <summary>Links that a check shows as they would be made.</summary>
    private const int LinksShown = 5;

    public static Command Make()
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
                Say(
                    plan.Archived,
                    "{0} link was archived and is here, too: it leads on, and is in no list that does not ask for it.",
                    "{0} links were archived and are here, too: they lead on, and are in no list that does not ask for them.");
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
}

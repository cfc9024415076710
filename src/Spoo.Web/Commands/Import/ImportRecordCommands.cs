using System.CommandLine;
using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Spoo.Data.Clicks.Reading;
using Spoo.Data.Database;
using Spoo.Data.Transfer.Imports;
using static Spoo.Web.Words.Plurals;

namespace Spoo.Web.Commands.Import;

/// <summary><c>import list</c> and <c>import undo</c>: what was imported, and taking it back.</summary>
internal static class ImportRecordCommands
{
    private const int MaxName = 60;

    public static Command List()
    {
        var owner = new Option<string?>("--owner") { Description = "Imports of this account only", HelpName = "EMAIL" };
        var command = new Command("list", $"Lists the last {ImportRecords.MaxListed} imports, the newest first") { owner, Printed.Json };
        command.SetAction((parsed, cancellationToken) => SpooCommands.WithServicesAsync(
            parsed,
            async services =>
            {
                var user = parsed.GetValue(owner) is { } email ? await UserCommands.FindAsync(services, email) : null;
                var records = services.GetRequiredService<ImportRecords>();
                var imports = await records.ListAsync(user?.Id, cancellationToken);
                var emails = await EmailsAsync(services, imports, cancellationToken);
                return Printed.Write(
                    parsed,
                    imports.Select(import => new Listed(import, emails.GetValueOrDefault(import.OwnerId), records.IsRunning(import))),
                    answer => answer.Select(import => import.Line()).DefaultIfEmpty("Nothing was imported yet."));
            },
            cancellationToken));
        return command;
    }

    public static Command Undo()
    {
        var id = new Argument<int>("ID") { Description = "The number of the import; import list tells it" };
        var command = new Command("undo", "Takes back what an import has added; links that were clicked or changed since stay") { id };
        command.SetAction((parsed, cancellationToken) => SpooCommands.WithServicesAsync(
            parsed,
            async services =>
            {
                switch (await services.GetRequiredService<ImportUndo>().UndoAsync(parsed.GetRequiredValue(id), null, null, cancellationToken))
                {
                    case UndoOutcome.Done done:
                        Console.WriteLine($"{InEnglish(done.Clicks, "{0} click", "{0} clicks")} and {InEnglish(done.Links, "{0} link", "{0} links")} of '{OutsideText.Clean(done.Import.Name, MaxName)}' removed.");
                        if (done.Totals > 0)
                        {
                            Console.WriteLine(InEnglish(done.Totals, "{0} click that was kept as a number is gone as well.", "{0} clicks that were kept as numbers are gone as well."));
                        }

                        foreach (var kept in done.Kept.KeptLinks)
                        {
                            Console.WriteLine($"  {kept.Name} stays: {InWords(kept.Because)}");
                        }

                        if (done.Kept.Kept > done.Kept.KeptLinks.Count)
                        {
                            Console.WriteLine(InEnglish(done.Kept.Kept - done.Kept.KeptLinks.Count, "  and {0} more", "  and {0} more"));
                        }

                        return 0;
                    case UndoOutcome.Refused refused:
                        throw new SettingException(refused.Why.ToString().TrimEnd('.'));
                    case var other:
                        throw new NotSupportedException(other.ToString());
                }
            },
            cancellationToken));
        return command;
    }

    private static string InWords(KeptBecause reason) => reason switch
    {
        KeptBecause.Clicked => "it has clicks that this import did not bring",
        KeptBecause.Changed => "its owner has changed it",
        KeptBecause.Blocked => "it is blocked",
        _ => throw new ArgumentOutOfRangeException(nameof(reason)),
    };

    private static async Task<Dictionary<string, string?>> EmailsAsync(IServiceProvider services, IReadOnlyList<ImportRecord> imports, CancellationToken cancellationToken)
    {
        var owners = imports.Select(import => import.OwnerId).Distinct().ToList();
        await using var context = await services.GetRequiredService<IDbContextFactory<SpooDbContext>>().CreateDbContextAsync(cancellationToken);
        return await context.Users.Where(user => owners.Contains(user.Id)).ToDictionaryAsync(user => user.Id, user => user.Email, cancellationToken);
    }

    /// <summary>An import as the command answers it.</summary>
    private sealed record Listed(
        int Id, string? Owner, string Kind, string State, string File, string Format, string By, DateTimeOffset StartedAt, DateTimeOffset? FinishedAt, string? Sha256,
        long Lines, long Clicks, long Totals, long Links, long AlreadyThere, long Rejected, IReadOnlyList<string> Reasons, IReadOnlyList<string> Kept)
    {
        public Listed(ImportRecord import, string? owner, bool isRunning)
            : this(
                import.Id,
                owner,
                import.Kind.ToString().ToLowerInvariant(),
                StateOf(import, isRunning),
                import.Name,
                import.Format,
                import.ByCommand ? "command" : "page",
                import.StartedAt,
                import.FinishedAt,
                import.FileHash,
                import.Lines,
                import.Clicks,
                import.Totals,
                import.Links,
                import.AlreadyThere,
                import.Bad,
                [.. ImportFindings.Parse(import.Findings).BadLines.Select(bad => $"line {bad.Line}: {bad.Reason}")],
                [.. ImportFindings.Parse(import.Findings).KeptLinks.Select(kept => $"{kept.Name}: {InWords(kept.Because)}")])
        {
        }

        public string Line() => string.Create(
            CultureInfo.InvariantCulture,
            $"{Id,4}  {StartedAt.UtcDateTime:yyyy-MM-dd HH:mm}  {State,-8} {(Kind == "clicks" ? InEnglish(Clicks, "{0} click, ", "{0} clicks, ") : "")}{(Totals > 0 ? InEnglish(Totals, "{0} click by number, ", "{0} clicks by number, ") : "")}{InEnglish(Links, "{0} link", "{0} links")} added, {AlreadyThere:N0} there already, {Rejected:N0} rejected; {Owner}, by {By}: {OutsideText.Clean(File, MaxName)} ({Format})");

        private static string StateOf(ImportRecord import, bool isRunning) => import.State switch
        {
            // Its process was killed, and could not say so.
            ImportState.Running when !isRunning => "stopped",
            ImportState.Undoing => "undoing",
            var state => state.ToString().ToLowerInvariant(),
        };
    }
}

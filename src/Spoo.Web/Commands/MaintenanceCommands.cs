using System.CommandLine;
using System.Globalization;
using System.IO.Compression;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Spoo.Data;
using Spoo.Data.Care;
using Spoo.Data.Clicks.Journal;
using Spoo.Data.Clicks.Reading;
using Spoo.Data.Clicks.Storing;
using Spoo.Data.Database;
using Spoo.Web.Mail;
using static Spoo.Web.Words.Plurals;

namespace Spoo.Web.Commands;

/// <summary><c>audit</c>, <c>check</c>, <c>retry</c>, <c>backup</c> and <c>restore</c>: what an operator does to sleep well.</summary>
internal static class MaintenanceCommands
{
    private const string Database = "spoo.db";
    private const string SettingsFile = "spoo.json";

    /// <summary>Less than this on the disk of the data folder is worth a word.</summary>
    private const long LittleSpace = 1L << 30;

    /// <summary>What a backup holds besides the database.</summary>
    private static readonly string[] Folders = ["journal", "keys", "refused"];

    public static IEnumerable<Command> All() => [Audit(), Check(), Retry(), Backup(), Restore()];

    private static Command Audit()
    {
        var command = new Command("audit", "Counts every click again, in rows, columns and counters, and names what differs (exit code 2)");
        command.SetAction((parsed, cancellationToken) => SpooCommands.WithServicesAsync(
            parsed,
            async services =>
            {
                var report = await services.GetRequiredService<ClickAudit>().RunAsync(cancellationToken);
                foreach (var difference in report.Differences)
                {
                    Console.WriteLine($"{difference.ShortCode ?? "all links of an account"}: {OutsideText.Clean(difference.What, 400)}: {difference.Other}, and {difference.Rows} by the rows");
                }

                foreach (var click in report.NotMeasured)
                {
                    Console.WriteLine($"click {click.Writer}/{click.Sequence}: its redirect time cannot be, and is not counted");
                }

                if (report.Ahead > 0)
                {
                    Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{report.Ahead:N0} clicks are dated ahead of now and are in no report before their time has come."));
                }

                Console.WriteLine(
                    $"{InEnglish(report.Clicks, "{0} click", "{0} clicks")} of {InEnglish(report.Links, "{0} link", "{0} links")} counted; {InEnglish(report.Differences.Count, "{0} difference", "{0} differences")}.");
                if (report.ClicksWithoutLink > 0)
                {
                    Console.WriteLine(InEnglish(
                        report.ClicksWithoutLink,
                        "{0} stored click has no link any more; ./run check --repair deletes it.",
                        "{0} stored clicks have no link any more; ./run check --repair deletes them."));
                }

                return report.IsGood ? 0 : SpooCommands.InPart;
            },
            cancellationToken));
        return command;
    }

    private static Command Check()
    {
        var repair = new Option<bool>("--repair") { Description = "Deletes stored clicks whose link is not there any more" };
        var command = new Command("check", "Looks at settings, database, disk, places, clicks that were set aside or have no link, and mail, and says what is not well (exit code 2)") { repair };
        command.SetAction((parsed, cancellationToken) => SpooCommands.WithServicesAsync(
            parsed,
            async services =>
            {
                var data = services.GetRequiredService<IOptions<DataOptions>>().Value;
                var isWell = true;
                Say(true, $"settings: understood; the data folder is {data.PathOf()}");
                var answers = await services.GetRequiredService<SpooDatabase>().AnswersAsync(cancellationToken);
                Say(answers, answers ? $"database: {data.Database} answers, and its schema is this version's" : $"database: {data.Database} does not answer");
                if (answers)
                {
                    var statement = await services.GetRequiredService<SpooDatabase>().HowReadersWouldNotWaitAsync(cancellationToken);
                    Say(statement is null, statement is null
                        ? "readers: they do not wait for writers"
                        : $"readers: in this database they wait for writers; whoever may alter it ends that with: {statement}");
                    await CheckClicksWithoutLinkAsync(services.GetRequiredService<ClicksWithoutLink>());
                }

                var free = new DriveInfo(data.PathOf()).AvailableFreeSpace;
                Say(free >= LittleSpace, string.Create(CultureInfo.InvariantCulture, $"disk: {free / 1e9:0.0} GB are free for the data folder"));
                var places = services.GetRequiredService<PlaceOptions>().Path;
                var found = Directory.Exists(places) ? Directory.GetFiles(places, "*.mmdb").Length : 0;
                Say(found > 0, found > 0 ? $"places: {InEnglish(found, "{0} file", "{0} files")} in {places}" : $"places: no .mmdb file in {places}, so new clicks have no country; eng/places fetches one");
                var unread = Directory.Exists(data.PathOf("journal")) ? ClickJournal.FilesSetAside(data.PathOf("journal")).Count() : 0;
                Say(unread == 0, unread == 0 ? "journal: every record could be read" : $"journal: {InEnglish(unread, "{0} file", "{0} files")} of records that no version so far could read, in {data.PathOf("journal")}");
                var refused = services.GetRequiredService<RefusedClicks>();
                Say(refused.Count == 0, refused.Count == 0
                    ? "clicks: the database has refused none"
                    : $"clicks: the database has refused {InEnglish(refused.Count, "{0}, which waits", "{0}, which wait")} in {refused.Folder}; each file says why, and ./run retry offers them again");
                Say(true, services.GetRequiredService<IOptions<MailOptions>>().Value.Host is { } host ? $"mail: by {host}" : "mail: no server is set, so links for people go to the log");
                return isWell ? 0 : SpooCommands.InPart;

                async Task CheckClicksWithoutLinkAsync(ClicksWithoutLink withoutLink)
                {
                    var removed = parsed.GetValue(repair) ? await withoutLink.RemoveAsync(cancellationToken) : 0;
                    var left = await withoutLink.CountAsync(cancellationToken);
                    Say(left == 0, string.Create(CultureInfo.InvariantCulture, $"links: {(left == 0
                        ? $"every stored click has one{(removed > 0 ? $", now that {removed:N0} without one are deleted" : "")}"
                        : $"{left:N0} stored clicks have none any more; ./run check --repair deletes them")}"));
                }

                void Say(bool good, string line)
                {
                    isWell &= good;
                    Console.WriteLine($"{(good ? "ok  " : "LOOK")} {line}");
                }
            },
            cancellationToken));
        return command;
    }

    private static Command Retry()
    {
        var command = new Command("retry", "Offers the clicks to the database again that it has refused, and says what became of them (exit code 2 if it refuses some still)");
        command.SetAction((parsed, cancellationToken) => SpooCommands.WithServicesAsync(
            parsed,
            async services =>
            {
                var report = await services.GetRequiredService<RefusedRetry>().RunAsync(cancellationToken);
                foreach (var (refused, reason) in report.Refused)
                {
                    Console.WriteLine($"{refused}: {reason}");
                }

                Console.WriteLine(
                    $"{InEnglish(report.Stored, "{0} click", "{0} clicks")} stored, {InEnglish(report.AlreadyThere, "{0} was", "{0} were")} there already, "
                    + $"{InEnglish(report.WithoutLink, "{0} has", "{0} have")} no link any more, {InEnglish(report.Refused.Count, "{0} is", "{0} are")} refused still.");
                return report.Refused.Count == 0 ? 0 : SpooCommands.InPart;
            },
            cancellationToken));
        return command;
    }

    private static Command Backup()
    {
        var file = new Argument<string>("FILE") { Description = "The archive to make, such as spoo-2026-11-23.zip; it must not be there yet" };
        var command = new Command("backup", "Copies the SQLite database, the journal, refused clicks, the keys of cookies and spoo.json, also while the server runs") { file };
        command.SetAction((parsed, cancellationToken) => SpooCommands.WithServicesAsync(
            parsed,
            async services =>
            {
                var data = services.GetRequiredService<IOptions<DataOptions>>().Value;
                RequireSqlite(data);
                var path = Path.GetFullPath(parsed.GetRequiredValue(file));
                var copy = path + ".db";
                try
                {
                    await using (var archive = new FileStream(path, FileMode.CreateNew))
                    await using (var zip = new ZipArchive(archive, ZipArchiveMode.Create))
                    {
                        // The journal first: what is stored meanwhile is in the database, too, and is known by its number not to be stored twice.
                        foreach (var name in Folders.SelectMany(folder => FilesIn(data, folder)).Append(SettingsFile).Where(name => File.Exists(data.PathOf(name))))
                        {
                            await AddAsync(zip, name, data.PathOf(name), cancellationToken);
                        }

                        CopyDatabase(data.PathOf(Database), copy);
                        await AddAsync(zip, Database, copy, cancellationToken);
                    }
                }
                catch (IOException exception)
                {
                    throw new SettingException($"cannot write '{path}': {exception.Message}", exception);
                }
                finally
                {
                    File.Delete(copy);
                }

                Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{path}, {new FileInfo(path).Length / 1e6:0.0} MB. It has everybody's data and secrets: keep it as safe as the server."));
                return 0;
            },
            cancellationToken));
        return command;
    }

    private static Command Restore()
    {
        var file = new Argument<string>("FILE") { Description = "An archive that backup made" };
        var command = new Command("restore", "Unpacks a backup into a data folder that has no database yet (choose one with --data)") { file };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var data = SpooCommands.DataOf(parsed);
            RequireSqlite(data);
            if (File.Exists(data.PathOf(Database)))
            {
                throw new SettingException($"'{data.PathOf()}' has a database already: restore into another folder with --data, or move this one away");
            }

            try
            {
                await using var zip = await ZipFile.OpenReadAsync(Path.GetFullPath(parsed.GetRequiredValue(file)), cancellationToken);
                if (zip.GetEntry(Database) is null)
                {
                    throw new SettingException($"'{parsed.GetRequiredValue(file)}' is no backup of Spoo: it has no {Database}");
                }

                Directory.CreateDirectory(data.PathOf());

                // Names that lead out of the folder are refused.
                await zip.ExtractToDirectoryAsync(data.PathOf(), overwriteFiles: false, cancellationToken);
            }
            catch (Exception exception) when (exception is IOException or InvalidDataException or UnauthorizedAccessException)
            {
                throw new SettingException($"cannot unpack '{parsed.GetRequiredValue(file)}': {exception.Message}", exception);
            }

            return await SpooCommands.WithServicesAsync(
                parsed,
                async services =>
                {
                    // Servers that kept columns of the newer clicks make them again.
                    await using var context = await services.GetRequiredService<IDbContextFactory<SpooDbContext>>().CreateDbContextAsync(cancellationToken);
                    await ClickEpoch.RenewAsync(context, cancellationToken);
                    Console.WriteLine($"Restored into {data.PathOf()}. ./run audit --data {data.PathOf()} counts everything again.");
                    return 0;
                },
                cancellationToken);
        });
        return command;
    }

    private static void RequireSqlite(DataOptions data)
    {
        if (data.Database != DatabaseKind.Sqlite)
        {
            var means = data.Database == DatabaseKind.PostgreSql ? "pg_dump and pg_restore" : "BACKUP and RESTORE";
            throw new SettingException(
                $"{data.Database} has its own means for that ({means}); the folders journal, keys and refused of {data.PathOf()} go with it and are copied before it");
        }
    }

    private static void CopyDatabase(string from, string to)
    {
        using var source = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = from, Mode = SqliteOpenMode.ReadOnly, Pooling = false }.ToString());
        using var target = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = to, Pooling = false }.ToString());
        source.Open();
        target.Open();
        source.BackupDatabase(target);
    }

    private static IEnumerable<string> FilesIn(DataOptions data, string folder) => Directory.Exists(data.PathOf(folder))
        ? Directory.EnumerateFiles(data.PathOf(folder)).Select(file => Path.Combine(folder, Path.GetFileName(file))).Where(name => Path.GetFileName(name) != "lock")
        : [];

    private static async Task AddAsync(ZipArchive zip, string name, string path, CancellationToken cancellationToken)
    {
        FileStream content;
        try
        {
            content = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        }
        catch (FileNotFoundException)
        {
            // A file of the journal, stored and deleted meanwhile.
            return;
        }

        await using (content)
        {
            await using var entry = await zip.CreateEntry(name.Replace('\\', '/'), CompressionLevel.Fastest).OpenAsync(cancellationToken);
            await content.CopyToAsync(entry, cancellationToken);
        }
    }
}

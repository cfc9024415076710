using System.CommandLine;
using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Spoo.Data;
using Spoo.Data.Accounts;
using Spoo.Data.Care;
using Spoo.Data.Clicks.Journal;
using Spoo.Data.Clicks.Moved;
using Spoo.Data.Clicks.Reading;
using Spoo.Data.Clicks.Storing;
using Spoo.Data.Database;
using Spoo.Data.Links;
using Spoo.Web.Addresses;
using Spoo.Web.Identity;
using Spoo.Web.Mail;
using static Spoo.Web.Words.Plurals;

namespace Spoo.Web.Commands;

/// <summary><c>audit</c>, <c>check</c>, <c>retry</c>, <c>backup</c> and <c>restore</c>: what an operator does to sleep well.</summary>
internal static class MaintenanceCommands
{
    /// <summary>Less than this on the disk of the data folder is worth a word.</summary>
    private const long LittleSpace = 1L << 30;

    /// <summary>Addresses change hands; makers of such files give out new ones every month.</summary>
    private static readonly TimeSpan OldPlaces = TimeSpan.FromDays(365);

    /// <summary>Clicks are dated by this machine, and sessions, limits and ends of links by both.</summary>
    private static readonly TimeSpan ClocksAgree = TimeSpan.FromSeconds(5);

    /// <summary>A passphrase is tried out on another person's machines, as quickly as they can.</summary>
    private const int MinPassphrase = 12;

    private static readonly Option<string> PassphraseFile = new Option<string>("--passphrase-file")
    {
        Description = "A file whose first line is the passphrase with which the archive is encrypted",
        HelpName = "FILE",
    }.NotEmpty();

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
                    Console.WriteLine($"{difference.Link ?? "all links of an account"}: {OutsideText.Clean(difference.What, 400)}: {difference.Other}, and {difference.Rows} by the rows");
                }

                foreach (var click in report.NotMeasured)
                {
                    Console.WriteLine($"click {click.Writer}/{click.Sequence}: its redirect time cannot be, and is not counted");
                }

                if (report.Ahead > 0)
                {
                    Console.WriteLine(InEnglish(
                        report.Ahead,
                        "{0} click is dated ahead of now and is in no report before its time has come.",
                        "{0} clicks are dated ahead of now and are in no report before their time has come."));
                }

                foreach (var fault in report.Faults)
                {
                    Console.WriteLine(fault);
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

                await services.GetRequiredService<AuditLog>().RecordAsync(
                    null,
                    AuditAct.ClicksAudited,
                    null,
                    $"{InEnglish(report.Clicks, "{0} click", "{0} clicks")}, {InEnglish(report.Differences.Count, "{0} difference", "{0} differences")}",
                    cancellationToken);
                return report.IsGood ? 0 : SpooCommands.InPart;
            },
            cancellationToken));
        return command;
    }

    private static Command Check()
    {
        var repair = new Option<bool>("--repair") { Description = "Deletes stored clicks whose link is not there any more" };
        var command = new Command("check", "Looks at settings, rights, database, clocks, disk, places, clicks that were set aside or have no link, the copy in ClickHouse, who may sign up, proxies and mail, and says what is not well (exit code 2)") { repair };
        command.SetAction((parsed, cancellationToken) => CheckAsync(parsed, repair, PrivateFiles.OpenIn(SpooCommands.DataOf(parsed).PathOf()), cancellationToken));
        return command;
    }

    /// <param name="wereOpen">What others could read of the data folder before this command, which closes what it can.</param>
    private static Task<int> CheckAsync(ParseResult parsed, Option<bool> repair, IReadOnlyList<string> wereOpen, CancellationToken cancellationToken) => SpooCommands.WithServicesAsync(
            parsed,
            async services =>
            {
                var data = services.GetRequiredService<IOptions<DataOptions>>().Value;
                var isWell = true;
                Say(true, $"settings: understood; the data folder is {data.PathOf()}");
                var open = PrivateFiles.OpenIn(data.PathOf());
                Say(wereOpen.Count + open.Count == 0, open.Count > 0
                    ? $"rights: other users of this machine may read {Some(open)}, which this command leaves as it is, because it is another user's or lies elsewhere; chmod go= closes it"
                    : wereOpen.Count > 0
                        ? $"rights: other users of this machine could read {Some(wereOpen)}, until now; if they may have, take new keys (move {data.PathOf("keys")} away, which signs everybody out)"
                        : "rights: the data folder is its user's alone");
                var (links, server) = (services.GetRequiredService<ShorteningOptions>(), services.GetRequiredService<IOptions<ServerOptions>>().Value);
                var path = links.PublicUrl is { } publicUrl ? new Uri(publicUrl).AbsolutePath.TrimEnd('/') : null;
                Say(path is null || path == server.PathBase || server.PathBase.Length == 0, path is null
                    ? "address: short links begin where the request came to; Links:PublicUrl says otherwise"
                    : path == server.PathBase || server.PathBase.Length == 0
                        ? $"address: {links.PublicUrl}"
                        : $"address: Links:PublicUrl is {links.PublicUrl}, and the server is below {server.PathBase}, so short links lead beside it: {new Uri(links.PublicUrl!).GetLeftPart(UriPartial.Authority)}{server.PathBase} would be right");
                var accounts = services.GetRequiredService<AccountOptions>();
                Say(accounts.SignUp != SignUpPolicy.Open || !links.AllowAnonymous, accounts.SignUp != SignUpPolicy.Open || !links.AllowAnonymous
                    ? $"accounts: {(accounts.SignUp == SignUpPolicy.Open ? "everybody" : accounts.SignUp == SignUpPolicy.Invite ? "invited people" : "nobody")} may sign up; links without an account are {(links.AllowAnonymous ? "on" : "off")}"
                    : "accounts: everybody may sign up, and make links without an account as well, which is abused within days where strangers come by; ./run settings Accounts:SignUp Invite and ./run settings Links:AllowAnonymous false end that");
                var answers = await services.GetRequiredService<SpooDatabase>().AnswersAsync(cancellationToken);
                Say(answers, answers ? $"database: {data.Database} answers, and its schema is this version's" : $"database: {data.Database} does not answer");
                if (answers)
                {
                    var statement = await services.GetRequiredService<SpooDatabase>().HowReadersWouldNotWaitAsync(cancellationToken);
                    Say(statement is null, statement is null
                        ? "readers: they do not wait for writers"
                        : $"readers: in this database they wait for writers; whoever may alter it ends that with: {statement}");
                    if (await services.GetRequiredService<SpooDatabase>().ClockAheadAsync(cancellationToken) is { } ahead)
                    {
                        Say(ahead.Duration() <= ClocksAgree, ahead.Duration() <= ClocksAgree
                            ? "clocks: this machine's and the database's agree"
                            : string.Create(CultureInfo.InvariantCulture, $"clocks: the database's is {Math.Abs(ahead.TotalSeconds):0} seconds {(ahead > TimeSpan.Zero ? "ahead of" : "behind")} this machine's; set both by the same time server (NTP)"));
                    }

                    await CheckClicksWithoutLinkAsync(services.GetRequiredService<ClicksWithoutLink>());
                    await ClickHouseCommands.CheckAsync(services, Say, cancellationToken);
                }

                var free = new DriveInfo(data.PathOf()).AvailableFreeSpace;
                Say(free >= LittleSpace, string.Create(CultureInfo.InvariantCulture, $"disk: {free / 1e9:0.0} GB are free for the data folder{(free >= LittleSpace ? "" : ", and it should be 1 at least: when it is full, clicks are lost")}"));
                var places = services.GetRequiredService<PlaceOptions>().Path;
                var found = services.GetRequiredService<Places>().Databases;
                var old = found.Where(database => services.GetRequiredService<TimeProvider>().GetUtcNow() - database.BuiltAt > OldPlaces).ToList();
                Say(found.Count > 0 && old.Count == 0, found.Count == 0
                    ? $"places: no .mmdb file in {places}, so new clicks have no country; eng/places fetches one"
                    : old.Count > 0
                        ? string.Create(CultureInfo.InvariantCulture, $"places: {old[0].File} is of {old[0].BuiltAt:yyyy-MM-dd}, and addresses change hands; eng/places fetches a newer one")
                        : $"places: {InEnglish(found.Count, "{0} file", "{0} files")} in {places}");
                var unread = Directory.Exists(data.PathOf("journal")) ? ClickJournal.FilesSetAside(data.PathOf("journal")).Count() : 0;
                Say(unread == 0, unread == 0 ? "journal: every record could be read" : $"journal: {InEnglish(unread, "{0} file", "{0} files")} of records that no version so far could read, in {data.PathOf("journal")}");
                var (lost, missing) = ClickJournal.LossesIn(data.PathOf("journal"));
                Say(lost + missing == 0, lost + missing == 0
                    ? "journal: no click has been lost"
                    : string.Create(CultureInfo.InvariantCulture, $"journal: {lost:N0} clicks could not be written down (its disk was full), and {missing:N0} records were damaged or gone when they were to be stored; the log says when. This stays as long as the folder"));
                var refused = services.GetRequiredService<RefusedClicks>();
                Say(refused.Count == 0, refused.Count == 0
                    ? "clicks: the database has refused none"
                    : $"clicks: the database has refused {InEnglish(refused.Count, "{0}, which waits", "{0}, which wait")} in {refused.Folder}; each file says why, and ./run retry offers them again");
                var peer = services.GetRequiredService<UnknownProxies>().Last;
                Say(peer is null, peer is null
                    ? "proxies: no peer that is not known has forwarded for others"
                    : $"proxies: a peer with the address {peer} has sent forwarding headers and is not in Proxies:Known; if it is a proxy of yours, everybody behind it counts as one visitor");
                Say(true, services.GetRequiredService<IOptions<MailOptions>>().Value.Host is { } host ? $"mail: by {host}" : "mail: no server is set; ./run users reset and ./run users confirm stand in for it");
                return isWell ? 0 : SpooCommands.InPart;

                static string Some(IReadOnlyList<string> paths) => paths.Count == 1 ? paths[0] : $"{paths[0]} and {InEnglish(paths.Count - 1, "{0} other", "{0} others")}";

                async Task CheckClicksWithoutLinkAsync(ClicksWithoutLink withoutLink)
                {
                    var removed = parsed.GetValue(repair) ? await withoutLink.RemoveAsync(cancellationToken) : 0;
                    var left = await withoutLink.CountAsync(cancellationToken);
                    var now = removed == 0 ? "" : InEnglish(removed, ", now that {0} without one is deleted", ", now that {0} without one are deleted");
                    Say(left == 0, left == 0
                        ? "links: every stored click has one" + now
                        : InEnglish(
                            left,
                            "links: {0} stored click has none any more; ./run check --repair deletes it",
                            "links: {0} stored clicks have none any more; ./run check --repair deletes them"));
                }

                void Say(bool good, string line)
                {
                    isWell &= good;
                    Console.WriteLine($"{(good ? "ok  " : "LOOK")} {line}");
                }
            },
            cancellationToken);

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
        var file = new Argument<string>("FILE") { Description = "The archive to make, such as spoo-2026-11-23.zip; it must not be there yet" }.NotEmpty();
        var command = new Command("backup", "Copies the SQLite database, the journal, refused clicks, the keys of cookies and spoo.json, also while the server runs") { file, PassphraseFile };
        command.SetAction((parsed, cancellationToken) => SpooCommands.WithServicesAsync(
            parsed,
            async services =>
            {
                var data = services.GetRequiredService<IOptions<DataOptions>>().Value;
                RequireSqlite(data);
                var path = Path.GetFullPath(parsed.GetRequiredValue(file));
                var passphrase = Passphrase(parsed);
                var archive = passphrase is null ? path : path + ".plain";
                if (new[] { path, archive }.FirstOrDefault(File.Exists) is { } there)
                {
                    throw new SettingException($"'{there}' is there already; choose another name, or move it away");
                }

                try
                {
                    await services.GetRequiredService<BackupArchive>().MakeAsync(archive, cancellationToken);
                    if (passphrase is not null)
                    {
                        await SealAsync(archive, path, passphrase, cancellationToken);
                    }
                }
                catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
                {
                    throw new SettingException($"cannot write '{path}': {exception.Message}", exception);
                }
                finally
                {
                    if (archive != path)
                    {
                        File.Delete(archive);
                    }
                }

                await services.GetRequiredService<AuditLog>().RecordAsync(null, AuditAct.BackupMade, null, null, cancellationToken);
                Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{path}, {new FileInfo(path).Length / 1e6:0.0} MB. {(passphrase is null ? "It has everybody's data and secrets: keep it as safe as the server." : "Only its passphrase opens it.")}"));
                if (await services.GetRequiredService<ClickMover>().HasMovedAsync(cancellationToken))
                {
                    Console.WriteLine("Clicks that live in ClickHouse are not in it: back up its database as well, with ClickHouse's BACKUP.");
                }

                return 0;
            },
            cancellationToken));
        return command;
    }

    private static Command Restore()
    {
        var file = new Argument<string>("FILE") { Description = "An archive that backup made" }.NotEmpty();
        var command = new Command("restore", "Unpacks a backup into a data folder that has no database yet (choose one with --data)") { file, PassphraseFile };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var data = SpooCommands.DataOf(parsed);
            RequireSqlite(data);
            var path = Path.GetFullPath(parsed.GetRequiredValue(file));
            if (!File.Exists(path))
            {
                throw new SettingException($"cannot restore '{path}', and nothing was: there is no such file");
            }

            var opened = data.PathOf(".restoring.zip");
            try
            {
                Directory.CreateDirectory(data.PathOf());
                await new BackupArchive(Options.Create(data)).UnpackAsync(await OpenAsync(path, opened, parsed, cancellationToken), cancellationToken);
            }
            catch (Exception exception) when (exception is IOException or InvalidDataException or UnauthorizedAccessException)
            {
                throw new SettingException($"cannot restore '{path}', and nothing was: {exception.Message}", exception);
            }
            finally
            {
                File.Delete(opened);
            }

            // Archives know nothing of whose a file is.
            PrivateFiles.Close(data.PathOf());

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

    /// <summary>Null: none was named.</summary>
    private static string? Passphrase(ParseResult parsed)
    {
        if (parsed.GetValue(PassphraseFile) is not { } name)
        {
            return null;
        }

        try
        {
            return File.ReadLines(name).FirstOrDefault() is { Length: >= MinPassphrase } line
                ? line
                : throw new SettingException($"the first line of '{name}' must have at least {MinPassphrase} characters");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new SettingException($"cannot read '{name}': {exception.Message}", exception);
        }
    }

    /// <summary>Writes a sealed copy, beside its place and moved there when it is whole.</summary>
    private static async Task SealAsync(string plain, string path, string passphrase, CancellationToken cancellationToken)
    {
        var unfinished = path + ".new";
        try
        {
            await using (var from = File.OpenRead(plain))
            await using (var to = new FileStream(unfinished, FileMode.CreateNew))
            {
                await SealedFile.SealAsync(from, to, passphrase, cancellationToken);
                to.Flush(flushToDisk: true);
            }

            File.Move(unfinished, path, overwrite: false);
        }
        finally
        {
            File.Delete(unfinished);
        }
    }

    /// <summary>The archive to unpack: the file itself, or what its passphrase makes of it.</summary>
    private static async Task<string> OpenAsync(string path, string opened, ParseResult parsed, CancellationToken cancellationToken)
    {
        await using var file = File.OpenRead(path);
        if (!SealedFile.IsSealed(file))
        {
            return path;
        }

        var passphrase = Passphrase(parsed) ?? throw new SettingException($"'{path}' is encrypted: name the file with its passphrase with --passphrase-file");
        await using var archive = new FileStream(opened, FileMode.Create);
        await SealedFile.OpenAsync(file, archive, passphrase, cancellationToken);
        return opened;
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
}

using System.Data.Common;
using System.Security.Authentication;
using Microsoft.Data.SqlClient;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Storage;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Spoo.Data.Accounts;
using Spoo.Data.Clicks.Facts;
using Spoo.Data.Clicks.Moved;
using Spoo.Data.Clicks.Reading;

namespace Spoo.Data.Database;

/// <summary>Makes the data folder and the database ready before anything else happens, or joins the database when it comes back.</summary>
public sealed partial class SpooDatabase(
    SpooContexts contexts, StoreGate gate, IOptions<DataOptions> options, ReadingOptions reading, MovedClicks moved, TimeProvider clock, ILogger<SpooDatabase> logger)
{
    private VisitorHash? _visitors;
    private volatile bool _isReady;

    /// <summary>Tells visitors apart; there once the database has been prepared, or the server has started without it.</summary>
    public VisitorHash Visitors => _visitors ?? throw new InvalidOperationException("The database has not been prepared.");

    /// <summary>Whether it has been prepared by this process, and answers as the one that it has to be.</summary>
    public bool IsReady => _isReady && gate.ClosedBecause is null;

    /// <summary>Whether it is a file in the data folder, and no server's.</summary>
    public bool IsEmbedded => options.Value.Database == DatabaseKind.Sqlite;

    /// <summary>Makes the folder, brings the schema up to date and makes the installation's secrets, whatever of it is missing.</summary>
    /// <exception cref="SettingException">The folder cannot be written to, its database has vanished, or another process does not come to an end with the schema.</exception>
    /// <exception cref="DbException">The database does not answer, or another one does.</exception>
    public async Task PrepareAsync(CancellationToken cancellationToken)
    {
        MakeFolder();
        PrivateFiles.Close(options.Value.PathOf());
        RefuseVanished();
        await using (var context = contexts.CreateBeforeTheGate(mayMake: gate.Known is null))
        {
            await MakeDatabaseAsync(context, cancellationToken);
            await RequireEncodingAsync(context, cancellationToken);
            await IdentifyAsync(context, cancellationToken);
            await UpdateSchemaAsync(context, cancellationToken);
        }

        await using (var context = contexts.CreateBeforeTheGate(mayMake: false))
        {
            if (context.Database.IsSqlite())
            {
                // Readers and the one writer do not wait for each other; the mode stays with the file.
                await context.Database.ExecuteSqlRawAsync("PRAGMA journal_mode = WAL", cancellationToken);
            }

            await InstallationSecret.FindOrAddAsync(context, InstallationSecret.New(InstallationSecret.ClickEpoch), cancellationToken);
            await InstallationSecret.FindOrAddAsync(context, InstallationSecret.New(InstallationSecret.RemovedClicks), cancellationToken);
            await InstallationSecret.FindOrAddAsync(context, gate.Known is { } known
                ? new InstallationSecret { Name = InstallationSecret.Database, Value = Convert.FromHexString(known) }
                : InstallationSecret.New(InstallationSecret.Database), cancellationToken);
            await KnowDeletionsAsync(context, cancellationToken);
            await moved.RequireAsync(context, cancellationToken);
            _visitors ??= Hash(await VisitorKeyAsync(context, cancellationToken));
            await SpooUserStore.HashCodesAsync(context, cancellationToken);
        }

        gate.Open();
        _isReady = true;
    }

    /// <summary>
    /// As <see cref="PrepareAsync"/>, for a server: one that knows its database starts without it as well, sends visitors on by what it
    /// remembers, and joins the database when it is back.
    /// </summary>
    /// <exception cref="SettingException">As there.</exception>
    /// <exception cref="DbException">The database does not answer, and this folder has never seen it.</exception>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        try
        {
            await PrepareAsync(cancellationToken);
        }
        catch (Exception exception) when (StoreFailure.Is(exception) && gate.Known is not null && gate.VisitorKey is { } key)
        {
            _visitors = Hash(key);
            gate.Close(gate.ClosedBecause ?? "the database was away when the server started, and has not been joined yet");
            StartsWithout(StoreFailure.MessageOf(exception));
        }
    }

    /// <summary>Returns when the database has been prepared and is the one that it has to be; at once when it was before.</summary>
    /// <exception cref="DbException">It is away still.</exception>
    public async Task JoinAsync(CancellationToken cancellationToken)
    {
        if (IsReady)
        {
            return;
        }

        await PrepareAsync(cancellationToken);
        Joined();
    }

    /// <summary>From now on this folder belongs to the database. To be said by the server, which holds the journal.</summary>
    public async Task RememberAsync(CancellationToken cancellationToken)
    {
        await using var context = contexts.CreateDbContext();
        var identity = await StoreGate.IdentityOfAsync(context, cancellationToken);
        gate.Remember(identity!);
    }

    /// <summary>What the failure is, in a line for people; what they can do about it where that is known.</summary>
    public static string InWords(DbException exception)
    {
        var causes = new List<Exception>();
        for (Exception? cause = exception; cause is not null; cause = cause.InnerException)
        {
            causes.Add(cause);
        }

        return exception is SqlException && causes.Any(cause => cause is AuthenticationException)
            ? "this machine does not trust the certificate of the database's server: add TrustServerCertificate=true to Data:ConnectionString to take it as it is, or ServerCertificate=FILE with the server's own; docs/operations.md says what each means"
            : exception.Message;
    }

    /// <summary>Whether the database can be asked for something.</summary>
    public async Task<bool> AnswersAsync(CancellationToken cancellationToken)
    {
        try
        {
            await using var context = contexts.CreateDbContext();
            await gate.RequireKnownAsync(context, cancellationToken);
            return true;
        }
        catch (Exception exception) when (StoreFailure.Is(exception))
        {
            return false;
        }
    }

    /// <summary>
    /// What lets readers of this database see the last state that is complete instead of waiting for a change to end, as readers
    /// do in SQLite and PostgreSQL. Null: they do not wait. Spoo makes its own databases so; others may have been made otherwise.
    /// </summary>
    /// <exception cref="DbException">The database does not answer.</exception>
    public async Task<string?> HowReadersWouldNotWaitAsync(CancellationToken cancellationToken)
    {
        await using var context = contexts.CreateDbContext();
        return !context.Database.IsSqlServer() || await context.Database.SqlQueryRaw<bool>(TransactSql.ReadsDoNotWait).SingleAsync(cancellationToken)
            ? null
            : TransactSql.LetReadsNotWait(context.Database.GetDbConnection().Database);
    }

    /// <summary>How far the clock of the database's server is ahead of this machine's. Null: it has none of its own.</summary>
    public async Task<TimeSpan?> ClockAheadAsync(CancellationToken cancellationToken)
    {
        await using var context = contexts.CreateDbContext();
        var now = context.Database.IsSqlServer() ? TransactSql.Now : context.Database.IsNpgsql() ? "SELECT now() AS \"Value\"" : null;
        if (now is null)
        {
            return null;
        }

        // The first question may have to wait for a connection, which says nothing about clocks.
        await context.Database.SqlQueryRaw<DateTime>(now).SingleAsync(cancellationToken);
        var before = clock.GetUtcNow();
        var there = await context.Database.SqlQueryRaw<DateTime>(now).SingleAsync(cancellationToken);
        return DateTime.SpecifyKind(there, DateTimeKind.Utc) - (before + ((clock.GetUtcNow() - before) / 2)).UtcDateTime;
    }

    private void MakeFolder()
    {
        var folder = options.Value.PathOf();
        try
        {
            Directory.CreateDirectory(folder);
            var probe = Path.Combine(folder, $".write-{Environment.ProcessId}");
            File.WriteAllBytes(probe, []);
            File.Delete(probe);
        }
        catch (IOException exception) when (gate.Known is not null)
        {
            // A full disk: the folder is there, and what can be done without writing is done.
            CannotWrite(folder, exception.Message);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new SettingException($"the data folder '{folder}' cannot be written to: {exception.Message}", exception);
        }
    }

    // Beginning anew beside the journal of what was there before would look as if there had never been a link.
    private void RefuseVanished()
    {
        var data = options.Value;
        if (data.Database == DatabaseKind.Sqlite
            && !File.Exists(data.PathOf(DataOptions.SqliteFile))
            && (gate.Known is not null || gate.Writer is not null))
        {
            throw new SettingException(
                $"the data folder '{data.PathOf()}' is an installation's, and its {DataOptions.SqliteFile} is gone: put it back (./run restore FILE), or choose another folder with --data; to begin anew in this one, move its folder journal away first");
        }
    }

    // Several nodes may find at the same time that it is not there.
    private async Task MakeDatabaseAsync(SpooDbContext context, CancellationToken cancellationToken)
    {
        var creator = context.GetService<IRelationalDatabaseCreator>();
        for (var attempt = 1; !await creator.ExistsAsync(cancellationToken); attempt++)
        {
            if (gate.Known is not null)
            {
                throw new StoreAwayException("the database that this server stores into is not there");
            }

            try
            {
                await creator.CreateAsync(cancellationToken);
                return;
            }
            catch (DbException exception)
            {
                if (!await creator.ExistsAsync(cancellationToken) && (attempt == 20 || StoreFailure.IsRefusal(exception)))
                {
                    throw;
                }

                await Task.Delay(TimeSpan.FromMilliseconds(250), cancellationToken);
            }
        }
    }

    // In another one the database refuses clicks for a letter in a referrer, or cuts texts in the middle of one. Whoever has lived with it until now goes on.
    private async Task RequireEncodingAsync(SpooDbContext context, CancellationToken cancellationToken)
    {
        if (gate.Known is null && context.Database.IsNpgsql()
            && await context.Database.SqlQueryRaw<string>("""SELECT current_setting('server_encoding') AS "Value" """).SingleAsync(cancellationToken) is var encoding && encoding != "UTF8")
        {
            throw new SettingException($"the database's encoding is {encoding}, in which not every text can be stored: make it with ENCODING 'UTF8' TEMPLATE template0, or name another one in Data:ConnectionString");
        }
    }

    // Before anything in it is changed.
    private async Task IdentifyAsync(SpooDbContext context, CancellationToken cancellationToken)
    {
        if (gate.Known is not { } known)
        {
            return;
        }

        var isEmpty = !(await context.Database.GetAppliedMigrationsAsync(cancellationToken)).Any();
        if (!isEmpty && (await StoreGate.IdentityOfAsync(context, cancellationToken) == known || await KnowsOurWriterAsync(context, cancellationToken)))
        {
            return;
        }

        var other = isEmpty ? "an empty database" : "another database";
        var advice = $"this data folder's clicks belong to another one; put that back, or, to go on with this one, move the folder journal of {options.Value.PathOf()} away";
        if (context.Database.IsSqlite())
        {
            // A file does not come back by itself.
            throw new SettingException($"'{options.Value.PathOf(DataOptions.SqliteFile)}' is {other}: {advice}");
        }

        gate.Close($"{other} answers under the name of the one that this server stores into");
        throw new StoreAwayException($"{other} answers: {advice}");
    }

    // It does when it is a state of ours from before databases had an identity.
    private async Task<bool> KnowsOurWriterAsync(SpooDbContext context, CancellationToken cancellationToken)
    {
        return gate.Writer is var (number, name)
            && await context.ClickWriters.AnyAsync(writer => writer.Id == number && writer.Name == name, cancellationToken);
    }

    private async Task UpdateSchemaAsync(SpooDbContext context, CancellationToken cancellationToken)
    {
        if (!await IsPendingAsync())
        {
            return;
        }

        await using var turn = await new SchemaLock(contexts, options.Value, clock, logger).TakeAsync(cancellationToken);
        if (!await IsPendingAsync())
        {
            return;
        }

        if (context.Database.IsSqlite())
        {
            await ForgetLockAsync(context, cancellationToken);
        }

        // A change of a large table takes as long as it takes.
        context.Database.SetCommandTimeout(TimeSpan.Zero);
        await context.Database.MigrateAsync(cancellationToken);
        context.Database.SetCommandTimeout((int?)null);

        async Task<bool> IsPendingAsync() => (await context.Database.GetPendingMigrationsAsync(cancellationToken)).Any();
    }

    // Entity Framework's lock in a SQLite file is a row, which a process that was killed leaves behind for ever. The process that has the turn
    // knows that no other is at work.
    private static async Task ForgetLockAsync(SpooDbContext context, CancellationToken cancellationToken)
    {
        var tables = await context.Database
            .SqlQueryRaw<int>("""SELECT COUNT(*) AS "Value" FROM sqlite_master WHERE type = 'table' AND name = '__EFMigrationsLock'""")
            .SingleAsync(cancellationToken);
        if (tables > 0)
        {
            await context.Database.ExecuteSqlRawAsync("""DELETE FROM "__EFMigrationsLock" """, cancellationToken);
        }
    }

    private VisitorHash Hash(VisitorKey key) => new(key, reading.VisitorKey, clock);

    /// <summary>
    /// The key lies in the folder of keys, and no longer beside what was made with it: with a copy of the database alone it cannot be tried out which address
    /// a visitor has. The database only knows which key it has to be, so that all nodes have the same.
    /// </summary>
    private async Task<VisitorKey> VisitorKeyAsync(SpooDbContext context, CancellationToken cancellationToken)
    {
        var secrets = await context.InstallationSecrets.AsNoTracking()
            .Where(secret => secret.Name == InstallationSecret.FormerVisitors || secret.Name == InstallationSecret.VisitorKey)
            .ToDictionaryAsync(secret => secret.Name, secret => secret.Value, cancellationToken);
        var here = gate.VisitorKey;
        var former = secrets.TryGetValue(InstallationSecret.FormerVisitors, out var value) ? VisitorKey.Of(value) : null;
        var known = secrets.GetValueOrDefault(InstallationSecret.VisitorKey);
        var key = known is null
            ? former is not null && !former.Has(here?.Identity) ? former : here ?? gate.KeepFirst(VisitorKey.New())
            : here?.Has(known) == true ? here
            : former?.Has(known) == true ? former
            : null;
        if (key is null && !IsEmbedded)
        {
            throw Unknown();
        }

        if (key is null)
        {
            // The file of the database came without the folder of keys. No other node stores into it.
            key = here ?? gate.KeepFirst(VisitorKey.New());
            await context.InstallationSecrets.Where(secret => secret.Name == InstallationSecret.VisitorKey)
                .ExecuteUpdateAsync(set => set.SetProperty(secret => secret.Value, key.Identity), cancellationToken);
            BeginsAnew(gate.VisitorKeyPath);
        }

        // Written down before the database forgets it.
        if (key == former)
        {
            gate.Keep(key);
        }

        if (!key.Has((await InstallationSecret.FindOrAddAsync(context, new InstallationSecret { Name = InstallationSecret.VisitorKey, Value = key.Identity }, cancellationToken)).Value))
        {
            throw Unknown();
        }

        if (former is not null)
        {
            await context.InstallationSecrets.Where(secret => secret.Name == InstallationSecret.FormerVisitors).ExecuteDeleteAsync(cancellationToken);
            await context.NoteDeletionAsync(cancellationToken);
            Moved(gate.VisitorKeyPath);
        }

        return key;

        SettingException Unknown() => new(
            $"the database tells visitors apart by a key that '{gate.VisitorKeyPath}' does not hold: copy the file there from the data folder of another node, or from a backup; where it is lost everywhere, delete the row '{InstallationSecret.VisitorKey}' of the table InstallationSecrets, and everybody counts as new");
    }

    // Earlier versions have cleared nothing up: there something may be left of what was deleted.
    private static async Task KnowDeletionsAsync(SpooDbContext context, CancellationToken cancellationToken)
    {
        var last = await InstallationSecret.FindOrAddAsync(context, InstallationSecret.New(InstallationSecret.Deletions), cancellationToken);
        var clearedUp = await context.ClickWriters.AnyAsync(cancellationToken)
            ? InstallationSecret.New(InstallationSecret.ClearedUp)
            : new InstallationSecret { Name = InstallationSecret.ClearedUp, Value = last.Value };
        await InstallationSecret.FindOrAddAsync(context, clearedUp, cancellationToken);
    }

    [LoggerMessage(LogLevel.Error, "The server starts without its database: {Reason} Visitors are sent on by what is remembered of links, their clicks wait in the journal, pages answer 503; the database is joined when it is back.")]
    private partial void StartsWithout(string reason);

    [LoggerMessage(LogLevel.Warning, "The key by which visitors are told apart has moved from the database to {File}. Back it up; nodes of the same database need the same file. Earlier backups still have it.")]
    private partial void Moved(string file);

    [LoggerMessage(LogLevel.Warning, "The key by which the visitors of this database were told apart is not in {File}: whoever comes again counts as new.")]
    private partial void BeginsAnew(string file);

    [LoggerMessage(LogLevel.Warning, "The database is back and has been joined.")]
    private partial void Joined();

    [LoggerMessage(LogLevel.Error, "The data folder {Folder} cannot be written to: {Reason}")]
    private partial void CannotWrite(string folder, string reason);
}

using System.Data.Common;
using System.Security.Authentication;
using Microsoft.Data.SqlClient;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Spoo.Data.Clicks.Facts;

namespace Spoo.Data.Database;

/// <summary>Makes the data folder and the database ready before anything else happens.</summary>
public sealed class SpooDatabase(IDbContextFactory<SpooDbContext> contexts, IOptions<DataOptions> options)
{
    private VisitorHash? _visitors;

    /// <summary>Tells visitors apart; there once <see cref="PrepareAsync"/> has run.</summary>
    public VisitorHash Visitors => _visitors ?? throw new InvalidOperationException("The database has not been prepared.");

    /// <summary>Makes the folder, brings the schema up to date and makes the installation's secrets, whatever of it is missing.</summary>
    /// <exception cref="SettingException">The folder cannot be written to.</exception>
    public async Task PrepareAsync(CancellationToken cancellationToken)
    {
        MakeFolder();
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);

        // A change of a large table takes as long as it takes.
        context.Database.SetCommandTimeout(TimeSpan.Zero);
        await context.Database.MigrateAsync(cancellationToken);
        context.Database.SetCommandTimeout((int?)null);
        if (context.Database.IsSqlite())
        {
            // Readers and the one writer do not wait for each other; the mode stays with the file.
            await context.Database.ExecuteSqlRawAsync("PRAGMA journal_mode = WAL", cancellationToken);
        }

        _visitors = new VisitorHash(await SecretAsync(context, InstallationSecret.Visitors, cancellationToken));
        await SecretAsync(context, InstallationSecret.ClickEpoch, cancellationToken);
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
            await using var context = await contexts.CreateDbContextAsync(cancellationToken);
            _ = await context.InstallationSecrets.AnyAsync(cancellationToken);
            return true;
        }
        catch (DbException)
        {
            return false;
        }
    }

    /// <summary>
    /// What lets readers of this database see the last state that is complete instead of waiting for whoever is changing it, as everybody
    /// does in SQLite and PostgreSQL. Null: they do not wait. Spoo makes its own databases so; others may have been made otherwise.
    /// </summary>
    /// <exception cref="DbException">The database does not answer.</exception>
    public async Task<string?> HowReadersWouldNotWaitAsync(CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        return !context.Database.IsSqlServer() || await context.Database.SqlQueryRaw<bool>(TransactSql.ReadsDoNotWait).SingleAsync(cancellationToken)
            ? null
            : TransactSql.LetReadsNotWait(context.Database.GetDbConnection().Database);
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
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new SettingException($"the data folder '{folder}' cannot be written to: {exception.Message}", exception);
        }
    }

    private static async Task<byte[]> SecretAsync(SpooDbContext context, string name, CancellationToken cancellationToken)
    {
        var secret = await context.InstallationSecrets.FindAsync([name], cancellationToken);
        if (secret is not null)
        {
            return secret.Value;
        }

        context.InstallationSecrets.Add(secret = InstallationSecret.New(name));
        try
        {
            await context.SaveChangesAsync(cancellationToken);
            return secret.Value;
        }
        catch (DbUpdateException)
        {
            // Another node was quicker; its secret is everybody's.
            context.ChangeTracker.Clear();
            return (await context.InstallationSecrets.SingleAsync(other => other.Name == name, cancellationToken)).Value;
        }
    }
}

/// <summary>Something in the settings or around the process keeps it from starting; the message says what, in a line for people.</summary>
public sealed class SettingException : Exception
{
    public SettingException(string message)
        : base(message)
    {
    }

    public SettingException(string message, Exception inner)
        : base(message, inner)
    {
    }
}

using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Storage;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Spoo.Data.Database;

/// <summary>Makes contexts of whichever database the settings name, for callers that know only <see cref="SpooDbContext"/>.</summary>
public sealed class SpooContexts : IDbContextFactory<SpooDbContext>
{
    private readonly StoreGate _gate;
    private readonly Func<SpooDbContext> _create;
    private readonly Func<SpooDbContext> _make;

    public SpooContexts(IOptions<DataOptions> options, StoreGate gate, IServiceProvider provider)
    {
        _gate = gate;
        var data = options.Value;
        _create = data.Database switch
        {
            DatabaseKind.Sqlite => Sqlite(data, SqliteOpenMode.ReadWrite, provider),
            DatabaseKind.SqlServer => Factory<SqlServerSpooDbContext>(
                builder => builder.UseSqlServer(data.ConnectionString, server => server.ExecutionStrategy(RetryDeadlocks)).AddInterceptors(new SqlServerText()),
                provider),
            _ => Factory<PostgreSqlSpooDbContext>(
                builder => builder.UseNpgsql(data.ConnectionString, server => server.ExecutionStrategy(RetryDeadlocks)).AddInterceptors(new PostgreSqlText()),
                provider),
        };

        // Only a new installation makes the file: one that vanishes while the server runs must not come back empty.
        _make = data.Database == DatabaseKind.Sqlite ? Sqlite(data, SqliteOpenMode.ReadWriteCreate, provider) : _create;
    }

    /// <exception cref="StoreAwayException">The database is away, or another one answers in its place.</exception>
    public SpooDbContext CreateDbContext()
    {
        _gate.Require();
        return _create();
    }

    /// <summary>For finding out whether the database is there, and the right one.</summary>
    /// <param name="mayMake">Whether it may be made when it is not there.</param>
    internal SpooDbContext CreateBeforeTheGate(bool mayMake) => mayMake ? _make() : _create();

    private static DeadlockRetry RetryDeadlocks(ExecutionStrategyDependencies dependencies) => new(dependencies);

    private static Func<SpooDbContext> Factory<TContext>(
        Action<DbContextOptionsBuilder> use, IServiceProvider provider)
        where TContext : SpooDbContext
    {
        var builder = new DbContextOptionsBuilder<TContext>();
        builder.UseApplicationServiceProvider(provider);
        use(builder);

        // An interceptor that is registered wants to see what is asked.
        builder.AddInterceptors(provider.GetServices<IInterceptor>());
        return new PooledDbContextFactory<TContext>(builder.Options).CreateDbContext;
    }

    private static Func<SpooDbContext> Sqlite(DataOptions data, SqliteOpenMode mode, IServiceProvider provider)
    {
        var connection = new SqliteConnectionStringBuilder
        {
            DataSource = data.PathOf(DataOptions.SqliteFile),
            Mode = mode,
            ForeignKeys = true,

            // A writer waits this many seconds for another one, such as an import running beside the server.
            DefaultTimeout = 60,
        };
        return Factory<SqliteSpooDbContext>(builder => builder.UseSqlite(connection.ToString()).AddInterceptors(new SqliteConnections()), provider);
    }
}

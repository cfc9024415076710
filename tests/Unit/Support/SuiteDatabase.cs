using System.Globalization;
using Microsoft.Data.SqlClient;
using Microsoft.EntityFrameworkCore;
using Npgsql;
using Spoo.Data;
using Spoo.Data.Database;
using Spoo.Tests.Support;
using Xunit.v3;

[assembly: AssemblyFixture(typeof(SuiteDatabase))]

namespace Spoo.Tests.Support;

/// <summary>
/// The tests of this class ask of the database what one may answer otherwise than another. So they run once on SQLite with all others, and
/// again on each server that there is: ./test starts them with the name of its kind in SPOO_SUITE_DATABASE.
/// </summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class OnEveryDatabaseAttribute : Attribute, ITraitAttribute
{
    public IReadOnlyCollection<KeyValuePair<string, string>> GetTraits() => [new("Database", "every")];
}

/// <summary>Where <see cref="SpooApp"/> keeps its data in this run of the suite.</summary>
public sealed class SuiteDatabase : IAsyncLifetime
{
    private const string ConnectionSetting = "Data:ConnectionString";

    private static readonly PostgreSqlServer PostgreSql = new();
    private static readonly string Template = $"spoo_template_{Guid.NewGuid():N}";

    /// <summary>SQLite, unless SPOO_SUITE_DATABASE says otherwise.</summary>
    public static DatabaseKind Kind { get; } = Environment.GetEnvironmentVariable("SPOO_SUITE_DATABASE") is { Length: > 0 } name
        ? Enum.Parse<DatabaseKind>(name)
        : DatabaseKind.Sqlite;

    /// <summary>Settings of a database that no other test has; none where it lies in the data folder.</summary>
    public static Dictionary<string, string> NewSettings() => Kind switch
    {
        DatabaseKind.Sqlite => [],
        DatabaseKind.SqlServer => Settings(new SqlConnectionStringBuilder(SqlServer)
        {
            InitialCatalog = string.Create(CultureInfo.InvariantCulture, $"SpooTest{Guid.NewGuid():N}"),
        }.ToString()),
        _ => Settings(NewFromTemplate()),
    };

    /// <summary>Takes the database of such settings away, also while clients are connected.</summary>
    public static async Task DropAsync(IReadOnlyDictionary<string, string> settings)
    {
        if (!settings.TryGetValue(ConnectionSetting, out var connection))
        {
            return;
        }

        if (Kind == DatabaseKind.PostgreSql)
        {
            await DoAsync($"DROP DATABASE IF EXISTS {new NpgsqlConnectionStringBuilder(connection).Database} WITH (FORCE)");
        }
        else
        {
            await using var context = new SqlServerSpooDbContext(new DbContextOptionsBuilder<SqlServerSpooDbContext>().UseSqlServer(connection).Options);
            await context.Database.EnsureDeletedAsync();
        }
    }

    public async ValueTask InitializeAsync()
    {
        if (Kind != DatabaseKind.PostgreSql)
        {
            return;
        }

        Assert.True(PostgreSql.WhyNot is null, PostgreSql.WhyNot);
        await PostgreSql.InitializeAsync();

        // Making the tables takes longer than many a test; a copy of them is quick.
        var connection = Named(Template);
        await using (var context = new PostgreSqlSpooDbContext(new DbContextOptionsBuilder<PostgreSqlSpooDbContext>().UseNpgsql(connection).Options))
        {
            await context.Database.MigrateAsync();
        }

        await using var pool = new NpgsqlConnection(connection);
        NpgsqlConnection.ClearPool(pool);
    }

    public async ValueTask DisposeAsync()
    {
        if (Kind == DatabaseKind.PostgreSql)
        {
            await DoAsync($"DROP DATABASE IF EXISTS {Template} WITH (FORCE)");
            await PostgreSql.DisposeAsync();
        }
    }

    private static string SqlServer => Environment.GetEnvironmentVariable("SPOO_SQLSERVER")
        ?? throw new InvalidOperationException("SPOO_SUITE_DATABASE=SqlServer needs a connection string in SPOO_SQLSERVER.");

    private static Dictionary<string, string> Settings(string connection) => new() { ["Data:Database"] = Kind.ToString(), [ConnectionSetting] = connection };

    private static string NewFromTemplate()
    {
        var connection = PostgreSql.NewDatabase();
        DoAsync($"CREATE DATABASE {new NpgsqlConnectionStringBuilder(connection).Database} TEMPLATE {Template}").GetAwaiter().GetResult();
        return connection;
    }

    private static string Named(string database) => new NpgsqlConnectionStringBuilder(PostgreSql.NewDatabase()) { Database = database }.ToString();

    private static async Task DoAsync(string statement)
    {
        await using var connection = new NpgsqlConnection(Named("postgres"));
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(statement, connection);
        await command.ExecuteNonQueryAsync();
    }
}

using System.Runtime.CompilerServices;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using Spoo.Data;
using Spoo.Data.Database;
using Spoo.Data.Links;
using Spoo.Data.Links.Codes;
using Xunit;

namespace Spoo.Tests.Database;

public sealed class MigrationsTests
{
    [Fact]
    public void Migrations_of_SQLite_bring_the_schema_up_to_the_model()
    {
        using var context = Sqlite();

        Assert.False(context.Database.HasPendingModelChanges(), "Run eng/add-migration NameOfTheChange.");
    }

    [Fact]
    public void Migrations_of_SQL_Server_bring_the_schema_up_to_the_model()
    {
        using var context = SqlServer();

        Assert.False(context.Database.HasPendingModelChanges(), "Run eng/add-migration NameOfTheChange.");
    }

    [Fact]
    public void Migrations_of_PostgreSQL_bring_the_schema_up_to_the_model()
    {
        using var context = PostgreSql();

        Assert.False(context.Database.HasPendingModelChanges(), "Run eng/add-migration NameOfTheChange.");
    }

    /// <summary>PostgreSQL came later: its first one makes what the first ones of the others had made by then.</summary>
    [Fact]
    public void All_databases_have_the_same_migrations()
    {
        using var sqlite = Sqlite();
        using var sqlServer = SqlServer();
        using var postgreSql = PostgreSql();

        Assert.Equal(Names(sqlite), Names(sqlServer));
        Assert.Equal(Names(sqlite).TakeLast(Names(postgreSql).Count - 1), Names(postgreSql).Skip(1));

        static List<string> Names(DbContext context) =>
            [.. context.Database.GetMigrations().Select(id => id[(id.IndexOf('_', StringComparison.Ordinal) + 1)..])];
    }

    /// <summary>No server is needed to see what would be run on one; a change of it is a visible difference in the repository.</summary>
    [Fact]
    public void The_script_for_SQL_Server_is_the_approved_one()
    {
        using var context = SqlServer();

        Approved.Equal(Script(context), "sqlserver.sql");
    }

    [Fact]
    public void The_script_for_PostgreSQL_is_the_approved_one()
    {
        using var context = PostgreSql();

        Approved.Equal(Script(context), "postgresql.sql");
    }

    [Fact]
    public void Short_codes_are_case_sensitive_on_SQL_Server()
    {
        using var context = SqlServer();

        Assert.Contains("[ShortCode] nvarchar(64) COLLATE Latin1_General_100_BIN2 NOT NULL", context.Database.GenerateCreateScript(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Short_codes_are_case_sensitive_on_SQLite()
    {
        var cancellationToken = TestContext.Current.CancellationToken;
        await using var context = Sqlite();
        await context.Database.OpenConnectionAsync(cancellationToken);
        await context.Database.MigrateAsync(cancellationToken);

        context.Links.AddRange(Link("abc"), Link("ABC"));
        await context.SaveChangesAsync(cancellationToken);

        Assert.Single(await context.Links.Where(link => link.ShortCode == "abc").ToListAsync(cancellationToken));
    }

    [Fact]
    public async Task Whoever_came_first_and_was_made_up_by_no_demo_looks_after_an_existing_installation()
    {
        var cancellationToken = TestContext.Current.CancellationToken;
        await using var context = Sqlite();
        await context.Database.OpenConnectionAsync(cancellationToken);
        var migrations = context.Database.GetMigrations().ToList();
        await context.GetService<IMigrator>().MigrateAsync(migrations[migrations.FindIndex(id => id.EndsWith("_Office", StringComparison.Ordinal)) - 1], cancellationToken);
        foreach (var (id, made) in (IEnumerable<(string, int)>)[("demo", 1), ("second", 3), ("first", 2)])
        {
            await context.Database.ExecuteSqlAsync(
                $"""
                INSERT INTO "AspNetUsers" ("Id", "UserName", "CreatedAt", "PeopleOnly", "LastCodeStep", "EmailConfirmed", "PhoneNumberConfirmed", "TwoFactorEnabled", "LockoutEnabled", "AccessFailedCount")
                VALUES ({id}, {id}, {made}, 0, 0, 1, 0, 0, 0, 0)
                """,
                cancellationToken);
        }

        await context.Database.ExecuteSqlAsync(
            $"""INSERT INTO "AspNetUserClaims" ("UserId", "ClaimType", "ClaimValue") VALUES ('demo', 'spoo:generated', '1 1 2026-01-01')""", cancellationToken);
        await context.Database.MigrateAsync(cancellationToken);

        Assert.Equal(["first"], await context.UserRoles.Where(role => role.RoleId == "administrator").Select(role => role.UserId).ToListAsync(cancellationToken));
    }

    [Fact]
    public async Task A_link_of_before_is_found_in_small_letters()
    {
        var cancellationToken = TestContext.Current.CancellationToken;
        await using var context = Sqlite();
        await context.Database.OpenConnectionAsync(cancellationToken);
        var migrations = context.Database.GetMigrations().ToList();
        await context.GetService<IMigrator>().MigrateAsync(migrations[migrations.FindIndex(id => id.EndsWith("_MissedCodesArchiveAndStarts", StringComparison.Ordinal)) - 1], cancellationToken);
        await context.Database.ExecuteSqlAsync(
            $"""
            INSERT INTO "Links" ("PublicId", "ShortCode", "LongUrl", "CreatedAt", "Status", "TotalClicks", "BlockedHits", "ForgottenClicks", "PreviewClicks", "DomainId")
            VALUES ('65f0c1d2e3f4a5b6c7d8e9f0', 'Promo_2026', 'https://example.com/', 1, 'Active', 0, 0, 0, 0, 0)
            """,
            cancellationToken);
        await context.Database.MigrateAsync(cancellationToken);

        var link = await context.Links.AsNoTracking().SingleAsync(link => link.FoldedCode == "promo_2026", cancellationToken);
        Assert.Equal("Promo_2026", link.ShortCode);
        Assert.Equal("promo_2026", link.FoldedCode);
    }

    private static string Script(DbContext context) =>
        context.GetService<IMigrator>().GenerateScript(options: MigrationsSqlGenerationOptions.Idempotent).ReplaceLineEndings("\n");

    private static Link Link(string code) =>
        new() { PublicId = PublicId.New(DateTimeOffset.UtcNow), ShortCode = code, LongUrl = "https://example.com/", CreatedAt = DateTimeOffset.UtcNow };

    private static SqliteSpooDbContext Sqlite() =>
        new(new DbContextOptionsBuilder<SqliteSpooDbContext>().UseSqlite("Data Source=:memory:").Options);

    private static SqlServerSpooDbContext SqlServer() =>
        new(new DbContextOptionsBuilder<SqlServerSpooDbContext>().UseSqlServer("Server=nowhere").Options);

    private static PostgreSqlSpooDbContext PostgreSql() =>
        new(new DbContextOptionsBuilder<PostgreSqlSpooDbContext>().UseNpgsql("Host=nowhere").Options);
}

/// <summary>Texts that are part of the promise, kept as files: a change of them is meant or a mistake, but always seen.</summary>
internal static class Approved
{
    /// <summary>Compares with the approved file. With SPOO_APPROVE=1 in the environment the file is written instead.</summary>
    public static void Equal(string actual, string file, [CallerFilePath] string here = "")
    {
        var path = Path.Combine(Path.GetDirectoryName(here)!, "Approved", file);
        if (Environment.GetEnvironmentVariable("SPOO_APPROVE") == "1")
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllText(path, actual);
        }

        Assert.True(File.Exists(path), $"{path} is missing; run the test with SPOO_APPROVE=1 and look at what it writes.");
        Assert.Equal(File.ReadAllText(path).ReplaceLineEndings("\n"), actual.ReplaceLineEndings("\n"));
    }
}

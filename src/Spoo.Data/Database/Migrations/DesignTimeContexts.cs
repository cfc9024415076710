using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Design;

namespace Spoo.Data.Database.Migrations;

/// <summary>Lets <c>dotnet ef</c> see the model of each database without any database; see <c>eng/add-migration</c>.</summary>
internal sealed class DesignTimeContexts :
    IDesignTimeDbContextFactory<SqliteSpooDbContext>,
    IDesignTimeDbContextFactory<SqlServerSpooDbContext>,
    IDesignTimeDbContextFactory<PostgreSqlSpooDbContext>
{
    SqliteSpooDbContext IDesignTimeDbContextFactory<SqliteSpooDbContext>.CreateDbContext(string[] args) =>
        new(new DbContextOptionsBuilder<SqliteSpooDbContext>().UseSqlite("Data Source=:memory:").Options);

    SqlServerSpooDbContext IDesignTimeDbContextFactory<SqlServerSpooDbContext>.CreateDbContext(string[] args) =>
        new(new DbContextOptionsBuilder<SqlServerSpooDbContext>().UseSqlServer("Server=localhost").Options);

    PostgreSqlSpooDbContext IDesignTimeDbContextFactory<PostgreSqlSpooDbContext>.CreateDbContext(string[] args) =>
        new(new DbContextOptionsBuilder<PostgreSqlSpooDbContext>().UseNpgsql("Host=localhost").Options);
}

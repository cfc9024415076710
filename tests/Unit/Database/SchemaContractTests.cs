using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Metadata;
using Microsoft.EntityFrameworkCore.Migrations;
using Microsoft.EntityFrameworkCore.Migrations.Operations;
using Spoo.Data.Database;

namespace Spoo.Tests.Database;

/// <summary>
/// While servers are updated one after the other, those of the version before run on the schema of the new one (<c>docs/scale.md</c>). <c>eng/rolling-upgrade</c> runs two versions beside each
/// other; here the migrations are read.
/// </summary>
public sealed class SchemaContractTests
{
    /// <summary>
    /// The last migration of which this was not asked. Those up to it gave texts another collation, took away what said who owns the server, made codes unique by domain, and
    /// wrote down a folded form of each code that programs of before leave empty.
    /// </summary>
    private const string NotYet = "MissedCodesArchiveAndStarts";

    /// <summary>What a migration takes from the version before nevertheless, and why it may: say because the version before does not use it any more.</summary>
    private static readonly Dictionary<string, string> Exceptions = [];

    [Fact]
    public void A_migration_lets_the_version_before_go_on_or_is_listed_with_why_it_may_not()
    {
        using var sqlServer = SqlServer();
        using var postgreSql = PostgreSql();
        var breaks = SchemaContract.BreaksOf(sqlServer, NotYet).Union(SchemaContract.BreaksOf(postgreSql, NotYet)).ToHashSet();

        Assert.True(breaks.IsSubsetOf(Exceptions.Keys), $"Not listed, and the version before could not go on: {string.Join("; ", breaks.Except(Exceptions.Keys).Order(StringComparer.Ordinal))}");
        Assert.True(breaks.IsSupersetOf(Exceptions.Keys), $"Listed, and in no migration: {string.Join("; ", Exceptions.Keys.Except(breaks))}");
        Assert.DoesNotContain(Exceptions, exception => exception.Value.Length == 0);
    }

    /// <summary>Operations on the table of links as it is, and what they would break. Empty: nothing.</summary>
    public static TheoryData<string, string> Operations => new()
    {
        { "a column that may be empty", "" },
        { "a column with a default", "" },
        { "a column that has to be given", "Links.New has to be given, and has no default" },
        { "a column less", "Links.Title goes" },
        { "a column with another name", "Links.Title is called otherwise" },
        { "a column that has to be given from now on", "Links.Title has to be given" },
        { "a longer text", "" },
        { "a shorter text", "Links.Title becomes shorter" },
        { "another type", "Links.Title is of another type" },
        { "an index", "" },
        { "an index of what is unique", "Links (Title) becomes unique" },
        { "an index less", "" },
        { "an index of what is unique less", "IX_Links_DomainId_ShortCode is not unique any more" },
        { "a table", "" },
        { "a table whose rows go with those of another", "" },
        { "a table whose rows keep those of another", "rows of Links stay while News has theirs" },
        { "a table less", "Links goes" },
        { "a table with another name", "Links is called otherwise" },
        { "a statement", "runs UPDATE \"Links\" SET \"Title\"" },
        { "a sequence", "CreateSequenceOperation is not known to be harmless" },
    };

    [Theory, MemberData(nameof(Operations))]
    public void What_an_operation_takes_from_the_version_before_is_named(string operation, string breaks)
    {
        using var context = PostgreSql();
        var contract = new SchemaContract(context.GetService<IDesignTimeModel>().Model);

        Assert.Equal(breaks, string.Join("; ", contract.Breaks(Make(operation).Operations)));
    }

    [Fact]
    public void A_default_that_programs_of_before_live_by_is_not_taken_away()
    {
        var builder = new MigrationBuilder("PostgreSQL");
        builder.AlterColumn<bool>("PeopleOnly", "AspNetUsers", type: "boolean", nullable: false, oldClrType: typeof(bool), oldType: "boolean");

        Assert.Equal(["takes the default of AspNetUsers.PeopleOnly away"], SchemaContract.DefaultsTaken(builder.Operations, new HashSet<string> { "AspNetUsers.PeopleOnly" }));
        Assert.Empty(SchemaContract.DefaultsTaken(builder.Operations, new HashSet<string>()));
    }

    private static MigrationBuilder Make(string operation)
    {
        var builder = new MigrationBuilder("PostgreSQL");
        switch (operation)
        {
            case "a column that may be empty":
                builder.AddColumn<string>("New", "Links", nullable: true);
                break;
            case "a column with a default":
                builder.AddColumn<bool>("New", "Links", nullable: false, defaultValue: false);
                break;
            case "a column that has to be given":
                builder.AddColumn<bool>("New", "Links", nullable: false);
                break;
            case "a column less":
                builder.DropColumn("Title", "Links");
                break;
            case "a column with another name":
                builder.RenameColumn("Title", "Links", "Heading");
                break;
            case "a column that has to be given from now on":
                builder.AlterColumn<string>("Title", "Links", type: "character varying(200)", maxLength: 200, oldClrType: typeof(string), oldType: "character varying(200)", oldMaxLength: 200, oldNullable: true);
                break;
            case "a longer text":
                builder.AlterColumn<string>("Title", "Links", type: "text", nullable: true, oldClrType: typeof(string), oldType: "character varying(200)", oldMaxLength: 200, oldNullable: true);
                break;
            case "a shorter text":
                builder.AlterColumn<string>("Title", "Links", type: "character varying(100)", maxLength: 100, nullable: true, oldClrType: typeof(string), oldType: "character varying(200)", oldMaxLength: 200, oldNullable: true);
                break;
            case "another type":
                builder.AlterColumn<long>("Title", "Links", type: "bigint", nullable: true, oldClrType: typeof(string), oldType: "text", oldNullable: true);
                break;
            case "an index":
                builder.CreateIndex("IX_Links_Title", "Links", "Title");
                break;
            case "an index of what is unique":
                builder.CreateIndex("IX_Links_Title", "Links", "Title", unique: true);
                break;
            case "an index less":
                builder.DropIndex("IX_Links_OwnerId_ArchivedAt", "Links");
                break;
            case "an index of what is unique less":
                builder.DropIndex("IX_Links_DomainId_ShortCode", "Links");
                break;
            case "a table":
                builder.CreateTable("News", table => new { Id = table.Column<long>() });
                break;
            case "a table whose rows go with those of another":
            case "a table whose rows keep those of another":
                builder.CreateTable("News", table => new { LinkId = table.Column<long>() }, constraints: table => table.ForeignKey(
                    "FK_News_Links", column => column.LinkId, "Links", "Id", onDelete: operation.Contains("keep", StringComparison.Ordinal) ? ReferentialAction.Restrict : ReferentialAction.Cascade));
                break;
            case "a table less":
                builder.DropTable("Links");
                break;
            case "a table with another name":
                builder.RenameTable("Links", newName: "Codes");
                break;
            case "a statement":
                builder.Sql("""UPDATE "Links" SET "Title" = ''""");
                break;
            default:
                builder.Operations.Add(new CreateSequenceOperation { Name = "News", ClrType = typeof(long) });
                break;
        }

        return builder;
    }

    private static SqlServerSpooDbContext SqlServer() => new(new DbContextOptionsBuilder<SqlServerSpooDbContext>().UseSqlServer("Server=nowhere").Options);

    private static PostgreSqlSpooDbContext PostgreSql() => new(new DbContextOptionsBuilder<PostgreSqlSpooDbContext>().UseNpgsql("Host=nowhere").Options);
}

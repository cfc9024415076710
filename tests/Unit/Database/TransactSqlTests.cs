using System.Collections;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Metadata;
using Microsoft.EntityFrameworkCore.Migrations;
using Spoo.Data.Database;
using Spoo.Data.Links;
using Spoo.Data.Stats.Live;
using Spoo.Tests.Support;

namespace Spoo.Tests.Database;

/// <summary>
/// Everything that SQL Server can be sent, read by its own parser as 2019 and 2022, so that it is known to be understood also where no SQL
/// Server runs: migrations, statements of our own, what Entity Framework writes to store, and (<see cref="AlsoForSqlServer"/>) every
/// question that any test has the product ask.
/// </summary>
public sealed partial class TransactSqlTests
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public static TheoryData<string?, string?> Versions
    {
        get
        {
            using var context = new UnsentSqlServer().Open();
            string?[] versions = [null, .. context.Database.GetMigrations()];
            var steps = new TheoryData<string?, string?>();
            for (var i = 1; i < versions.Length; i++)
            {
                steps.Add(versions[i - 1], versions[i]);
                steps.Add(versions[i], versions[i - 1]);
            }

            return steps;
        }
    }

    [Theory]
    [MemberData(nameof(Versions))]
    public void The_step_from_each_version_to_the_next_and_back_is_understood(string? from, string? to)
    {
        using var context = new UnsentSqlServer().Open();
        foreach (var options in (MigrationsSqlGenerationOptions[])[MigrationsSqlGenerationOptions.Default, MigrationsSqlGenerationOptions.Idempotent])
        {
            Understood(context.GetService<IMigrator>().GenerateScript(from ?? Migration.InitialDatabase, to ?? Migration.InitialDatabase, options));
        }
    }

    [Fact]
    public void A_new_database_is_understood_in_one_step()
    {
        using var context = new UnsentSqlServer().Open();

        Understood(context.Database.GenerateCreateScript());
        Understood(context.GetService<IMigrator>().GenerateScript());
    }

    /// <summary>
    /// SQL Server changes no text that is part of a key or an index, also in a table without rows. So what each version has is followed
    /// statement by statement, and what the last one has must be what a new database gets.
    /// </summary>
    [Fact]
    public void No_text_is_changed_under_a_key_or_an_index_and_all_of_those_come_back()
    {
        using var context = new UnsentSqlServer().Open();

        var upgraded = SqlServerSchema.After(context.GetService<IMigrator>().GenerateScript());

        Assert.Empty(upgraded.Faults);
        Assert.True(upgraded.ChangedTexts > 50);
        Assert.Equal(SqlServerSchema.After(context.Database.GenerateCreateScript()).Parts, upgraded.Parts.Where(part => !part.Contains("__EFMigrationsHistory", StringComparison.Ordinal)));
    }

    [Fact]
    public void Without_the_drop_of_a_key_the_change_is_seen_to_fail()
    {
        const string Table = "CREATE TABLE [t] ([a] varchar(2) NOT NULL, [b] varchar(2) NULL, CONSTRAINT [PK_t] PRIMARY KEY ([a]));\nCREATE INDEX [IX_b] ON [t] ([b]);\n";

        Assert.NotEmpty(SqlServerSchema.After(Table + "ALTER TABLE [t] ALTER COLUMN [a] varchar(2) COLLATE Latin1_General_100_BIN2 NOT NULL;").Faults);
        Assert.NotEmpty(SqlServerSchema.After(Table + "ALTER TABLE [t] ALTER COLUMN [b] varchar(2) COLLATE Latin1_General_100_BIN2 NULL;").Faults);
        Assert.Empty(SqlServerSchema.After(Table + "DROP INDEX [IX_b] ON [t];\nALTER TABLE [t] ALTER COLUMN [b] varchar(2) COLLATE Latin1_General_100_BIN2 NULL;").Faults);
    }

    /// <summary>By construction: a table that is filled in bulk, or a statement, that comes later is read here, too.</summary>
    [Fact]
    public void Every_statement_of_our_own_is_understood()
    {
        var tables = BulkTables().ToList();
        Assert.True(tables.Count >= 7, string.Join(", ", tables));
        var read = 0;
        foreach (var method in StatementsIn(typeof(TransactSql)).Concat(StatementsIn(typeof(ClickRowsSql))))
        {
            foreach (var arguments in ArgumentsFor(method, tables))
            {
                Understood((string)method.Invoke(null, arguments)!);
                read++;
            }
        }

        foreach (var field in typeof(TransactSql).GetFields(BindingFlags.Public | BindingFlags.Static).Where(field => field.Name != nameof(TransactSql.Row)))
        {
            Understood((string)field.GetRawConstantValue()!);
            read++;
        }

        Assert.True(read > 25, $"{read} statements");
    }

    /// <summary>So that none is written elsewhere, where it is not read.</summary>
    [Fact]
    public void Statements_of_our_own_stand_where_they_are_read()
    {
        var allowed = new Dictionary<string, int>(StringComparer.Ordinal)
        {
            // For SQLite alone.
            ["Care/BackupArchive.cs"] = 2,
            ["Care/ClearingUp.cs"] = 1,
            ["Database/ManyRows.cs"] = 1,
            ["Transfer/ClickFiles/Occurrences.cs"] = 2,

            // For PostgreSQL alone, beside what TransactSql says for SQL Server.
            ["Links/LinkHold.cs"] = 2,
            ["Database/Deletions.cs"] = 1,

            // SQLite's write-ahead log, and what a killed process left of its lock of migrations.
            ["Database/SpooDatabase.cs"] = 2,

            // PostgreSQL's own kind of lock.
            ["Database/SchemaLock.cs"] = 1,

            // PostgreSQL has rows given as columns.
            ["Database/BulkRows.cs"] = 3,
        };
        var source = HouseRulesTests.SourceFolder("src", "Spoo.Data");
        var found = Directory.EnumerateFiles(source, "*.cs", SearchOption.AllDirectories)
            .Where(file => !file.Contains($"{Path.DirectorySeparatorChar}obj{Path.DirectorySeparatorChar}", StringComparison.Ordinal)
                && !file.Contains($"{Path.DirectorySeparatorChar}Migrations{Path.DirectorySeparatorChar}", StringComparison.Ordinal))
            .Select(file => (Name: Path.GetRelativePath(source, file).Replace('\\', '/'), Count: OwnStatement().Count(File.ReadAllText(file))))
            .Where(file => file.Count > 0)
            .ToDictionary(file => file.Name, file => file.Count, StringComparer.Ordinal);

        Assert.Equal(allowed.OrderBy(file => file.Key, StringComparer.Ordinal), found.OrderBy(file => file.Key, StringComparer.Ordinal));
        Assert.DoesNotContain(
            Directory.EnumerateFiles(HouseRulesTests.SourceFolder("src", "Spoo.Web"), "*.cs", SearchOption.AllDirectories), file => OwnWord().IsMatch(File.ReadAllText(file)));
    }

    [Fact]
    public async Task Links_are_held_in_the_order_of_their_ids_and_row_by_row()
    {
        var server = new UnsentSqlServer();
        await using var context = server.Open();

        await context.HoldLinksAsync([3, 1, 2], LinkHold.ToRefer, Cancelled);

        var text = Assert.Single(server.Texts);
        Understood(text);
        Assert.Contains("WITH (UPDLOCK, ROWLOCK, INDEX([PK_Links]))", text, StringComparison.Ordinal);
        Assert.EndsWith("ORDER BY [s].[Id]", text.TrimEnd(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_the_server_is_asked_about_itself_is_understood()
    {
        var server = new UnsentSqlServer();
        await using var context = server.Open();

        await Assert.ThrowsAsync<InvalidOperationException>(() => context.Database.SqlQueryRaw<bool>(TransactSql.ReadsDoNotWait).SingleAsync(Cancelled));

        Understood(Assert.Single(server.Texts));
    }

    [Fact]
    public void Whatever_Entity_Framework_writes_to_store_change_and_delete_is_understood()
    {
        using var model = new UnsentSqlServer().Open();
        foreach (var entity in model.Model.GetEntityTypes())
        {
            foreach (var state in (EntityState[])[EntityState.Added, EntityState.Modified, EntityState.Deleted])
            {
                // Few are written one by one and many together, in other words.
                foreach (var count in (int[])[1, 6])
                {
                    var server = new UnsentSqlServer();
                    using var context = server.Open();
                    for (var i = 1; i <= count; i++)
                    {
                        context.Entry(Example(entity, i)).State = state;
                    }

                    try
                    {
                        context.SaveChanges();
                    }
                    catch (DbUpdateException)
                    {
                        // No process was there to store it.
                    }

                    // A table that is nothing but a key has nothing that changes.
                    Assert.True(server.Texts.Count > 0 || state == EntityState.Modified, $"{entity.Name} {state}");
                    Assert.All(server.Texts, Understood);
                }
            }
        }
    }

    [Fact]
    public async Task Questions_that_tests_ask_of_SQLite_are_read_as_SQL_Server_would_be_asked()
    {
        await using var app = new SpooApp();
        var owner = await app.AddUserAsync();

        await app.Get<LinkList>().SelectAsync(new LinkSelection { OwnerId = owner.Id, Search = "Ünder", Tag = "one" }, Cancelled);

        var texts = string.Join('\n', AlsoForSqlServer.Texts);
        Assert.True(Translate().IsMatch(texts), texts);
        Assert.Contains("FROM [AspNetUsers]", texts, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("SELECT 1 FROM a LIMIT 3")]
    [InlineData("DECLARE @t TABLE (a nvarchar(20))")]
    [InlineData("CREATE TABLE #t (a varchar(20))")]
    [InlineData("SELECT 1 FROM a WHERE b IN (SELECT value FROM OPENJSON(@p) WITH (value nvarchar(20) '$'))")]
    public void What_SQL_Server_would_refuse_is_a_fault(string sql) => Assert.NotEmpty(TransactSqlReader.FaultsOf(sql));

    [Fact]
    public void Every_text_is_compared_by_its_code_points_on_each_server()
    {
        using var sqlServer = new UnsentSqlServer().Open();
        using var postgreSql = new PostgreSqlSpooDbContext(new DbContextOptionsBuilder<PostgreSqlSpooDbContext>().UseNpgsql("Host=nowhere").Options);
        foreach (var (context, collation) in new (DbContext, string)[] { (sqlServer, "Latin1_General_100_BIN2"), (postgreSql, "C") })
        {
            var columns = context.GetService<IDesignTimeModel>().Model.GetRelationalModel().Tables.SelectMany(table => table.Columns)
                .Where(column => column.StoreType.Contains("char", StringComparison.Ordinal) || column.StoreType.Contains("text", StringComparison.Ordinal)).ToList();

            Assert.True(columns.Count > 40);
            Assert.All(columns, column => Assert.True(column.Collation == collation, $"{column.Table.Name}.{column.Name} {column.Collation}"));
        }
    }

    [Theory]
    [InlineData("abc", "abc")]
    [InlineData("a b", "a b")]
    [InlineData("ab ", "ab?")]
    [InlineData("ａb", "?b")]
    [InlineData("\ud83d\ude00", "??")]
    [InlineData("", "")]
    public void No_text_of_another_width_becomes_an_id(string asked, string sent) => Assert.Equal(sent, SqlServerText.Exact(asked));

    private static void Understood(string sql) => Assert.True(TransactSqlReader.FaultsOf(sql) is [], $"{string.Join('\n', TransactSqlReader.FaultsOf(sql))}\n{sql}");

    private static IEnumerable<MethodInfo> StatementsIn(Type type) =>
        type.GetMethods(BindingFlags.Public | BindingFlags.Static | BindingFlags.DeclaredOnly).Where(method => method.ReturnType == typeof(string));

    // (Name, Columns, Key)
    private static IEnumerable<(string Name, string[] Columns, string[] Key)> BulkTables()
    {
        const BindingFlags Everything = BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly;
        foreach (var field in typeof(TransactSql).Assembly.GetTypes().Where(type => !type.ContainsGenericParameters).SelectMany(type => type.GetFields(Everything))
            .Where(field => field.FieldType.IsGenericType && field.FieldType.GetGenericTypeDefinition() == typeof(BulkTable<>)))
        {
            RuntimeHelpers.RunClassConstructor(field.DeclaringType!.TypeHandle);
            var table = field.GetValue(null)!;
            yield return (Property<string>("Name"), Property<string[]>("Columns"), Property<string[]>("Key"));

            T Property<T>(string name) => (T)field.FieldType.GetProperty(name)!.GetValue(table)!;
        }
    }

    private static IEnumerable<object?[]> ArgumentsFor(MethodInfo method, List<(string Name, string[] Columns, string[] Key)> tables)
    {
        var parameters = method.GetParameters();
        if (parameters.Any(parameter => parameter.Name == "table"))
        {
            return tables.Select(table => parameters.Select(parameter => (object?)(parameter.Name switch
            {
                "table" => table.Name,
                "columns" => table.Columns,
                "key" => table.Key,
                "id" => table.Key[0],
                "secondKey" => table.Columns[^1],
                _ => throw new NotSupportedException($"Say here what {method.Name}'s '{parameter.Name}' may be."),
            })).ToArray());
        }

        IEnumerable<object?[]> all = [[]];
        foreach (var parameter in parameters)
        {
            object?[] choices = parameter.Name switch
            {
                "sqlServer" => [true],
                "database" => ["Spoo", "it's [mine]"],
                _ when parameter.ParameterType == typeof(bool) => [true, false],
                _ => throw new NotSupportedException($"Say here what {method.Name}'s '{parameter.Name}' may be."),
            };
            all = all.SelectMany(_ => choices, (before, choice) => (object?[])[.. before, choice]).ToList();
        }

        return all;
    }

    private static object Example(IEntityType entity, int number)
    {
        var example = RuntimeHelpers.GetUninitializedObject(entity.ClrType);
        foreach (var property in entity.GetProperties().Where(property => property.PropertyInfo?.CanWrite == true))
        {
            var type = Nullable.GetUnderlyingType(property.ClrType) ?? property.ClrType;
            property.PropertyInfo!.SetValue(example, type switch
            {
                _ when type == typeof(string) => $"{number}",
                _ when type == typeof(long) => (long)number,
                _ when type == typeof(int) => number,
                _ when type == typeof(byte[]) => new byte[] { (byte)number },
                _ when type == typeof(DateTimeOffset) => Some.Noon,
                _ when type.IsValueType => Activator.CreateInstance(type),
                { IsGenericType: true } when type.GetGenericArguments() is [var element] && element != typeof(string) => Activator.CreateInstance(typeof(List<>).MakeGenericType(element)),
                _ when typeof(IEnumerable).IsAssignableFrom(type) => new List<string> { "one" },
                _ => null,
            });
        }

        return example;
    }

    [GeneratedRegex(@"\b(ExecuteSql\w*|FromSql\w*|SqlQuery\w*|CommandText\s*=|new NpgsqlCommand|new SqlCommand|Command)\s*\(?\s*(\$?""(?!"")|\$*""""""|SqliteMemory)")]
    private static partial Regex OwnStatement();

    [GeneratedRegex(@"TRANSLATE\(\[\w+\]\.\[LongUrl\], N'ABCDEFGHIJKLMNOPQRSTUVWXYZ' \+ @\w+, N'abcdefghijklmnopqrstuvwxyz' \+ @\w+\)")]
    private static partial Regex Translate();

    [GeneratedRegex(@"\b(ExecuteSql|FromSql|SqlQuery|CommandText|DbCommand|SqlCommand)")]
    private static partial Regex OwnWord();
}

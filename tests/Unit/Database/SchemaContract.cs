using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Metadata;
using Microsoft.EntityFrameworkCore.Migrations;
using Microsoft.EntityFrameworkCore.Migrations.Operations;

namespace Spoo.Tests.Database;

/// <summary>
/// Reads migrations for what a program that does not know them could not go on with: what it reads is gone, or what it writes and deletes is refused. Whatever is not known to be harmless is named.
/// </summary>
internal sealed class SchemaContract
{
    private readonly IModel? _before;
    private readonly HashSet<string> _tables;
    private readonly HashSet<string> _columns;
    private readonly HashSet<string> _uniqueIndexes;

    /// <param name="before">The schema before the migration. Null: there was none.</param>
    public SchemaContract(IModel? before)
    {
        _before = before;
        var entities = before?.GetEntityTypes().Where(entity => entity.GetTableName() is not null).ToList() ?? [];
        _tables = [.. entities.Select(entity => entity.GetTableName()!)];
        _columns = [.. entities.SelectMany(entity => entity.GetProperties().Select(property => $"{entity.GetTableName()}.{property.GetColumnName()}"))];
        _uniqueIndexes = [.. entities.SelectMany(entity => entity.GetIndexes()).Where(index => index.IsUnique).Select(index => index.GetDatabaseName()!)];
    }

    /// <summary>What the migrations of a context break, each as <c>NameOfTheMigration: what</c>.</summary>
    /// <param name="last">The last migration that is not looked at.</param>
    public static List<string> BreaksOf(DbContext context, string last)
    {
        var assembly = context.GetService<IMigrationsAssembly>();
        var breaks = new List<string>();
        var isLookedAt = false;
        IModel? before = null;

        // Columns that programs of before leave out live by the default that they were added with.
        var withDefault = new HashSet<string>();
        foreach (var (id, type) in assembly.Migrations)
        {
            var migration = assembly.CreateMigration(type, context.Database.ProviderName!);
            var name = id[(id.IndexOf('_', StringComparison.Ordinal) + 1)..];
            if (isLookedAt)
            {
                breaks.AddRange(new SchemaContract(before).Breaks(migration.UpOperations).Concat(DefaultsTaken(migration.UpOperations, withDefault)).Select(what => $"{name}: {what}"));
                withDefault.UnionWith(migration.UpOperations.OfType<AddColumnOperation>().Where(add => !add.IsNullable).Select(NameOf));
            }

            isLookedAt |= name == last;
            before = migration.TargetModel;
        }

        return isLookedAt ? breaks : throw new ArgumentException($"There is no migration '{last}'.", nameof(last));
    }

    /// <summary>Which columns lose the default by which programs live that leave them out: SQL Server drops it with any change that does not name it again.</summary>
    public static IEnumerable<string> DefaultsTaken(IEnumerable<MigrationOperation> operations, IReadOnlySet<string> withDefault) =>
        operations.OfType<AlterColumnOperation>().Where(alter => withDefault.Contains(NameOf(alter)) && !HasValue(alter)).Select(alter => $"takes the default of {NameOf(alter)} away");

    /// <summary>What of a migration a program of before could not go on with.</summary>
    public IEnumerable<string> Breaks(IEnumerable<MigrationOperation> operations) => operations.SelectMany(Breaks);

    private IEnumerable<string> Breaks(MigrationOperation operation) => operation switch
    {
        CreateTableOperation create => create.ForeignKeys.SelectMany(Breaks),
        AddColumnOperation add => When(IsKnown(add.Table) && !add.IsNullable && !HasValue(add), $"{NameOf(add)} has to be given, and has no default"),
        AlterColumnOperation alter => Breaks(alter),
        AddForeignKeyOperation key => Breaks(key),
        CreateIndexOperation index => When(index.IsUnique && IsKnown(index.Table), $"{index.Table} ({string.Join(", ", index.Columns)}) becomes unique"),
        AddUniqueConstraintOperation unique => When(IsKnown(unique.Table), $"{unique.Table} ({string.Join(", ", unique.Columns)}) becomes unique"),
        AddPrimaryKeyOperation key => When(IsKnown(key.Table), $"{key.Table} has another key"),
        AddCheckConstraintOperation check => When(IsKnown(check.Table), $"{check.Table} is checked for {check.Name}"),

        // A statement that inserts what is not there yet names the index by which it sees that.
        DropIndexOperation drop => When(_uniqueIndexes.Contains(drop.Name), $"{drop.Name} is not unique any more"),
        InsertDataOperation insert => When(IsKnown(insert.Table), $"rows come into {insert.Table}"),
        DropForeignKeyOperation or DropCheckConstraintOperation or AlterDatabaseOperation => [],
        RenameIndexOperation => [],
        DropTableOperation drop => [$"{drop.Name} goes"],
        RenameTableOperation rename => [$"{rename.Name} is called otherwise"],
        DropColumnOperation drop => [$"{drop.Table}.{drop.Name} goes"],
        RenameColumnOperation rename => [$"{rename.Table}.{rename.Name} is called otherwise"],
        SqlOperation sql => [$"runs {FirstWords(sql.Sql)}"],
        _ => [$"{operation.GetType().Name} is not known to be harmless"],
    };

    private static IEnumerable<string> Breaks(AlterColumnOperation alter)
    {
        var (name, old) = (NameOf(alter), alter.OldColumn);
        if (old.IsNullable && !alter.IsNullable)
        {
            yield return $"{name} has to be given";
        }

        if ((alter.MaxLength ?? int.MaxValue) < (old.MaxLength ?? int.MaxValue))
        {
            yield return $"{name} becomes shorter";
        }
        else if (KindOf(alter.ColumnType) != KindOf(old.ColumnType))
        {
            yield return $"{name} is of another type";
        }
    }

    private IEnumerable<string> Breaks(AddForeignKeyOperation key) =>
    [
        .. When(key.Columns.Any(column => _columns.Contains($"{key.Table}.{column}")), $"{key.Table} ({string.Join(", ", key.Columns)}) has to be in {key.PrincipalTable}"),
        .. When(
            IsKnown(key.PrincipalTable) && !(IsKnown(key.Table) && HasKey(key)) && key.OnDelete is not (ReferentialAction.Cascade or ReferentialAction.SetNull or ReferentialAction.SetDefault),
            $"rows of {key.PrincipalTable} stay while {key.Table} has theirs"),
    ];

    // Where the key was there before, the program knows what to delete first.
    private bool HasKey(AddForeignKeyOperation key) =>
        _before!.GetEntityTypes().Where(entity => entity.GetTableName() == key.Table).SelectMany(entity => entity.GetForeignKeys())
            .Any(before => before.PrincipalEntityType.GetTableName() == key.PrincipalTable && before.Properties.Select(property => property.GetColumnName()).SequenceEqual(key.Columns));

    private bool IsKnown(string table) => _tables.Contains(table);

    private static bool HasValue(ColumnOperation column) => column.DefaultValue is not null || column.DefaultValueSql is not null || column.ComputedColumnSql is not null;

    private static string NameOf(ColumnOperation column) => $"{column.Table}.{column.Name}";

    // Without its length; a longer one takes whatever the shorter one took.
    private static string KindOf(string? type)
    {
        var kind = (type ?? "").Split('(')[0].Trim();
        return kind == "character varying" ? "text" : kind;
    }

    private static string FirstWords(string sql) => string.Join(' ', sql.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).Take(4));

    private static string[] When(bool isSo, string what) => isSo ? [what] : [];
}

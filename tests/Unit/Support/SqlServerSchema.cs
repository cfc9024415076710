using Microsoft.SqlServer.TransactSql.ScriptDom;

namespace Spoo.Tests.Support;

/// <summary>The keys, indexes and collations that a script leaves behind, followed statement by statement, and what SQL Server would refuse on the way.</summary>
internal sealed class SqlServerSchema : TSqlFragmentVisitor
{
    private readonly Dictionary<string, (string Table, string[] Columns, string What)> _parts = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _columns = new(StringComparer.Ordinal);
    private readonly List<string> _faults = [];

    private SqlServerSchema()
    {
    }

    public IReadOnlyList<string> Faults => _faults;

    /// <summary>How often a text got another collation.</summary>
    public int ChangedTexts { get; private set; }

    /// <summary>All that is there in the end, in words.</summary>
    public IReadOnlyList<string> Parts =>
    [
        .. _parts.Values.Select(part => $"{part.Table}: {part.What} {string.Join(", ", part.Columns)}")
            .Concat(_columns.Select(column => $"{column.Key} {column.Value}")).Order(StringComparer.Ordinal),
    ];

    public static SqlServerSchema After(string script)
    {
        var schema = new SqlServerSchema();
        var tree = new TSql160Parser(initialQuotedIdentifiers: true).Parse(new StringReader(script), out var errors);
        schema._faults.AddRange(errors.Select(error => error.Message));
        tree.Accept(schema);
        return schema;
    }

    public override void Visit(CreateTableStatement node)
    {
        var table = Name(node.SchemaObjectName);
        foreach (var column in node.Definition.ColumnDefinitions)
        {
            Column(table, column.ColumnIdentifier, column.DataType, column.Collation);
        }

        foreach (var constraint in node.Definition.TableConstraints)
        {
            Add(table, constraint);
        }
    }

    public override void Visit(AlterTableAddTableElementStatement node)
    {
        var table = Name(node.SchemaObjectName);
        foreach (var column in node.Definition.ColumnDefinitions)
        {
            Column(table, column.ColumnIdentifier, column.DataType, column.Collation);
        }

        foreach (var constraint in node.Definition.TableConstraints)
        {
            Add(table, constraint);
        }
    }

    public override void Visit(AlterTableAlterColumnStatement node)
    {
        var (table, column) = (Name(node.SchemaObjectName), node.ColumnIdentifier.Value);
        _faults.AddRange(_parts.Where(part => part.Value.Table == table && part.Value.Columns.Contains(column))
            .Select(part => $"{table}.{column} is changed, and {part.Key} has it"));
        _faults.AddRange(_parts.Where(part => part.Value.What == $"references {table}" && column == "Id").Select(part => $"{table}.{column} is changed, and {part.Key} refers to it"));
        ChangedTexts += node.Collation is null ? 0 : 1;
        Column(table, node.ColumnIdentifier, node.DataType, node.Collation);
    }

    public override void Visit(AlterTableDropTableElementStatement node)
    {
        foreach (var element in node.AlterTableDropTableElements)
        {
            if (element.TableElementType == TableElementType.Constraint)
            {
                Remove(element.Name.Value);
            }
            else
            {
                _columns.Remove($"{Name(node.SchemaObjectName)}.{element.Name.Value}");
            }
        }
    }

    public override void Visit(CreateIndexStatement node)
    {
        var what = (node.Unique ? "unique index" : "index") + (node.FilterPredicate is null ? "" : " with a filter");
        if (!_parts.TryAdd(node.Name.Value, (Name(node.OnName), [.. node.Columns.Select(column => column.Column.MultiPartIdentifier.Identifiers[^1].Value)], what)))
        {
            _faults.Add($"{node.Name.Value} is there already");
        }
    }

    public override void Visit(DropIndexStatement node)
    {
        foreach (var clause in node.DropIndexClauses.OfType<DropIndexClause>())
        {
            Remove(clause.Index.Value);
        }
    }

    private void Remove(string part)
    {
        if (!_parts.Remove(part))
        {
            _faults.Add($"{part} is not there");
        }
    }

    private void Column(string table, Identifier name, DataTypeReference type, Identifier? collation) =>
        _columns[$"{table}.{name.Value}"] = $"{string.Concat(type.ScriptTokenStream.Skip(type.FirstTokenIndex).Take(type.LastTokenIndex - type.FirstTokenIndex + 1).Select(token => token.Text))} {collation?.Value}";

    private void Add(string table, ConstraintDefinition constraint)
    {
        (string[] Columns, string What)? part = constraint switch
        {
            UniqueConstraintDefinition key => ([.. key.Columns.Select(column => column.Column.MultiPartIdentifier.Identifiers[^1].Value)], key.IsPrimaryKey ? "primary key" : "unique"),
            ForeignKeyConstraintDefinition key => ([.. key.Columns.Select(column => column.Value)], $"references {Name(key.ReferenceTableName)}"),
            _ => null,
        };
        if (part is { } known && !_parts.TryAdd(constraint.ConstraintIdentifier.Value, (table, known.Columns, known.What)))
        {
            _faults.Add($"{constraint.ConstraintIdentifier.Value} is there already");
        }
    }

    private static string Name(SchemaObjectName name) => name.BaseIdentifier.Value;
}

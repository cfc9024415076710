using Microsoft.SqlServer.TransactSql.ScriptDom;

namespace Spoo.Tests.Support;

/// <summary>Reads T-SQL as the oldest SQL Server that the product runs on does, and as the newest, by Microsoft's own parser.</summary>
internal static class TransactSqlReader
{
    /// <summary>What is wrong with it; empty when nothing is. Texts whose collation is left to the maker of the database are wrong, too.</summary>
    public static IReadOnlyList<string> FaultsOf(string sql) =>
    [
        .. Read(new TSql150Parser(initialQuotedIdentifiers: true), "2019", sql),
        .. Read(new TSql160Parser(initialQuotedIdentifiers: true), "2022", sql),
    ];

    private static List<string> Read(TSqlParser parser, string version, string sql)
    {
        var tree = parser.Parse(new StringReader(sql), out var errors);
        var faults = errors.Select(error => $"SQL Server {version}, line {error.Line}, column {error.Column}: {error.Message}").ToList();
        if (faults.Count == 0)
        {
            tree.Accept(new Collations(faults));
        }

        return faults;
    }

    /// <summary>
    /// What is compared with a column has to have the column's collation, or none of its own. Tables of a statement's own, and the rows that it makes
    /// of a JSON text, have that of the database or of the server when it does not say which: then the server refuses the comparison.
    /// </summary>
    private sealed class Collations(List<string> faults) : TSqlFragmentVisitor
    {
        private static readonly SqlDataTypeOption[] Texts =
            [SqlDataTypeOption.Char, SqlDataTypeOption.NChar, SqlDataTypeOption.VarChar, SqlDataTypeOption.NVarChar, SqlDataTypeOption.Text, SqlDataTypeOption.NText];

        public override void Visit(CreateTableStatement node)
        {
            if (node.SchemaObjectName.BaseIdentifier.Value.StartsWith('#'))
            {
                Look(node.Definition.ColumnDefinitions);
            }
        }

        public override void Visit(DeclareTableVariableBody node) => Look(node.Definition.ColumnDefinitions);

        public override void Visit(OpenJsonTableReference node)
        {
            if (node.SchemaDeclarationItems.Count == 0)
            {
                faults.Add("OPENJSON without types answers with texts, which have a collation of their own.");
            }

            Look(node.SchemaDeclarationItems.Select(item => item.ColumnDefinition));
        }

        private void Look(IEnumerable<ColumnDefinitionBase> columns) => faults.AddRange(columns
            .Where(column => column.Collation is null && column.DataType is SqlDataTypeReference type && Texts.Contains(type.SqlDataTypeOption))
            .Select(column => $"The text '{column.ColumnIdentifier.Value}' has the collation of the database or the server, and not that of the column that it is compared with."));
    }
}

using System.Text;

namespace Spoo.Data.Transfer.ClickFiles.Formats;

/// <summary>YOURLS' table of clicks in a dump of its database, as mysqldump and phpMyAdmin write it. The table's name may begin differently.</summary>
internal static class YourlsDump
{
    public static ClickColumns Columns { get; } = new(
    [
        (ClickColumn.Of(ClickField.Id, text => $"yourls {text}"), ["clickid"]),
        (ClickColumn.Of(ClickField.Time), ["clicktime"]),
        (ClickColumn.ShortUrl, ["shorturl"]),
        (ClickColumn.Of(ClickField.Referrer), ["referrer"]),
        (ClickColumn.Of(ClickField.UserAgent), ["useragent"]),
        (ClickColumn.Of(ClickField.Ip), ["ipaddress"]),
        (ClickColumn.Of(ClickField.Country), ["countrycode"]),
    ]);

    public static ClickFileFormat Format { get; } = new()
    {
        Name = "yourls-sql",
        Title = "YOURLS (SQL dump)",
        Recognise = shape => shape.Kind == Kinds.Sql ? new Message("statements of a database: its table of clicks is read") : null,
        Open = (file, _, options) => new RowsFile(new SqlRows(file.Content, IsLog, table => IsLogName(table) ? Usual : null), options),
    };

    private static readonly string[] Usual = ["click_id", "click_time", "shorturl", "referrer", "user_agent", "ip_address", "country_code"];

    private static bool IsLogName(string table) => table.EndsWith("log", StringComparison.OrdinalIgnoreCase);

    private static bool IsLog(string table, IReadOnlyList<string> columns) => columns.Contains("click_time") && columns.Contains("shorturl");

    private sealed class RowsFile(SqlRows rows, ClickFileOptions options) : ClickFile(rows, options)
    {
        private readonly ClickColumns _columns = Columns.With(options.MappedFields);

        public override IReadOnlyList<MappedColumn> Mapped =>
            [.. rows.Columns.Select(name => (name, _columns.Find(name)?.Into)).Where(column => column.Into is not null).Select(column => new MappedColumn(column.name, column.Into!))];

        public override Message? WhenEmpty => new Message("The dump has no rows of a table with the columns {0} and {1}.", "click_time", "shorturl");

        protected override bool Parse(ReadOnlySpan<byte> text, ClickLine line)
        {
            if (SqlRows.ValuesOf(Encoding.UTF8.GetString(text)) is not { } values || values.Count != rows.Columns.Count)
            {
                line.Fault = new Message("a row whose values are not those of its table's columns");
                return true;
            }

            for (var i = 0; i < values.Count; i++)
            {
                if (values[i] is { Length: > 0 } value)
                {
                    _columns.Find(rows.Columns[i])?.Put(line, value);
                }
            }

            return true;
        }
    }
}

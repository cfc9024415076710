using System.Data.Common;
using System.Runtime.InteropServices;
using System.Text;
using Microsoft.Data.Sqlite;
using Spoo.Data.Clicks.Facts;
using SQLitePCL;

namespace Spoo.Data.Stats.Live;

/// <summary>Reads what <see cref="ClickRows"/> has asked for, as many rows at a time as are wanted.</summary>
internal class ClickRowReader(DbCommand command, DbDataReader reader) : IAsyncDisposable
{
    protected const int Id = 0, LinkId = 1, Time = 2, Visitor = 3, AgentId = 4, PlaceId = 5, SourceId = 6, Language = 7, RedirectMs = 8;

    public static ClickRowReader Of(DbCommand command, DbDataReader reader) =>
        reader is SqliteDataReader sqlite ? new SqliteClickRowReader(command, sqlite) : new ClickRowReader(command, reader);

    /// <summary>Adds the next rows to a list until there are so many in it.</summary>
    /// <returns>Whether there may be more.</returns>
    public async ValueTask<bool> ReadAsync(List<ClickRow> into, int count, CancellationToken cancellationToken)
    {
        while (into.Count < count)
        {
            if (!await reader.ReadAsync(cancellationToken))
            {
                return false;
            }

            into.Add(Row());
        }

        return true;
    }

    public async ValueTask DisposeAsync()
    {
        await reader.DisposeAsync();
        await command.DisposeAsync();
    }

    protected virtual ClickRow Row() => new(
        reader.GetInt64(Id),
        reader.GetInt64(LinkId),
        Within(reader.GetInt64(Time)),
        reader.GetInt64(Visitor),
        reader.GetInt64(AgentId),
        reader.GetInt64(PlaceId),
        reader.GetInt64(SourceId),
        reader.IsDBNull(Language) ? null : reader.GetString(Language),
        reader.IsDBNull(RedirectMs) ? -1 : Redirect(reader.GetInt32(RedirectMs)));

    // Whatever a row says, it must not keep all the others from being counted; the audit names it.
    protected static long Within(long time) => Math.Clamp(time, Click.Times.First, Click.Times.Last);

    protected static int Redirect(long milliseconds) => Click.IsRedirectTime(milliseconds) ? (int)milliseconds : -1;

    /// <summary>
    /// Takes the columns of a row from SQLite itself: its reader asks twice for each of them, and makes a new text of each language, which is half of what
    /// making columns of all clicks costs.
    /// </summary>
    private sealed class SqliteClickRowReader(DbCommand command, SqliteDataReader reader) : ClickRowReader(command, reader)
    {
        private readonly sqlite3_stmt _row = reader.Handle!;

        // Counted as used eight times a row it is twice eight locks of the processor, a seventh of all that reading costs; the reader holds it as long as there are rows.
        private readonly nint _pointer = reader.Handle!.DangerousGetHandle();

        // The language that the last row with such a length and such first letters had.
        private readonly (byte[] Bytes, string Text)[] _languages = [.. Enumerable.Repeat((Array.Empty<byte>(), ""), 1 << 8)];

        protected override ClickRow Row() => new(
            Number(Id),
            Number(LinkId),
            Within(Number(Time)),
            Number(Visitor),
            Number(AgentId),
            Number(PlaceId),
            Number(SourceId),
            Text(Language),

            // SQLite alone takes numbers into a column that are too long for it.
            Number(RedirectMs) is var redirect && (redirect != 0 || !IsNull(RedirectMs)) ? Redirect(redirect) : -1);

        private long Number(int column) => ColumnInt64(_pointer, column);

        private bool IsNull(int column) => raw.sqlite3_column_type(_row, column) == raw.SQLITE_NULL;

        [DllImport("e_sqlite3", EntryPoint = "sqlite3_column_int64")]
        [SuppressGCTransition]
        private static extern long ColumnInt64(nint row, int column);

        private string? Text(int column)
        {
            var bytes = raw.sqlite3_column_blob(_row, column);
            if (bytes.IsEmpty)
            {
                return IsNull(column) ? null : "";
            }

            ref var known = ref _languages[((bytes[0] * 31) + (bytes[^1] * 7) + bytes.Length) & (_languages.Length - 1)];
            if (!bytes.SequenceEqual(known.Bytes))
            {
                known = (bytes.ToArray(), Encoding.UTF8.GetString(bytes));
            }

            return known.Text;
        }
    }
}

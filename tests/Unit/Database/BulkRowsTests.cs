using Microsoft.Data.Sqlite;
using Spoo.Data.Database;
using Xunit;

namespace Spoo.Tests.Database;

public sealed class BulkRowsTests : IDisposable
{
    private static readonly BulkTable<Thing> Things = new("Things", ["Id", "Name", "Size", "IsNew"], thing => thing.Id, (thing, row) =>
    {
        row.Number((long?)thing.Id);
        row.Text(thing.Name);
        row.Number(thing.Size);
        row.Flag(thing.IsNew);
    });

    private readonly SqliteConnection _connection = new("Data Source=:memory:");

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public void Dispose() => _connection.Dispose();

    [Fact]
    public async Task Each_row_has_values_of_its_own_however_much_it_is_like_the_one_before()
    {
        await RunAsync("""CREATE TABLE "Things" ("Id" INTEGER PRIMARY KEY, "Name" TEXT, "Size" INTEGER, "IsNew" INTEGER)""");
        Thing[] things =
        [
            new(1, null, null, null),
            new(2, "one", 5, true),
            new(3, "one", 5, true),
            new(4, null, null, null),
            new(5, "", 0, false),
            new(6, "one", 5, null),
            new(7, "two", null, true),
        ];

        await using (var transaction = await _connection.BeginTransactionAsync(Cancelled))
        {
            await BulkRows.For(_connection, transaction).InsertMissingAsync(Things, things, Cancelled);
            await transaction.CommitAsync(Cancelled);
        }

        Assert.Equal(things, await ReadAsync());
    }

    private async Task RunAsync(string sql)
    {
        await _connection.OpenAsync(Cancelled);
        await using var command = new SqliteCommand(sql, _connection);
        await command.ExecuteNonQueryAsync(Cancelled);
    }

    private async Task<List<Thing>> ReadAsync()
    {
        await using var command = new SqliteCommand("""SELECT "Id", "Name", "Size", "IsNew" FROM "Things" ORDER BY "Id" """, _connection);
        await using var rows = await command.ExecuteReaderAsync(Cancelled);
        var things = new List<Thing>();
        while (await rows.ReadAsync(Cancelled))
        {
            things.Add(new(rows.GetInt64(0), rows.IsDBNull(1) ? null : rows.GetString(1), rows.IsDBNull(2) ? null : rows.GetInt32(2), rows.IsDBNull(3) ? null : rows.GetBoolean(3)));
        }

        return things;
    }

    private sealed record Thing(long Id, string? Name, int? Size, bool? IsNew);
}

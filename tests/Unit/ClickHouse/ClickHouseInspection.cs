using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Spoo.Data.Database;
using Spoo.Data.Stats.ClickHouse;
using Spoo.Tests.Support;

namespace Spoo.Tests.ClickHouse;

/// <summary>Looks into the tables of an installation, on all servers that count for it.</summary>
internal sealed class ClickHouseInspection(SpooApp app)
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public IReadOnlyList<ClickHouseServer> Servers => app.Get<ClickHouseServers>().All;

    /// <summary>The table of each server that has the clicks of now; there is one.</summary>
    public async Task<List<ClickHouseTable>> CurrentAsync()
    {
        await using var database = app.OpenDatabase();
        var tables = new List<ClickHouseTable>();
        foreach (var server in Servers)
        {
            tables.Add((await app.Get<ClickHouseClicks>().TableAsync(server, database, Cancelled))!);
        }

        return tables;
    }

    /// <summary>The names of all tables there are, server by server.</summary>
    public async Task<List<List<string>>> TablesAsync()
    {
        var all = new List<List<string>>();
        foreach (var server in Servers)
        {
            all.Add([]);
            await server.ReadAsync($"SELECT name FROM system.tables WHERE database = {ClickHouseServer.Text(server.Database)}", row => all[^1].Add(row.GetString(0)), Cancelled);
        }

        return all;
    }

    /// <summary>How many rows all tables of each server have.</summary>
    public async Task<List<long>> RowsByServerAsync(string which)
    {
        var rows = new List<long>();
        foreach (var (server, tables) in Servers.Zip(await TablesAsync()))
        {
            rows.Add(0);
            foreach (var table in tables)
            {
                await server.ReadAsync(
                    string.Create(CultureInfo.InvariantCulture, $"SELECT toInt64(count()) FROM {Path(server, table)} WHERE {which}"), row => rows[^1] += row.GetInt64(0), Cancelled);
            }
        }

        return rows;
    }

    /// <summary>How many rows all tables have.</summary>
    public async Task<long> RowsAsync(string which) => (await RowsByServerAsync(which)).Sum();

    /// <summary>Runs a statement on each server, in which {0} is its table of now.</summary>
    public async Task RunOnEachAsync(string sql)
    {
        foreach (var (server, table) in Servers.Zip(await CurrentAsync()))
        {
            await server.RunAsync(string.Format(CultureInfo.InvariantCulture, sql, table.Path), Cancelled);
        }
    }

    /// <summary>Each server has one table and no other.</summary>
    public async Task AssertOneTableEachAsync() => Assert.All(await TablesAsync(), tables => Assert.Single(tables));

    private static string Path(ClickHouseServer server, string table) => $"{ClickHouseServer.Quoted(server.Database)}.{ClickHouseServer.Quoted(table)}";
}

using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Npgsql;
using Spoo.Data;
using Spoo.Data.Care;
using Spoo.Data.Clicks.Moved;
using Spoo.Data.Clicks.Reading;
using Spoo.Data.Database;
using Spoo.Tests.Support;

namespace Spoo.Tests.Database;

/// <summary>Databases of PostgreSQL that are set up otherwise than most: by an administrator long ago, or for another program.</summary>
public sealed class OddPostgreSqlTests(PostgreSqlServer server) : IClassFixture<PostgreSqlServer>
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_database_with_settings_of_another_age_finds_and_counts_the_same()
    {
        var database = await MakeAsync("ENCODING 'UTF8'");
        foreach (var setting in (string[])["standard_conforming_strings = off", "default_transaction_isolation = serializable", "bytea_output = escape", "\"TimeZone\" = 'Pacific/Chatham'", "\"DateStyle\" = 'German, DMY'", "extra_float_digits = -3"])
        {
            await RunAsync($"ALTER DATABASE {database.Database} SET {setting}");
        }

        await using var app = new SpooApp { Settings = { ["Data:Database"] = "PostgreSql", ["Data:ConnectionString"] = database.ToString() } };
        var owner = await app.AddUserAsync();
        var named = Some.Link(owner: owner);
        named.Title = """100 % of C:\temp_'";""";
        var (link, other) = (await app.AddAsync(named), await app.AddAsync(Some.Link(owner: owner)));
        await app.AddAsync(Enumerable.Range(0, 30).Select(i => Some.Full(i % 3 == 0 ? other : link, Some.Noon.AddMinutes(-i), i) with { City = """back\slash'""" }));
        var client = await app.WithKeyAsync(owner);

        var found = await client.JsonAsync($"/api/v1/urls?filter={Uri.EscapeDataString("""{"search":"C:\\temp_'"}""")}");
        var visit = await app.Anonymous().GetAsync("/" + link.ShortCode, Cancelled);
        await app.StoredAsync();

        Assert.Equal(link.PublicId, Assert.Single(found.GetProperty("items").EnumerateArray()).Text("id"));
        Assert.Equal(302, (int)visit.StatusCode);
        var audit = await app.Get<ClickAudit>().RunAsync(Cancelled);
        Assert.Equal((31, true), (audit.Clicks, audit.IsGood));
    }

    [Theory]
    [InlineData("SQL_ASCII")]
    [InlineData("LATIN1")]
    public async Task A_database_that_cannot_hold_every_text_is_refused_before_anything_is_made(string encoding)
    {
        var database = await MakeAsync($"ENCODING '{encoding}'");
        await using var folder = new TemporaryFolder();
        var options = Options.Create(new DataOptions { Folder = folder.Path, Database = DatabaseKind.PostgreSql, ConnectionString = database.ToString() });
        var gate = new StoreGate(options);
        await using var services = new ServiceCollection().BuildServiceProvider();
        var prepared = new SpooDatabase(
            new SpooContexts(options, gate, services), gate, options, new ReadingOptions(), new MovedClicks(new ClickHouseServers(new ClickHouseOptions(), TimeProvider.System), mayBe: false),
            TimeProvider.System, NullLogger<SpooDatabase>.Instance);

        var refused = await Assert.ThrowsAsync<SettingException>(() => prepared.PrepareAsync(Cancelled));

        Assert.StartsWith($"the database's encoding is {encoding}, in which not every text can be stored", refused.Message, StringComparison.Ordinal);
        await using var connection = new NpgsqlConnection(database.ToString());
        await connection.OpenAsync(Cancelled);
        await using var command = new NpgsqlCommand("SELECT COUNT(*) FROM pg_tables WHERE schemaname = 'public'", connection);
        Assert.Equal(0L, await command.ExecuteScalarAsync(Cancelled));
    }

    private async Task<NpgsqlConnectionStringBuilder> MakeAsync(string how)
    {
        Assert.SkipUnless(server.WhyNot is null, server.WhyNot ?? "");
        var database = new NpgsqlConnectionStringBuilder(server.NewDatabase());
        await RunAsync($"CREATE DATABASE {database.Database} TEMPLATE template0 LC_COLLATE 'C' LC_CTYPE 'C' {how}");
        return database;
    }

    private async Task RunAsync(string sql)
    {
        await using var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(server.NewDatabase()) { Database = "postgres" }.ToString());
        await connection.OpenAsync(Cancelled);
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(Cancelled);
    }
}

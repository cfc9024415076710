using System.Net;
using System.Text;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using Spoo.Data;
using Spoo.Data.Clicks.Facts;
using Spoo.Data.Database;
using Spoo.Tests.Support;

namespace Spoo.Tests.Clicks.Storing;

/// <summary>Where the key lies by which visitors are told apart, and what becomes of it.</summary>
public sealed class VisitorKeyTests : IAsyncDisposable
{
    private static readonly IPAddress Address = IPAddress.Parse("192.0.2.7");

    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    private string KeyFile => Path.Combine(_folder.Path, "keys", "visitors");

    public ValueTask DisposeAsync() => _folder.DisposeAsync();

    [Fact]
    public async Task The_key_of_an_earlier_version_moves_out_of_the_database_and_visitors_stay_who_they_are()
    {
        byte[] former = [.. Enumerable.Range(1, 32).Select(number => (byte)number)];
        await using (var app = App())
        {
            await using var database = app.OpenDatabase();
            await database.InstallationSecrets.Where(secret => secret.Name == InstallationSecret.VisitorKey).ExecuteDeleteAsync(Cancelled);
            database.InstallationSecrets.Add(new InstallationSecret { Name = InstallationSecret.FormerVisitors, Value = former });
            await database.SaveChangesAsync(Cancelled);
        }

        File.Delete(KeyFile);
        await using (var app = App())
        {
            Assert.Equal(new VisitorHash(VisitorKey.Of(former), VisitorKeyLife.Permanent, TimeProvider.System).Of(Address, "a"), app.Get<VisitorHash>().Of(Address, "a"));
            await using var database = app.OpenDatabase();
            Assert.Equal(0, await database.InstallationSecrets.CountAsync(secret => secret.Name == InstallationSecret.FormerVisitors, Cancelled));
        }

        SqliteConnection.ClearAllPools();
        Assert.Contains(Convert.ToHexStringLower(former), await File.ReadAllTextAsync(KeyFile, Cancelled), StringComparison.Ordinal);
        foreach (var file in Directory.EnumerateFiles(_folder.Path, "spoo.db*"))
        {
            var bytes = await File.ReadAllBytesAsync(file, Cancelled);
            Assert.True(bytes.AsSpan().IndexOf(former) < 0, file);
        }

        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(KeyFile));
        }
    }

    [Fact]
    public async Task The_key_outlives_a_restart_and_a_file_without_one_begins_anew()
    {
        var first = await NumberAsync();

        Assert.Equal(first, await NumberAsync());
        File.Delete(KeyFile);
        var second = await NumberAsync();
        Assert.NotEqual(first, second);
        Assert.Equal(second, await NumberAsync());

        async Task<long> NumberAsync()
        {
            await using var app = App();
            return app.Get<VisitorHash>().Of(Address, "a");
        }
    }

    [Fact]
    public async Task A_damaged_key_is_said_and_nothing_is_made_in_its_place()
    {
        await using (var app = App())
        {
            app.Get<VisitorHash>();
        }

        await File.WriteAllTextAsync(KeyFile, "spoo-visitors-1 no key", Cancelled);
        await using var again = App();
        Assert.ThrowsAny<Exception>(() => again.Get<VisitorHash>());

        Assert.Equal("spoo-visitors-1 no key", await File.ReadAllTextAsync(KeyFile, Cancelled));
        var gate = new StoreGate(Options.Create(new DataOptions { Folder = _folder.Path }));
        Assert.Contains(KeyFile, Assert.Throws<SettingException>(() => gate.VisitorKey).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_visitor_of_two_days_counts_twice_where_the_key_is_a_day_old_at_most_and_the_answer_says_so()
    {
        var clock = new FakeTimeProvider(DateTimeOffset.UtcNow.Date.AddHours(12));
        await using var app = new SpooApp { On = _folder.Path, Clock = clock, Settings = { ["Clicks:VisitorKey"] = "Daily" } };
        var owner = await app.AddUserAsync();
        var link = await app.AddAsync(Some.Link(owner: owner, createdAt: clock.GetUtcNow()));
        foreach (var _ in Enumerable.Range(0, 2))
        {
            var visitor = app.Get<VisitorHash>().Of(Address, "a browser");
            await app.AddAsync(Some.Click(link, clock.GetUtcNow(), visitor), Some.Click(link, clock.GetUtcNow(), visitor));
            await app.UntilAsync(() => File.ReadAllText(KeyFile).Contains("Daily", StringComparison.Ordinal));
            var before = await File.ReadAllTextAsync(KeyFile, Cancelled);
            clock.Advance(TimeSpan.FromDays(1));
            await app.UntilAsync(() => File.ReadAllText(KeyFile) != before);
            Assert.DoesNotContain(before.Split(' ')[^1].Trim(), await File.ReadAllTextAsync(KeyFile, Cancelled), StringComparison.Ordinal);
        }

        using var client = await app.WithKeyAsync(owner);
        var report = await client.JsonAsync("/api/v1/stats");

        Assert.Equal(4, report.GetProperty("summary").GetProperty("total_clicks").GetInt32());
        Assert.Equal(2, report.GetProperty("summary").GetProperty("unique_clicks").GetInt32());
        Assert.Equal("day", report.GetProperty("quality").Text("unique_per"));
    }

    private SpooApp App() => new() { On = _folder.Path, Settings = { ["Data:Database"] = "Sqlite" } };
}

using System.Text;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Spoo.Data;
using Spoo.Data.Accounts;
using Spoo.Data.Database;
using Spoo.Data.Links;
using Spoo.Data.Links.Codes;
using Spoo.Data.Transfer;
using Spoo.Data.Transfer.ClickFiles;
using Spoo.Data.Transfer.ClickFiles.Formats;
using Spoo.Tests.Support;
using Xunit;

namespace Spoo.Tests.Transfer;

/// <summary>A database of its own, a user, and the import as the product has it.</summary>
public sealed class ImportHouse : IAsyncDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("spoo-import-").FullName;
    private readonly Dictionary<string, string> _database = SuiteDatabase.NewSettings();
    private readonly IHost _host;

    private ImportHouse((string Name, string Value)[] settings)
    {
        if (_database.Count == 0)
        {
            MadeDatabase.PutInto(_folder);
        }

        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Configuration.AddInMemoryCollection([new("Data:Folder", _folder), .. _database.Select(setting => KeyValuePair.Create(setting.Key, (string?)setting.Value))]);
        builder.Configuration.AddInMemoryCollection(settings.Select(setting => KeyValuePair.Create(setting.Name, (string?)setting.Value)));
        builder.AddSpooData();
        _host = builder.Build();
    }

    public string OwnerId { get; private set; } = "";

    public ClickImport Import => _host.Services.GetRequiredService<ClickImport>();

    public static async Task<ImportHouse> NewAsync(params (string Name, string Value)[] settings)
    {
        var house = new ImportHouse(settings);
        await house._host.Services.GetRequiredService<SpooDatabase>().PrepareAsync(TestContext.Current.CancellationToken);
        house.OwnerId = await house.AddUserAsync("owner@example.com");
        return house;
    }

    public SpooDbContext Context() => _host.Services.GetRequiredService<IDbContextFactory<SpooDbContext>>().CreateDbContext();

    public async Task<string> AddUserAsync(string email)
    {
        await using var context = Context();
        var user = SpooUser.New(email, DateTimeOffset.UtcNow);
        context.Users.Add(user);
        await context.SaveChangesAsync(TestContext.Current.CancellationToken);
        return user.Id;
    }

    public Task<ImportReport> ImportAsync(string text, ClickFileFormat? format = null) =>
        ImportAsync(Encoding.UTF8.GetBytes(text), format);

    public Task<ImportReport> ImportAsync(byte[] file, ClickFileFormat? format = null) =>
        ImportAsync(new MemoryStream(file), format ?? ClickFileFormat.Ndjson);

    public Task<ImportReport> ImportAsync(Stream file, ClickFileFormat format, IProgress<ImportProgress>? progress = null) => Import.RunAsync(
        new ClickFileToImport { Name = "clicks", Content = file, OwnerId = OwnerId, Format = format }, progress, TestContext.Current.CancellationToken);

    public async Task<Link> LinkAsync(string code)
    {
        await using var context = Context();
        return await context.Links.SingleAsync(link => link.ShortCode == code, TestContext.Current.CancellationToken);
    }

    /// <summary>The only click there is, spelled out.</summary>
    public async Task<StoredClick> OnlyClickAsync()
    {
        await using var context = Context();
        return await (
            from click in context.Clicks
            join agent in context.ClickAgents on click.AgentId equals agent.Id
            join place in context.ClickPlaces on click.PlaceId equals place.Id
            join source in context.ClickSources on click.SourceId equals source.Id
            select new StoredClick(click, agent, place, source)).SingleAsync(TestContext.Current.CancellationToken);
    }

    public async Task<int> CountClicksAsync()
    {
        await using var context = Context();
        return await context.Clicks.CountAsync(TestContext.Current.CancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        _host.Dispose();
        SqliteConnection.ClearAllPools();
        Directory.Delete(_folder, recursive: true);
        await SuiteDatabase.DropAsync(_database);
    }
}

public sealed record StoredClick(
    Spoo.Data.Clicks.Facts.Click Click, Spoo.Data.Clicks.Facts.ClickAgent Agent, Spoo.Data.Clicks.Facts.ClickPlace Place, Spoo.Data.Clicks.Facts.ClickSource Source);

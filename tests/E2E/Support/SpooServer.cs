using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace Spoo.Stories.Support;

/// <summary>The whole product in this process, on a free port and a data folder of its own.</summary>
public sealed class SpooServer : WebApplicationFactory<Program>
{
    private readonly string _folder = Directory.CreateTempSubdirectory("spoo-story-").FullName;
    private string? _url;

    public SpooServer() => UseKestrel(0);

    /// <summary>Where it listens, without a slash at the end. Starts it when it has not been started.</summary>
    public string Url
    {
        get
        {
            if (_url is null)
            {
                StartServer();
                _url = Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();
            }

            return _url;
        }
    }

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
        Directory.Delete(_folder, recursive: true);
    }

    protected override void ConfigureWebHost(IWebHostBuilder builder)
    {
        builder.UseEnvironment("Production");
        builder.UseSetting("Data:Folder", _folder);
    }
}

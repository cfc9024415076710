using System.Data.Common;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Spoo.Data.Database;
using Spoo.Tests.Support;

namespace Spoo.Stories.Support;

/// <summary>The whole product in this process, on a free port and a data folder of its own.</summary>
public sealed class SpooServer : WebApplicationFactory<Program>
{
    private readonly TemporaryFolder _folder;
    private string? _url;
    private bool _isReplaced;

    public SpooServer()
        : this(new TemporaryFolder(), port: 0)
    {
    }

    private SpooServer(TemporaryFolder folder, int port)
    {
        _folder = folder;
        UseKestrel(port);
    }

    /// <summary>What the first run asks for.</summary>
    public const string SetupCode = "the setup code";

    /// <summary>Whether it is as closed as a new installation: visitors do not sign up or make links before an administrator lets them.</summary>
    public bool IsClosed { get; init; }

    /// <summary>Settings over those of the stories.</summary>
    public Dictionary<string, string> Settings { get; init; } = [];

    /// <summary>Whether its database does not answer.</summary>
    public bool StoreIsBroken { get; set; }

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

    /// <summary>Ends this process, and starts another one at the same address on the same data.</summary>
    public async Task<SpooServer> RestartAsync()
    {
        var port = new Uri(Url).Port;
        _isReplaced = true;
        await base.DisposeAsync();
        var next = new SpooServer(_folder, port);
        Assert.Equal(port, new Uri(next.Url).Port);
        return next;
    }

    public override async ValueTask DisposeAsync()
    {
        if (!_isReplaced)
        {
            await base.DisposeAsync();
            await _folder.DisposeAsync();
        }
    }

    protected override void ConfigureWebHost(IWebHostBuilder builder)
    {
        builder.UseEnvironment("Production");
        builder.UseSetting("Data:Folder", _folder.Path);
        MadeDatabase.PutInto(_folder.Path);

        // Who signed in fills the output of the stories, and says nothing about why one failed.
        builder.UseSetting("Logging:LogLevel:Spoo.Security", "Warning");
        builder.UseSetting("Logging:LogLevel:Spoo.Audit", "Warning");

        // All of the stories come from one address, and each signs up.
        builder.UseSetting("RateLimits:Enabled", "false");
        builder.UseSetting("Accounts:SetupCode", SetupCode);
        if (!IsClosed)
        {
            builder.UseSetting("Accounts:SignUp", "Open");
            builder.UseSetting("Links:AllowAnonymous", "true");
        }

        foreach (var (name, value) in Settings)
        {
            builder.UseSetting(name, value);
        }

        builder.ConfigureServices(services => services.AddSingleton<IDbContextFactory<SpooDbContext>>(
            provider => new BreakableStore(this, provider.GetRequiredService<SpooContexts>())));
    }

    private sealed class BreakableStore(SpooServer server, IDbContextFactory<SpooDbContext> real) : IDbContextFactory<SpooDbContext>
    {
        public SpooDbContext CreateDbContext() => server.StoreIsBroken ? throw new StoreDoesNotAnswer() : real.CreateDbContext();
    }

    private sealed class StoreDoesNotAnswer() : DbException("the story has unplugged the database");
}

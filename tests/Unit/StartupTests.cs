using System.Diagnostics;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Spoo.Data.Links;
using Spoo.Tests.Support;
using Spoo.Web;

namespace Spoo.Tests;

/// <summary>How the program begins where it lacks something, and what it says when it has ended.</summary>
public sealed class StartupTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("spoo-startup-").FullName;

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Too_few_files_are_said_in_one_line_that_tells_what_to_do()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Limits of open files are read where Linux says them.");

        // The runtime opens more than a hundred before the program begins.
        var start = new ProcessStartInfo("bash", ["-c", "ulimit -n 200; exec dotnet \"$0\" --data \"$1\" --urls http://127.0.0.1:0", Path.Combine(AppContext.BaseDirectory, "Spoo.Web.dll"), _folder])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync(Cancelled);
        await process.StandardOutput.ReadToEndAsync(Cancelled);
        await process.WaitForExitAsync(Cancelled);

        Assert.Equal(1, process.ExitCode);
        Assert.StartsWith("spoo: this process may open 200 files, and the server needs", await error, StringComparison.Ordinal);
        Assert.Single((await error).TrimEnd().Split('\n'));
    }

    /// <summary>Settings hold from the start on, and a person's processes together may watch 128 files: where there are many others, none was left.</summary>
    [Fact]
    public void No_file_of_settings_is_watched()
    {
        var builder = Startup.CreateBuilder(["--data", _folder]);

        Assert.DoesNotContain(builder.Configuration.Sources.OfType<FileConfigurationSource>(), source => source.ReloadOnChange);
    }

    /// <summary>There the host looks whether all of its services can be made, and whether none outlives what it uses.</summary>
    [Fact]
    public async Task A_developer_s_host_accepts_all_services()
    {
        await using var app = new SpooApp { Settings = { [HostDefaults.EnvironmentKey] = Environments.Development } };

        Assert.True(app.Get<IHostEnvironment>().IsDevelopment());
        Assert.Equal(HttpStatusCode.OK, (await app.Anonymous().GetAsync("/health", Cancelled)).StatusCode);
    }

    [Theory]
    [InlineData("ends while it starts", 0)]
    [InlineData("ends when asked to", 0)]
    [InlineData("breaks down", 1)]
    public async Task Only_a_healthy_end_has_the_exit_code_of_one(string how, int exitCode)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Services.AddHostedService(services => new Ending(services.GetRequiredService<IHostApplicationLifetime>(), how));
        await using var app = builder.Build();

        Assert.Equal(exitCode, await Startup.RunAsync(app));
    }

    [Fact]
    public async Task A_server_starts_on_a_full_disk_redirects_and_joins_when_there_is_room()
    {
        using var disk = SmallDisk.Mount(_folder, kilobytes: 20_000);
        var data = Path.Combine(_folder, "data");
        await using (var app = new SpooApp { On = data })
        {
            var client = await app.WithKeyAsync(await app.AddUserAsync());
            await client.SendAsync(HttpMethod.Post, "/api/v1/shorten", """{"long_url":"https://example.com/a","alias":"known"}""").JsonAsync(201);
            using var answer = await app.Anonymous().GetAsync("/known", Cancelled);
            await app.StoredAsync();
        }

        var filling = Path.Combine(_folder, "filling");
        await FillAsync(filling);
        using var server = await ServerProcess.StartAsync(data);
        using var visitor = new HttpClient(new HttpClientHandler { AllowAutoRedirect = false }) { BaseAddress = server.Address };
        Assert.Equal(HttpStatusCode.Found, (await visitor.GetAsync("/known", Cancelled)).StatusCode);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await visitor.GetAsync("/", Cancelled)).StatusCode);

        File.Delete(filling);
        await Eventually.TrueAsync(async () => (await visitor.GetAsync("/", Cancelled)).IsSuccessStatusCode);
    }

    [Fact]
    public async Task A_filter_as_long_as_it_may_be_fits_into_an_address_in_any_language()
    {
        await using var app = new SpooApp();
        var filters = Uri.EscapeDataString($$"""{"city":["{{string.Concat(Enumerable.Repeat("😀", 4_989))}}"]}""");

        Assert.InRange($"GET /api/v1/stats?filters={filters} HTTP/1.1\r\n".Length, 0, app.Get<IOptions<KestrelServerOptions>>().Value.Limits.MaxRequestLineSize);
    }

    private static async Task FillAsync(string path)
    {
        await using var file = new FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.None, bufferSize: 0);
        for (var size = 1 << 20; size >= 512;)
        {
            try
            {
                await file.WriteAsync(new byte[size], Cancelled);
            }
            catch (IOException)
            {
                size /= 2;
            }
        }
    }

    private sealed class Ending(IHostApplicationLifetime lifetime, string how) : BackgroundService
    {
        public override async Task StartAsync(CancellationToken cancellationToken)
        {
            await base.StartAsync(cancellationToken);
            if (how == "ends while it starts")
            {
                lifetime.StopApplication();
            }
        }

        protected override async Task ExecuteAsync(CancellationToken stoppingToken)
        {
            var started = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            await using var registration = lifetime.ApplicationStarted.Register(started.SetResult);
            await started.Task.WaitAsync(stoppingToken);
            if (how == "breaks down")
            {
                throw new InvalidOperationException("the pool is exhausted");
            }

            lifetime.StopApplication();
        }
    }
}

using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;

namespace Spoo.Tests.Support;

/// <summary>The program as its users start it.</summary>
internal sealed class ServerProcess : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private readonly Process _process;

    private ServerProcess(Process process, Uri address) => (_process, Address) = (process, address);

    public Uri Address { get; }

    /// <summary>What is started unless another build is named.</summary>
    public static string Program { get; } = Path.Combine(AppContext.BaseDirectory, "Spoo.Web.dll");

    /// <param name="program">Another build's <c>Spoo.Web.dll</c>. Null: this one's.</param>
    /// <param name="port">Where it listens. Null: somewhere.</param>
    public static async Task<ServerProcess> StartAsync(string folder, int batchSize = 50, string? program = null, int? port = null, params string[] settings)
    {
        var address = new Uri($"http://127.0.0.1:{port ?? Ports.Free()}");

        // Small batches and files, so that a kill meets every kind of moment.
        var start = new ProcessStartInfo("dotnet",
        [
            program ?? Program, "--data", folder, "--urls", address.ToString(),
            "--Clicks:BatchDelay", "00:00:00.020", "--Clicks:BatchSize", batchSize.ToString(CultureInfo.InvariantCulture), "--Clicks:JournalFileSize", "16384", .. settings,
        ])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        var process = Process.Start(start)!;
        var said = new ConcurrentQueue<string?>();
        process.OutputDataReceived += (_, line) => said.Enqueue(line.Data);
        process.ErrorDataReceived += (_, line) => said.Enqueue(line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();

        using var client = new HttpClient { BaseAddress = address };
        for (var waited = Stopwatch.StartNew(); ;)
        {
            Assert.False(process.HasExited, string.Join('\n', said));
            Assert.True(waited.Elapsed < Patience, "The server does not answer.");
            try
            {
                using var answer = await client.GetAsync("/nobody-has-this-code");
                return new ServerProcess(process, address);
            }
            catch (HttpRequestException)
            {
                await Task.Delay(50);
            }
        }
    }

    public void Kill()
    {
        _process.Kill();
        _process.WaitForExit();
    }

    /// <summary>Asks it to end, which stores what is left in the journal.</summary>
    public async Task StopAsync()
    {
        using var kill = Process.Start("kill", ["-TERM", _process.Id.ToString(CultureInfo.InvariantCulture)]);
        using var patience = new CancellationTokenSource(Patience);
        await _process.WaitForExitAsync(patience.Token);
    }

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            Kill();
        }

        _process.Dispose();
    }
}

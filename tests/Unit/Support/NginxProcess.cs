using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;

namespace Spoo.Tests.Support;

/// <summary>An nginx in a folder of its own, with what stands in the <c>http</c> block of a configuration.</summary>
internal sealed class NginxProcess : IAsyncDisposable
{
    private static readonly string[] Places = ["/usr/sbin/nginx", "/usr/bin/nginx", "/usr/local/sbin/nginx", "/usr/local/bin/nginx"];

    private readonly TemporaryFolder _folder;
    private readonly Process _process;

    /// <param name="folder">For its files; taken away with it.</param>
    /// <param name="port">On which it listens, as the configuration says.</param>
    public NginxProcess(TemporaryFolder folder, int port, string configuration)
    {
        (_folder, Port) = (folder, port);
        var temporary = string.Concat(((string[])["client_body", "proxy", "fastcgi", "uwsgi", "scgi"]).Select(kind => $"{kind}_temp_path {InFolder(kind)};\n"));
        File.WriteAllText(InFolder("nginx.conf"), $"pid {InFolder("pid")};\nworker_processes 1;\nerror_log stderr;\nevents {{}}\nhttp {{\naccess_log off;\n{temporary}{configuration}}}\n");
        _process = Process.Start(new ProcessStartInfo(Program!, ["-e", "stderr", "-p", folder.Path, "-c", InFolder("nginx.conf"), "-g", "daemon off;"]) { RedirectStandardError = true })!;
        _process.ErrorDataReceived += (_, line) => Said = line.Data is null ? Said : $"{Said}{line.Data}\n";
        _process.BeginErrorReadLine();
    }

    /// <summary>Why there is none. Null: there is.</summary>
    public static string? WhyNot => Program is null ? "nginx is not installed." : null;

    /// <summary>What it has written about errors.</summary>
    public string Said { get; private set; } = "";

    public int Port { get; }

    private static string? Program => Array.Find(Places, File.Exists);

    public string InFolder(string name) => Path.Combine(_folder.Path, name);

    public async Task AnswersAsync()
    {
        for (var waited = Stopwatch.StartNew(); ;)
        {
            Assert.False(_process.HasExited, Said);
            try
            {
                using var client = new TcpClient();
                await client.ConnectAsync("127.0.0.1", Port);
                return;
            }
            catch (SocketException) when (waited.Elapsed < Eventually.Patience)
            {
                await Task.Delay(20);
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        // Its workers end with it, unless it is killed.
        using (var stop = Process.Start("kill", ["-TERM", _process.Id.ToString(CultureInfo.InvariantCulture)]))
        {
            await stop.WaitForExitAsync();
        }

        await _process.WaitForExitAsync();
        _process.Dispose();
        await _folder.DisposeAsync();
    }
}

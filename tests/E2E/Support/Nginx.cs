using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Spoo.Tests.Support;

namespace Spoo.Stories.Support;

/// <summary>nginx as the documentation sets it up: with TLS, on a free port of this machine, in a folder of its own.</summary>
internal sealed class Nginx : IAsyncDisposable
{
    private static readonly string[] Places = ["/usr/sbin/nginx", "/usr/bin/nginx", "/usr/local/sbin/nginx", "/usr/local/bin/nginx"];

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly TemporaryFolder _folder = new();
    private readonly Process _process;

    /// <param name="path">Below which the server is.</param>
    public Nginx(string server, string path)
    {
        var port = FreePort();
        Url = $"https://127.0.0.1:{port}{path}";
        var (certificate, key) = Certificate();
        File.WriteAllText(InFolder("certificate.pem"), certificate);
        File.WriteAllText(InFolder("key.pem"), key);
        var documented = File.ReadAllText(Path.Combine(Repository.Root, "docs", "behind-a-proxy.md")).Split("```nginx")[1].Split("```")[0]
            .Replace("listen 80;", $"listen 127.0.0.1:{FreePort()};", StringComparison.Ordinal)
            .Replace("listen 443 ssl", $"listen 127.0.0.1:{port} ssl", StringComparison.Ordinal)
            .Replace("/etc/letsencrypt/live/sp.example/fullchain.pem", InFolder("certificate.pem"), StringComparison.Ordinal)
            .Replace("/etc/letsencrypt/live/sp.example/privkey.pem", InFolder("key.pem"), StringComparison.Ordinal)
            .Replace("http://127.0.0.1:5080", server, StringComparison.Ordinal)
            .Replace("location / {", $"location {path} {{", StringComparison.Ordinal);
        var temporary = string.Concat(((string[])["client_body", "proxy", "fastcgi", "uwsgi", "scgi"]).Select(kind => $"{kind}_temp_path {InFolder(kind)};\n"));
        File.WriteAllText(InFolder("nginx.conf"), $"pid {InFolder("pid")};\nworker_processes 1;\nerror_log stderr;\nevents {{}}\nhttp {{\naccess_log off;\n{temporary}{documented}}}\n");
        _process = Process.Start(new ProcessStartInfo(Program!, ["-e", "stderr", "-p", _folder.Path, "-c", InFolder("nginx.conf"), "-g", "daemon off;"]) { RedirectStandardError = true })!;
    }

    /// <summary>Why there is none. Null: there is.</summary>
    public static string? WhyNot => Program is null ? "nginx is not installed." : null;

    /// <summary>Where it answers, without a slash at the end.</summary>
    public string Url { get; }

    private static string? Program => Array.Find(Places, File.Exists);

    public async Task AnswersAsync()
    {
        var address = new Uri(Url);
        for (var waited = Stopwatch.StartNew(); ;)
        {
            Assert.False(_process.HasExited, _process.HasExited ? await _process.StandardError.ReadToEndAsync() : "");
            try
            {
                using var client = new TcpClient();
                await client.ConnectAsync(address.Host, address.Port);
                return;
            }
            catch (SocketException) when (waited.Elapsed < Patience)
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

    private string InFolder(string name) => Path.Combine(_folder.Path, name);

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private static (string Certificate, string Key) Certificate()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var certificate = new CertificateRequest("CN=sp.example", key, HashAlgorithmName.SHA256)
            .CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        return (certificate.ExportCertificatePem(), key.ExportPkcs8PrivateKeyPem());
    }
}

using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Spoo.Tests.Support;

namespace Spoo.Stories.Support;

/// <summary>nginx before one server as the documentation sets it up: with TLS, on a free port of this machine.</summary>
internal sealed class Nginx : IAsyncDisposable
{
    private readonly NginxProcess _process;

    /// <param name="path">Below which the server is.</param>
    public Nginx(string server, string path)
    {
        var (folder, port) = (new TemporaryFolder(), Ports.Free());
        Url = $"https://127.0.0.1:{port}{path}";
        var (certificate, key) = Certificate();
        var (certificateFile, keyFile) = (Path.Combine(folder.Path, "certificate.pem"), Path.Combine(folder.Path, "key.pem"));
        File.WriteAllText(certificateFile, certificate);
        File.WriteAllText(keyFile, key);
        _process = new NginxProcess(folder, port, File.ReadAllText(Path.Combine(Repository.Root, "docs", "behind-a-proxy.md")).Split("```nginx")[1].Split("```")[0]
            .Replace("listen 80;", $"listen 127.0.0.1:{Ports.Free()};", StringComparison.Ordinal)
            .Replace("listen 443 ssl", $"listen 127.0.0.1:{port} ssl", StringComparison.Ordinal)
            .Replace("/etc/letsencrypt/live/sp.example/fullchain.pem", certificateFile, StringComparison.Ordinal)
            .Replace("/etc/letsencrypt/live/sp.example/privkey.pem", keyFile, StringComparison.Ordinal)
            .Replace("http://127.0.0.1:5080", server, StringComparison.Ordinal)
            .Replace("location / {", $"location {path} {{", StringComparison.Ordinal));
    }

    /// <summary>Why there is none. Null: there is.</summary>
    public static string? WhyNot => NginxProcess.WhyNot;

    /// <summary>Where it answers, without a slash at the end.</summary>
    public string Url { get; }

    public Task AnswersAsync() => _process.AnswersAsync();

    public ValueTask DisposeAsync() => _process.DisposeAsync();

    private static (string Certificate, string Key) Certificate()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var certificate = new CertificateRequest("CN=sp.example", key, HashAlgorithmName.SHA256)
            .CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        return (certificate.ExportCertificatePem(), key.ExportPkcs8PrivateKeyPem());
    }
}

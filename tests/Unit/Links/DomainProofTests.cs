using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using Spoo.Data;
using Spoo.Data.Links.Destinations;
using Spoo.Data.Links.Domains;
using Spoo.Tests.Support;
using Spoo.Web.Words;

namespace Spoo.Tests.Links;

public sealed class DomainProofTests : IAsyncDisposable
{
    private const string Host = "links.example.com";
    private const string Token = "spoo-verify=abc";

    private readonly NameServer _names = new();

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public ValueTask DisposeAsync() => _names.DisposeAsync();

    [Fact]
    public async Task A_record_with_the_token_proves_a_domain()
    {
        _names.Texts[DomainProof.RecordStart + Host] = Token;

        Assert.Null(await FaultAsync());
    }

    [Theory]
    [InlineData(null, "no TXT record _spoo-verify.links.example.com was found")]
    [InlineData("spoo-verify=another", "the TXT record _spoo-verify.links.example.com says something else")]
    public async Task What_is_missing_is_said(string? text, string fault)
    {
        if (text is not null)
        {
            _names.Texts[DomainProof.RecordStart + Host] = text;
        }

        var told = await FaultAsync();

        Assert.StartsWith(fault, told, StringComparison.Ordinal);
        Assert.EndsWith($"{Host} has no address in the public internet", told, StringComparison.Ordinal);
        Assert.Equal(2, DomainFaults.Parse(told!, Host).Count);
    }

    [Theory]
    [InlineData("HTTP/1.1 200 OK", Token + "\n", null)]
    [InlineData("HTTP/1.1 200 OK", "something else", "says something else")]
    [InlineData("HTTP/1.1 404 Not Found", Token, "answers 404")]
    [InlineData("HTTP/1.1 302 Found\r\nLocation: http://other.example.com/.well-known/spoo-verify.txt", Token, "answers 302")]
    public async Task A_file_with_the_token_proves_a_domain_where_it_is_and_nowhere_else(string head, string body, string? fault)
    {
        _names.Hosts[Host] = IPAddress.Loopback;
        using var server = new TcpListener(IPAddress.Loopback, 0);
        server.Start();
        var serving = ServeAsync(server, $"{head}\r\nContent-Length: {body.Length}\r\nConnection: close\r\n\r\n{body}");

        var told = await FaultAsync(_ => true, ((IPEndPoint)server.LocalEndpoint).Port);

        Assert.Equal(fault is null, told is null);
        Assert.Contains(fault ?? "", told ?? "", StringComparison.Ordinal);
        Assert.StartsWith($"GET {DomainProof.FilePath} HTTP/1.1\r\nHost: {Host}", await serving, StringComparison.Ordinal);
    }

    [Fact]
    public async Task No_file_is_fetched_from_inside_of_the_servers_own_network()
    {
        _names.Hosts[Host] = IPAddress.Loopback;
        using var server = new TcpListener(IPAddress.Loopback, 0);
        server.Start();

        var told = await FaultAsync(PublicAddresses.Has, ((IPEndPoint)server.LocalEndpoint).Port);

        Assert.EndsWith($"{Host} has no address in the public internet", told, StringComparison.Ordinal);
        Assert.False(server.Pending());
    }

    [Theory]
    [InlineData("no TXT record _spoo-verify.links.example.com was found; http://links.example.com/.well-known/spoo-verify.txt answers 404", "ein TXT-Eintrag _spoo-verify.links.example.com wurde nicht gefunden; http://links.example.com/.well-known/spoo-verify.txt antwortet mit 404")]
    [InlineData("the TXT record _spoo-verify.links.example.com says something else; links.example.com has no address in the public internet", "der TXT-Eintrag _spoo-verify.links.example.com sagt etwas anderes; links.example.com hat keine Adresse im öffentlichen Internet")]
    [InlineData("the name servers did not answer; http://links.example.com/.well-known/spoo-verify.txt cannot be fetched", "die Nameserver haben nicht geantwortet; http://links.example.com/.well-known/spoo-verify.txt lässt sich nicht abrufen")]
    [InlineData("whatever an earlier version said", "whatever an earlier version said")]
    public void Why_a_domain_is_not_proved_is_read_in_the_readers_language(string kept, string german)
    {
        var before = (CultureInfo.CurrentCulture, CultureInfo.CurrentUICulture);
        try
        {
            CultureInfo.CurrentCulture = CultureInfo.CurrentUICulture = CultureInfo.GetCultureInfo("de");
            Assert.Equal(german, DomainWords.OfFault(kept, Host));
            CultureInfo.CurrentCulture = CultureInfo.CurrentUICulture = CultureInfo.GetCultureInfo("en");
            Assert.Equal(kept, DomainWords.OfFault(kept, Host));
        }
        finally
        {
            (CultureInfo.CurrentCulture, CultureInfo.CurrentUICulture) = before;
        }
    }

    [Theory]
    [InlineData("93.184.216.34", true)]
    [InlineData("2606:2800:220:1:248:1893:25c8:1946", true)]
    [InlineData("::ffff:93.184.216.34", true)]
    [InlineData("127.0.0.1", false)]
    [InlineData("10.1.2.3", false)]
    [InlineData("172.31.0.1", false)]
    [InlineData("192.168.1.1", false)]
    [InlineData("169.254.169.254", false)]
    [InlineData("100.64.0.1", false)]
    [InlineData("0.0.0.0", false)]
    [InlineData("224.0.0.1", false)]
    [InlineData("255.255.255.255", false)]
    [InlineData("::1", false)]
    [InlineData("::", false)]
    [InlineData("fe80::1", false)]
    [InlineData("fd00::1", false)]
    [InlineData("::ffff:127.0.0.1", false)]
    [InlineData("64:ff9b::7f00:1", false)]
    [InlineData("2002:7f00:1::", false)]
    public void Addresses_are_public_or_not(string address, bool isPublic) => Assert.Equal(isPublic, PublicAddresses.Has(IPAddress.Parse(address)));

    private async Task<string?> FaultAsync(Func<IPAddress, bool>? mayGoTo = null, int port = 80)
    {
        using var proof = new DomainProof(new DomainOptions { NameServers = [_names.Address] }, mayGoTo ?? PublicAddresses.Has, port, NullLogger<DomainProof>.Instance);
        return await proof.FaultOfAsync(Host, Token, Cancelled);
    }

    private static async Task<string> ServeAsync(TcpListener server, string answer)
    {
        using var client = await server.AcceptTcpClientAsync(Cancelled);
        var stream = client.GetStream();
        var request = new byte[2048];
        var length = await stream.ReadAsync(request, Cancelled);
        await stream.WriteAsync(Encoding.ASCII.GetBytes(answer), Cancelled);
        return Encoding.ASCII.GetString(request, 0, length);
    }
}

using System.Buffers;
using System.IO.Pipelines;
using System.Net.Sockets;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Spoo.Web;

namespace Spoo.Tests;

public sealed class RawTargetsTests
{
    private const string Rest = "Host: localhost\r\nX-Name: ü\r\n\r\n";

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("GET /abc?name=ü HTTP/1.1\r\n", "GET /abc?name=%C3%BC HTTP/1.1\r\n")]
    [InlineData("GET /🚀🔥?a=%C3%BC&b=ß HTTP/1.1\r\n", "GET /%F0%9F%9A%80%F0%9F%94%A5?a=%C3%BC&b=%C3%9F HTTP/1.1\r\n")]
    [InlineData("GET /abc HTTP/1.1\r\n", "GET /abc HTTP/1.1\r\n")]
    [InlineData("\u0016\u0003ü\n", "\u0016\u0003ü\n")]
    public async Task Only_the_first_line_is_encoded_however_it_comes_in_pieces(string line, string expected)
    {
        var sent = Encoding.UTF8.GetBytes(line + Rest + "body ü");
        for (var piece = 1; piece <= sent.Length; piece += piece < 8 ? 1 : 13)
        {
            var pipe = new Pipe();
            var reading = ReadAllAsync(new RawTargets(pipe.Reader));
            for (var at = 0; at < sent.Length; at += piece)
            {
                await pipe.Writer.WriteAsync(sent.AsMemory(at, Math.Min(piece, sent.Length - at)), Cancelled);
            }

            await pipe.Writer.CompleteAsync();

            Assert.Equal(expected + Rest + "body ü", await reading);
        }
    }

    [Fact]
    public async Task A_server_reads_an_address_that_was_sent_as_it_was_typed_and_a_body_as_it_is()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0").ConfigureKestrel(server => server.ConfigureEndpointDefaults(endpoint => endpoint.Use((connection, next) => RawTargets.ReadAsync(connection, next))));
        await using var app = builder.Build();
        app.Run(async context =>
        {
            using var body = new StreamReader(context.Request.Body);
            await context.Response.WriteAsync($"{context.Request.Path.Value} {context.Request.Query["name"]} {await body.ReadToEndAsync(Cancelled)}|", Cancelled);
        });
        await app.StartAsync(Cancelled);
        using var connection = new TcpClient();
        await connection.ConnectAsync("127.0.0.1", new Uri(app.Urls.Single()).Port, Cancelled);
        await using var stream = connection.GetStream();

        // The body looks like a request of its own, and is none.
        var body = "GET /ö HTTP/1.1\r\n\r\n";
        await stream.WriteAsync(
            Encoding.UTF8.GetBytes($"POST /🚀?name=ü HTTP/1.1\r\nHost: localhost\r\nContent-Length: {Encoding.UTF8.GetByteCount(body)}\r\n\r\n{body}GET /next HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"),
            Cancelled);
        var answers = await new StreamReader(stream).ReadToEndAsync(Cancelled);

        Assert.Contains($"/🚀 ü {body}|", answers, StringComparison.Ordinal);
        Assert.Contains("/next  |", answers, StringComparison.Ordinal);
    }

    // As the server does: a line at a time, leaving what is not a whole one.
    private static async Task<string> ReadAllAsync(PipeReader reader)
    {
        var read = new ArrayBufferWriter<byte>();
        while (true)
        {
            var result = await reader.ReadAsync(Cancelled);
            var buffer = result.Buffer;
            while (buffer.PositionOf((byte)'\n') is { } end)
            {
                var line = buffer.Slice(0, buffer.GetPosition(1, end));
                read.Write(line.ToArray());
                buffer = buffer.Slice(line.End);
            }

            if (result.IsCompleted)
            {
                read.Write(buffer.ToArray());
                reader.AdvanceTo(buffer.End);
                await reader.CompleteAsync();
                return Encoding.UTF8.GetString(read.WrittenSpan);
            }

            reader.AdvanceTo(buffer.Start, buffer.End);
        }
    }
}

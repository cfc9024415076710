using System.Buffers.Binary;
using System.Globalization;
using System.Net;
using System.Net.WebSockets;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Spoo.Tests.Support;

/// <summary>An open page without a browser: its connection to the server, over which the server draws it.</summary>
internal sealed partial class Circuit : IDisposable
{
    private readonly ClientWebSocket _socket = new();

    /// <summary>How the answer to a call begins: an array of five, message 3, no headers.</summary>
    private static ReadOnlySpan<byte> Answer => [0x95, 3, 0x80];

    private Circuit()
    {
    }

    /// <summary>Opens a page as a browser does: reads it, connects, and asks for its components.</summary>
    /// <param name="client">Signed in, on a real port.</param>
    public static async Task<Circuit> OpenAsync(HttpClient client, string path, CancellationToken cancellationToken)
    {
        var address = new Uri(client.BaseAddress!, path);
        var html = await client.GetStringAsync(address, cancellationToken);
        var operations = new JsonArray(
        [
            .. Component().Matches(html).Select(match => match.Groups[1].Value).Where(marker => marker.Contains("descriptor", StringComparison.Ordinal))
                .Select((marker, index) => (JsonNode)new JsonObject { ["type"] = "add", ["ssrComponentId"] = index + 1, ["marker"] = JsonNode.Parse(WebUtility.HtmlDecode(marker)) }),
        ]);
        Assert.True(operations.Count > 0, "The page has no component that needs a connection.");
        var state = State().Match(html).Groups[1].Value;

        var circuit = new Circuit();
        foreach (var cookie in client.DefaultRequestHeaders.GetValues("Cookie"))
        {
            circuit._socket.Options.SetRequestHeader("Cookie", cookie);
        }

        await circuit._socket.ConnectAsync(new UriBuilder(new Uri(client.BaseAddress!, "/_blazor")) { Scheme = "ws" }.Uri, cancellationToken);
        await circuit.SendAsync(Encoding.UTF8.GetBytes("{\"protocol\":\"blazorpack\",\"version\":1}\u001e"), cancellationToken);
        await circuit.SendAsync(Call("1", "StartCircuit", new Uri(client.BaseAddress!, "/").ToString(), address.ToString(), "[]", state), cancellationToken);
        await circuit.WaitForAsync("JS.AttachComponent", orAnswer: true, cancellationToken);
        var batch = new JsonObject { ["batchId"] = 1, ["operations"] = operations };
        await circuit.SendAsync(Call(null, "UpdateRootComponents", batch.ToJsonString(JsonSerializerOptions.Default), state), cancellationToken);
        await circuit.WaitForAsync("JS.RenderBatch", orAnswer: false, cancellationToken);
        return circuit;
    }

    /// <summary>Returns when the server has ended it.</summary>
    public async Task EndedAsync(CancellationToken cancellationToken)
    {
        var buffer = new byte[1 << 16];
        try
        {
            while (_socket.State == WebSocketState.Open)
            {
                if ((await _socket.ReceiveAsync(buffer, cancellationToken)).MessageType == WebSocketMessageType.Close)
                {
                    return;
                }
            }
        }
        catch (WebSocketException)
        {
            // So, too.
        }
    }

    public void Dispose() => _socket.Dispose();

    private Task SendAsync(byte[] message, CancellationToken cancellationToken) =>
        _socket.SendAsync(message, WebSocketMessageType.Binary, endOfMessage: true, cancellationToken);

    // Reads until a message names this; what else it says does not matter. The answer to a call names nothing.
    private async Task WaitForAsync(string name, bool orAnswer, CancellationToken cancellationToken)
    {
        var buffer = new byte[1 << 20];
        for (var received = 0; ;)
        {
            var answer = await _socket.ReceiveAsync(buffer.AsMemory(received), cancellationToken);
            Assert.NotEqual(WebSocketMessageType.Close, answer.MessageType);
            received += answer.Count;
            if (!answer.EndOfMessage)
            {
                continue;
            }

            var said = buffer.AsSpan(0, received);
            if (said.IndexOf("JS.Error"u8) >= 0)
            {
                Assert.Fail(Encoding.UTF8.GetString(said));
            }

            if (said.IndexOf(Encoding.ASCII.GetBytes(name)) >= 0 || (orAnswer && (said.IndexOf(Answer) >= 0)))
            {
                return;
            }

            received = 0;
        }
    }

    // Blazor's protocol: a length, then a call as an array in MessagePack.
    private static byte[] Call(string? id, string target, params string[] arguments)
    {
        var body = new List<byte> { 0x96, 1, 0x80 };
        if (id is null)
        {
            body.Add(0xc0);
        }
        else
        {
            Write(id);
        }

        Write(target);
        body.Add((byte)(0x90 | arguments.Length));
        foreach (var argument in arguments)
        {
            Write(argument);
        }

        body.Add(0x90);
        var message = new List<byte>();
        for (var length = (uint)body.Count; ; length >>= 7)
        {
            message.Add((byte)(length > 0x7f ? (length & 0x7f) | 0x80 : length));
            if (length <= 0x7f)
            {
                return [.. message, .. body];
            }
        }

        void Write(string text)
        {
            var bytes = Encoding.UTF8.GetBytes(text);
            Span<byte> header = stackalloc byte[5];
            header[0] = 0xdb;
            BinaryPrimitives.WriteInt32BigEndian(header[1..], bytes.Length);
            body.AddRange(header);
            body.AddRange(bytes);
        }
    }

    [GeneratedRegex("<!--Blazor:({.*?})-->")]
    private static partial Regex Component();

    [GeneratedRegex("<!--Blazor-Server-Component-State:(.*?)-->")]
    private static partial Regex State();
}

using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Spoo.Tests.Support;

/// <summary>A name server on this machine that knows what a test tells it: texts, and where hosts are.</summary>
internal sealed class NameServer : IAsyncDisposable
{
    private const ushort TypeA = 1;
    private const ushort TypeTxt = 16;
    private const int HeaderLength = 12;

    private readonly UdpClient _socket = new(new IPEndPoint(IPAddress.Loopback, 0));
    private readonly CancellationTokenSource _end = new();
    private readonly Task _answering;

    public NameServer() => _answering = AnswerAsync();

    /// <summary>As the settings name it.</summary>
    public string Address => _socket.Client.LocalEndPoint!.ToString()!;

    public Dictionary<string, string> Texts { get; } = [];

    public Dictionary<string, IPAddress> Hosts { get; } = [];

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        await _answering;
        _socket.Dispose();
        _end.Dispose();
    }

    private async Task AnswerAsync()
    {
        try
        {
            while (true)
            {
                var question = await _socket.ReceiveAsync(_end.Token);
                await _socket.SendAsync(AnswerTo(question.Buffer), question.RemoteEndPoint, _end.Token);
            }
        }
        catch (OperationCanceledException)
        {
            // The test is over.
        }
    }

    private byte[] AnswerTo(byte[] question)
    {
        var labels = new List<string>();
        var at = HeaderLength;
        for (; question[at] > 0; at += question[at] + 1)
        {
            labels.Add(Encoding.ASCII.GetString(question, at + 1, question[at]));
        }

        var name = string.Join('.', labels);
        var type = BinaryPrimitives.ReadUInt16BigEndian(question.AsSpan(at + 1));
        var end = at + 5;
        byte[]? data = type == TypeTxt && Texts.TryGetValue(name, out var text) ? [(byte)text.Length, .. Encoding.ASCII.GetBytes(text)]
            : type == TypeA && Hosts.TryGetValue(name, out var host) ? host.GetAddressBytes()
            : null;

        var answer = new List<byte>(question[..end]);
        (answer[2], answer[3]) = (0x81, 0x80);
        (answer[6], answer[7], answer[8], answer[9], answer[10], answer[11]) = (0, (byte)(data is null ? 0 : 1), 0, 0, 0, 0);
        if (data is not null)
        {
            // The name is the question's; a minute; the data.
            answer.AddRange([0xC0, HeaderLength, (byte)(type >> 8), (byte)type, 0, 1, 0, 0, 0, 60, (byte)(data.Length >> 8), (byte)data.Length, .. data]);
        }

        return [.. answer];
    }
}

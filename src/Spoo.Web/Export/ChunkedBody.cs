using System.Globalization;
using System.Text;

namespace Spoo.Web.Export;

/// <summary>
/// The body of an HTTP/1.1 answer in chunks, with trailers behind the last one. The server sends trailers with HTTP/2 only; but it
/// leaves the chunks to whoever has put on <c>Transfer-Encoding</c>, so they are written here.
/// </summary>
internal sealed class ChunkedBody(Stream body) : Stream
{
    private static readonly byte[] LineEnd = "\r\n"u8.ToArray();

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    /// <summary>Writes the last chunk and the trailers. Without it the answer counts as broken off.</summary>
    public Task EndAsync(IEnumerable<KeyValuePair<string, string>> trailers, CancellationToken cancellationToken)
    {
        var end = new StringBuilder("0\r\n");
        foreach (var (name, value) in trailers)
        {
            end.Append(CultureInfo.InvariantCulture, $"{name}: {value}\r\n");
        }

        return body.WriteAsync(Encoding.ASCII.GetBytes(end.Append("\r\n").ToString()), cancellationToken).AsTask();
    }

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        // A chunk of no length would be the last one.
        if (buffer.Length > 0)
        {
            await body.WriteAsync(Encoding.ASCII.GetBytes(buffer.Length.ToString("x", CultureInfo.InvariantCulture) + "\r\n"), cancellationToken);
            await body.WriteAsync(buffer, cancellationToken);
            await body.WriteAsync(LineEnd, cancellationToken);
        }
    }

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override Task FlushAsync(CancellationToken cancellationToken) => body.FlushAsync(cancellationToken);

    public override void Flush() => throw new NotSupportedException("Write asynchronously.");

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException("Write asynchronously.");

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();
}

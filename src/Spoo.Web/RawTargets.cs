using System.Buffers;
using System.IO.Pipelines;
using System.Text;
using Microsoft.AspNetCore.Connections;

namespace Spoo.Web;

/// <summary>
/// Addresses that are sent as they were typed. Browsers percent-encode <c>/abc?name=ü</c>, curl and many scripts do not, and the server refuses
/// every request line that is not ASCII. Here it is encoded before the server reads it, as a browser would have done.
/// </summary>
/// <remarks>
/// Only in the first request of a connection: where a later one begins depends on the lengths of bodies, and who guesses them wrongly takes a
/// part of a body for a request. It costs later requests nothing.
/// </remarks>
internal sealed class RawTargets(PipeReader input) : PipeReader
{
    private State _state = State.Beginning;

    // What was taken from the connection and not consumed yet, once its first line has been encoded.
    private byte[] _bytes = [];
    private int _start;
    private int _end;
    private bool _needsMore;
    private bool _isCompleted;

    private enum State
    {
        /// <summary>The first line is not there yet.</summary>
        Beginning,

        /// <summary>The first line was encoded, and of what came with it something is left.</summary>
        Encoded,

        /// <summary>Everything is as it came.</summary>
        AsItIs,
    }

    public static async Task ReadAsync(ConnectionContext connection, ConnectionDelegate next)
    {
        connection.Transport = new Duplex(new RawTargets(connection.Transport.Input), connection.Transport.Output);
        await next(connection);
    }

    // After the first request, that is for nearly every read, the connection's own task is handed on: another one around it would cost each redirect.
    public override ValueTask<ReadResult> ReadAsync(CancellationToken cancellationToken = default) => _state switch
    {
        State.AsItIs => input.ReadAsync(cancellationToken),
        State.Encoded when !_needsMore => ValueTask.FromResult(Left(isCanceled: false)),
        _ => LookAsync(cancellationToken),
    };

    public override bool TryRead(out ReadResult result)
    {
        if (_state == State.Encoded && !_needsMore)
        {
            result = Left(isCanceled: false);
            return true;
        }

        if (!input.TryRead(out result))
        {
            return false;
        }

        result = Looked(result);
        return true;
    }

    public override void AdvanceTo(SequencePosition consumed) => AdvanceTo(consumed, consumed);

    public override void AdvanceTo(SequencePosition consumed, SequencePosition examined)
    {
        if (_state != State.Encoded)
        {
            input.AdvanceTo(consumed, examined);
            return;
        }

        _start = consumed.GetInteger();
        _needsMore = examined.GetInteger() == _end;
        if (_start == _end && !_isCompleted)
        {
            (_state, _bytes) = (State.AsItIs, []);
        }
    }

    public override void CancelPendingRead() => input.CancelPendingRead();

    public override void Complete(Exception? exception = null) => input.Complete(exception);

    public override ValueTask CompleteAsync(Exception? exception = null) => input.CompleteAsync(exception);

    private async ValueTask<ReadResult> LookAsync(CancellationToken cancellationToken) => Looked(await input.ReadAsync(cancellationToken));

    private ReadResult Looked(ReadResult result)
    {
        if (_state == State.Encoded)
        {
            Take(result);
            return Left(result.IsCanceled);
        }

        if (_state == State.AsItIs || result.Buffer.IsEmpty)
        {
            return result;
        }

        var lineEnd = result.Buffer.PositionOf((byte)'\n');
        var line = lineEnd is { } end ? result.Buffer.Slice(0, end) : result.Buffer;

        // TLS, and whatever else does not begin with the name of a method.
        if (!char.IsAsciiLetterUpper((char)result.Buffer.FirstSpan[0]))
        {
            _state = State.AsItIs;
            return result;
        }

        if (lineEnd is null)
        {
            return result;
        }

        if (IsAscii(line))
        {
            _state = State.AsItIs;
            return result;
        }

        _state = State.Encoded;
        var encoded = Encode(line);
        var rest = result.Buffer.Slice(line.Length);
        _bytes = new byte[encoded.Length + rest.Length];
        encoded.CopyTo(_bytes, 0);
        rest.CopyTo(_bytes.AsSpan(encoded.Length));
        (_start, _end, _isCompleted) = (0, _bytes.Length, result.IsCompleted);
        input.AdvanceTo(result.Buffer.End);
        return Left(result.IsCanceled);
    }

    private void Take(ReadResult result)
    {
        var bytes = new byte[_end - _start + result.Buffer.Length];
        _bytes.AsSpan(_start.._end).CopyTo(bytes);
        result.Buffer.CopyTo(bytes.AsSpan(_end - _start));
        (_bytes, _start, _end) = (bytes, 0, bytes.Length);
        _isCompleted |= result.IsCompleted;
        input.AdvanceTo(result.Buffer.End);
    }

    private ReadResult Left(bool isCanceled)
    {
        _needsMore = false;
        return new ReadResult(new ReadOnlySequence<byte>(_bytes, _start, _end - _start), isCanceled, _isCompleted);
    }

    private static bool IsAscii(ReadOnlySequence<byte> line)
    {
        foreach (var part in line)
        {
            if (!Ascii.IsValid(part.Span))
            {
                return false;
            }
        }

        return true;
    }

    private static byte[] Encode(ReadOnlySequence<byte> line)
    {
        var encoded = new ArrayBufferWriter<byte>((int)line.Length * 2);
        foreach (var part in line)
        {
            foreach (var single in part.Span)
            {
                if (Ascii.IsValid(single))
                {
                    encoded.Write([single]);
                }
                else
                {
                    encoded.Write("%"u8);
                    encoded.Write(Encoding.ASCII.GetBytes(Convert.ToHexString([single])));
                }
            }
        }

        return encoded.WrittenSpan.ToArray();
    }

    private sealed class Duplex(PipeReader input, PipeWriter output) : IDuplexPipe
    {
        public PipeReader Input { get; } = input;

        public PipeWriter Output { get; } = output;
    }
}

using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Spoo.Data.Transfer.ClickExports;

/// <summary>
/// What an owner's visitors are called in exports. One visitor has one name and no two share one, so counts of them stay
/// exact; but the number behind it cannot be found out, and another owner's file calls the same visitor otherwise.
/// </summary>
/// <remarks>A cipher and not a hash: it can never give two numbers one name, and a processor does a page of them in microseconds.</remarks>
internal sealed class VisitorNames : IDisposable
{
    private const int BlockLength = 16;

    private readonly Aes _aes = Aes.Create();
    private byte[] _blocks = [];

    public VisitorNames(byte[] key) => _aes.Key = key;

    /// <summary>Bytes of a name: hexadecimal digits.</summary>
    public const int Length = 2 * BlockLength;

    /// <summary>Gives names to the visitors of a page; they last until the next one.</summary>
    public void Prepare(ReadOnlySpan<long> visitors)
    {
        if (_blocks.Length < visitors.Length * BlockLength)
        {
            _blocks = new byte[visitors.Length * BlockLength];
        }

        var blocks = _blocks.AsSpan(0, visitors.Length * BlockLength);
        blocks.Clear();
        for (var i = 0; i < visitors.Length; i++)
        {
            BinaryPrimitives.WriteInt64LittleEndian(blocks[(i * BlockLength)..], visitors[i]);
        }

        // Block by block on purpose: equal visitors are to have equal names, and no two blocks mean anything together.
        _aes.EncryptEcb(blocks, blocks, PaddingMode.None);
    }

    /// <summary>Writes the name of the visitor at this place of the page.</summary>
    public void Write(int number, Span<byte> name) =>
        Convert.TryToHexStringLower(_blocks.AsSpan(number * BlockLength, BlockLength), name, out _);

    public void Dispose() => _aes.Dispose();
}

using System.Buffers.Binary;
using System.Numerics;

namespace Spoo.Data;

/// <summary>The checksum of iSCSI, ext4 and Kafka (polynomial 0x1EDC6F41): processors have an instruction for it.</summary>
internal static class Crc32C
{
    public static uint Of(ReadOnlySpan<byte> bytes)
    {
        var sum = uint.MaxValue;
        for (; bytes.Length >= sizeof(ulong); bytes = bytes[sizeof(ulong)..])
        {
            sum = BitOperations.Crc32C(sum, BinaryPrimitives.ReadUInt64LittleEndian(bytes));
        }

        foreach (var single in bytes)
        {
            sum = BitOperations.Crc32C(sum, single);
        }

        return ~sum;
    }
}

using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Spoo.Data.Clicks.Reading;

/// <summary>
/// A database of addresses in MaxMind's format (.mmdb), version 2: a binary tree over the bits of an address, whose leaves
/// point at records, and a map that describes it all at the end.
/// </summary>
/// <remarks>
/// <code>
/// | tree: node_count × two numbers | 16 zeros | records | … | AB CD EF "MaxMind.com" | description |
/// </code>
/// The file is read into memory whole. Mapping it would save a second at start and cost the process when the file is truncated.
/// A damaged file ends in an <see cref="InvalidDataException"/> or <see cref="OverflowException"/>, here or in a look-up, and nowhere else.
/// </remarks>
internal sealed class MmdbFile
{
    private const int ZerosAfterTree = 16;
    private const int BitsBeforeIPv4 = 96;

    private static readonly byte[] Marker = [0xAB, 0xCD, 0xEF, .. "MaxMind.com"u8];

    private readonly byte[] _bytes;
    private readonly long _nodeCount;
    private readonly int _recordBits;
    private readonly int _recordsStart;
    private readonly bool _hasIPv6;
    private readonly long _firstIPv4Node;

    public MmdbFile(byte[] bytes)
    {
        _bytes = bytes;
        var description = bytes.AsSpan().LastIndexOf(Marker);
        if (description < 0)
        {
            throw new InvalidDataException("Not an .mmdb file, or not all of it.");
        }

        var about = new MmdbValue(bytes, description + Marker.Length, description + Marker.Length);
        Type = about["database_type"]?.Text ?? "";
        BuiltAt = DateTimeOffset.FromUnixTimeSeconds(Math.Clamp(about["build_epoch"]?.Number ?? 0, 0, uint.MaxValue));
        _nodeCount = about["node_count"]?.Number ?? 0;
        _recordBits = (int)(about["record_size"]?.Number ?? 0);
        _hasIPv6 = about["ip_version"]?.Number == 6;

        var treeSize = _nodeCount * _recordBits / 4;
        if (about["binary_format_major_version"]?.Number != 2 || _recordBits is not (24 or 28 or 32)
            || _nodeCount is < 0 or > int.MaxValue || treeSize + ZerosAfterTree > description)
        {
            throw new InvalidDataException("An .mmdb file of a kind that did not exist when this was written, or a damaged one.");
        }

        _recordsStart = (int)treeSize + ZerosAfterTree;
        for (var bit = 0; _hasIPv6 && bit < BitsBeforeIPv4 && _firstIPv4Node < _nodeCount; bit++)
        {
            _firstIPv4Node = Child(_firstIPv4Node, 0);
        }
    }

    /// <summary>What the file calls itself: "GeoLite2-City", "DBIP-Country-Lite".</summary>
    public string Type { get; }

    public DateTimeOffset BuiltAt { get; }

    /// <summary>The record of the network that the address is in; many networks share one. Null if there is none.</summary>
    public MmdbValue? Find(IPAddress address)
    {
        address = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
        var isIPv4 = address.AddressFamily == AddressFamily.InterNetwork;
        if (!isIPv4 && !_hasIPv6)
        {
            return null;
        }

        Span<byte> bits = stackalloc byte[16];
        address.TryWriteBytes(bits, out var length);

        var node = isIPv4 ? _firstIPv4Node : 0;
        for (var bit = 0; bit < length * 8 && node < _nodeCount; bit++)
        {
            node = Child(node, bits[bit >> 3] >> (7 - (bit & 7)) & 1);
        }

        return node > _nodeCount ? new MmdbValue(_bytes, _recordsStart, checked((int)(node - _nodeCount - ZerosAfterTree + _recordsStart))) : null;
    }

    // A node is two numbers side by side. Those of 28 bits share the byte in the middle, which holds the upper four bits of each.
    private long Child(long node, int side)
    {
        var at = _bytes.AsSpan((int)(node * _recordBits / 4), _recordBits / 4);
        return _recordBits switch
        {
            24 => at[side * 3] << 16 | at[side * 3 + 1] << 8 | at[side * 3 + 2],
            28 when side == 0 => (at[3] & 0xF0) << 20 | at[0] << 16 | at[1] << 8 | at[2],
            28 => (at[3] & 0x0F) << 24 | at[4] << 16 | at[5] << 8 | at[6],
            _ => BinaryPrimitives.ReadUInt32BigEndian(at[(side * 4)..]),
        };
    }
}

/// <summary>A value inside an .mmdb file; nothing of it is read before it is asked for.</summary>
/// <param name="File">The whole file.</param>
/// <param name="Start">Where its pointers count from.</param>
/// <param name="Offset">Where the value is.</param>
internal readonly record struct MmdbValue(byte[] File, int Start, int Offset)
{
    private const int Pointer = 1;
    private const int Utf8 = 2;
    private const int Map = 7;
    private const int Array = 11;
    private const int Boolean = 14;

    // Real files nest five deep.
    private const int Deepest = 32;

    public string? Text => Read() is (Utf8, var size, var at) ? Encoding.UTF8.GetString(Bytes(at, size)) : null;

    public long? Number
    {
        get
        {
            if (Read() is not (5 or 6 or 8 or 9, <= 8 and var size, var at))
            {
                return null;
            }

            var number = 0L;
            foreach (var b in Bytes(at, size))
            {
                number = number << 8 | b;
            }

            return number;
        }
    }

    /// <summary>A member of a map. Null if it has none of that name, or is no map.</summary>
    public MmdbValue? this[string key]
    {
        get
        {
            var (type, count, at) = Read();
            for (; type == Map && count > 0; count--)
            {
                var name = this with { Offset = at };
                var value = this with { Offset = name.End(0) };
                if (name.IsText(key))
                {
                    return value;
                }

                at = value.End(0);
            }

            return null;
        }
    }

    /// <summary>The first member of a list.</summary>
    public MmdbValue? First => Read() is (Array, > 0, var at) ? this with { Offset = at } : null;

    private bool IsText(string text)
    {
        var (type, size, at) = Read();
        return type == Utf8 && size == text.Length && Ascii.Equals(Bytes(at, size), text);
    }

    // Type, size and place of what is here, or of what the pointer here points at: pointers never point at pointers.
    private (int Type, int Size, int At) Read()
    {
        var (type, size, at) = ReadHead();
        if (type != Pointer)
        {
            return (type, size, at);
        }

        var target = (this with { Offset = checked(Start + size) }).ReadHead();
        return target.Type == Pointer ? throw new InvalidDataException("A pointer to a pointer.") : target;
    }

    // For a pointer, "size" is where it points, counted from Start.
    private (int Type, int Size, int At) ReadHead()
    {
        var at = Offset;
        var head = Bytes(at++, 1)[0];
        var type = head >> 5;
        var size = head & 0x1F;
        if (type == Pointer)
        {
            var length = (head >> 3 & 3) + 1;
            var low = Big(Bytes(at, length));
            return (Pointer, checked((int)(length switch
            {
                1 => (uint)(head & 7) << 8 | low,
                2 => ((uint)(head & 7) << 16 | low) + 2048,
                3 => ((uint)(head & 7) << 24 | low) + 526336,
                _ => low,
            })), at + length);
        }

        if (type == 0)
        {
            type = Bytes(at++, 1)[0] + 7;
        }

        if (size >= 29)
        {
            var more = size - 28;
            size = checked((int)Big(Bytes(at, more))) + more switch { 1 => 29, 2 => 285, _ => 65821 };
            at += more;
        }

        return (type, size, at);
    }

    // Where the next value begins.
    private int End(int depth)
    {
        if (depth > Deepest)
        {
            throw new InvalidDataException("Maps within maps without end.");
        }

        var (type, size, at) = ReadHead();
        switch (type)
        {
            case Pointer or Boolean:
                return at;
            case Map or Array:
                for (var left = type == Map ? 2L * size : size; left > 0; left--)
                {
                    at = (this with { Offset = at }).End(depth + 1);
                }

                return at;
            default:
                return checked(at + size);
        }
    }

    private static uint Big(ReadOnlySpan<byte> bytes)
    {
        var number = 0u;
        foreach (var b in bytes)
        {
            number = number << 8 | b;
        }

        return number;
    }

    private ReadOnlySpan<byte> Bytes(int at, int length) => at >= 0 && length >= 0 && at <= File.Length - length
        ? File.AsSpan(at, length)
        : throw new InvalidDataException("The .mmdb file points outside itself.");
}

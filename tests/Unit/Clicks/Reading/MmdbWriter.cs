using System.Buffers.Binary;
using System.Net;
using System.Text;

namespace Spoo.Tests.Clicks.Reading;

/// <summary>Writes small .mmdb files: networks, each with a map of values. The longest network that holds an address wins.</summary>
internal sealed class MmdbWriter(int ipVersion = 6, int recordSize = 24, string type = "Test-City")
{
    private const int Empty = -1;

    // Two children a node; >= 0 is a node, below Empty a record.
    private readonly List<int[]> _nodes = [[Empty, Empty]];
    private readonly List<(object Value, int Offset)> _records = [];

    public MmdbWriter Add(string network, object record)
    {
        var prefix = IPNetwork.Parse(network);
        var bytes = prefix.BaseAddress.GetAddressBytes();
        var length = prefix.PrefixLength;
        if (bytes.Length == 4 && ipVersion == 6)
        {
            bytes = [.. new byte[12], .. bytes];
            length += 96;
        }

        _records.Add((record, 0));
        var leaf = Empty - _records.Count;
        var node = 0;
        for (var bit = 0; ; bit++)
        {
            ref var child = ref _nodes[node][bytes[bit >> 3] >> (7 - (bit & 7)) & 1];
            if (bit == length - 1)
            {
                child = leaf;
                return this;
            }

            if (child < 0)
            {
                var inherited = child;
                child = _nodes.Count;
                _nodes.Add([inherited, inherited]);
            }

            node = _nodes[node][bytes[bit >> 3] >> (7 - (bit & 7)) & 1];
        }
    }

    public byte[] Bytes()
    {
        var data = new MemoryStream();
        var texts = new Dictionary<string, int>();
        var offsets = new List<int>();
        foreach (var (value, _) in _records)
        {
            offsets.Add((int)data.Length);
            Write(data, value, texts);
        }

        var file = new MemoryStream();
        foreach (var node in _nodes)
        {
            file.Write(Node(RecordOf(node[0]), RecordOf(node[1])));
        }

        file.Write(new byte[16]);
        data.WriteTo(file);
        file.Write([0xAB, 0xCD, 0xEF, .. "MaxMind.com"u8]);
        Write(file, new Dictionary<string, object>
        {
            ["node_count"] = (uint)_nodes.Count,
            ["record_size"] = (ushort)recordSize,
            ["ip_version"] = (ushort)ipVersion,
            ["database_type"] = type,
            ["languages"] = new object[] { "en" },
            ["binary_format_major_version"] = (ushort)2,
            ["binary_format_minor_version"] = (ushort)0,
            ["build_epoch"] = 1_780_000_000ul,
            ["description"] = new Dictionary<string, object> { ["en"] = "Made by a test" },
        }, texts: null);
        return file.ToArray();

        uint RecordOf(int child) => child >= 0 ? (uint)child
            : child == Empty ? (uint)_nodes.Count
            : (uint)(_nodes.Count + 16 + offsets[Empty - 1 - child]);
    }

    private byte[] Node(uint left, uint right)
    {
        var both = new byte[recordSize / 4];
        switch (recordSize)
        {
            case 24:
                (both[0], both[1], both[2]) = ((byte)(left >> 16), (byte)(left >> 8), (byte)left);
                (both[3], both[4], both[5]) = ((byte)(right >> 16), (byte)(right >> 8), (byte)right);
                break;
            case 28:
                (both[0], both[1], both[2]) = ((byte)(left >> 16), (byte)(left >> 8), (byte)left);
                both[3] = (byte)(left >> 24 << 4 | right >> 24);
                (both[4], both[5], both[6]) = ((byte)(right >> 16), (byte)(right >> 8), (byte)right);
                break;
            default:
                BinaryPrimitives.WriteUInt32BigEndian(both, left);
                BinaryPrimitives.WriteUInt32BigEndian(both.AsSpan(4), right);
                break;
        }

        return both;
    }

    // A text that was written before is a pointer, as in real files. The description has none.
    private static void Write(MemoryStream stream, object value, Dictionary<string, int>? texts)
    {
        switch (value)
        {
            case string text when texts?.TryGetValue(text, out var at) == true:
                WritePointer(stream, at);
                break;
            case string text:
                texts?.Add(text, (int)stream.Length);
                var utf8 = Encoding.UTF8.GetBytes(text);
                WriteHead(stream, 2, utf8.Length);
                stream.Write(utf8);
                break;
            case ushort number:
                WriteHead(stream, 5, 2);
                stream.Write([(byte)(number >> 8), (byte)number]);
                break;
            case uint number:
                WriteHead(stream, 6, 4);
                stream.Write([(byte)(number >> 24), (byte)(number >> 16), (byte)(number >> 8), (byte)number]);
                break;
            case ulong number:
                WriteHead(stream, 9, 8);
                var eight = new byte[8];
                BinaryPrimitives.WriteUInt64BigEndian(eight, number);
                stream.Write(eight);
                break;
            case double number:
                WriteHead(stream, 3, 8);
                var bits = new byte[8];
                BinaryPrimitives.WriteDoubleBigEndian(bits, number);
                stream.Write(bits);
                break;
            case bool flag:
                WriteHead(stream, 14, flag ? 1 : 0);
                break;
            case object[] list:
                WriteHead(stream, 11, list.Length);
                foreach (var each in list)
                {
                    Write(stream, each, texts);
                }

                break;
            case Dictionary<string, object> map:
                WriteHead(stream, 7, map.Count);
                foreach (var (key, each) in map)
                {
                    Write(stream, key, texts);
                    Write(stream, each, texts);
                }

                break;
            default:
                throw new NotSupportedException($"{value.GetType()}");
        }
    }

    private static void WriteHead(MemoryStream stream, int type, int size)
    {
        byte[] more = size switch
        {
            < 29 => [],
            < 285 => [(byte)(size - 29)],
            < 65821 => [(byte)(size - 285 >> 8), (byte)(size - 285)],
            _ => [(byte)(size - 65821 >> 16), (byte)(size - 65821 >> 8), (byte)(size - 65821)],
        };
        var low = more.Length == 0 ? size : 28 + more.Length;
        stream.Write(type <= 7 ? [(byte)(type << 5 | low), .. more] : [(byte)low, (byte)(type - 7), .. more]);
    }

    private static void WritePointer(MemoryStream stream, int at)
    {
        if (at < 2048)
        {
            stream.Write([(byte)(1 << 5 | at >> 8), (byte)at]);
        }
        else if (at < 2048 + (1 << 19))
        {
            at -= 2048;
            stream.Write([(byte)(1 << 5 | 1 << 3 | at >> 16), (byte)(at >> 8), (byte)at]);
        }
        else
        {
            stream.Write([1 << 5 | 3 << 3, (byte)(at >> 24), (byte)(at >> 16), (byte)(at >> 8), (byte)at]);
        }
    }
}

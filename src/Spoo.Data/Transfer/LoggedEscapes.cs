using System.Globalization;
using System.Text;
using System.Text.Unicode;

namespace Spoo.Data.Transfer;

/// <summary>
/// The escapes of web servers in JSON: nginx writes quotes, backslashes and all that is not ASCII as <c>\x22</c> unless it is told that it writes JSON, and
/// JSON has no such thing.
/// </summary>
internal static class LoggedEscapes
{
    private const int Length = 4;

    /// <summary>The same as JSON. Null: it has no such escapes.</summary>
    public static byte[]? Repair(ReadOnlySpan<byte> json)
    {
        if (json.IndexOf("\\x"u8) < 0)
        {
            return null;
        }

        var (repaired, run) = (new List<byte>(json.Length), new List<byte>());
        for (var i = 0; i < json.Length;)
        {
            while (TryRead(json[i..], out var escaped))
            {
                run.Add(escaped);
                i += Length;
            }

            if (run.Count > 0)
            {
                Write(run, repaired);
                run.Clear();
                continue;
            }

            // A backslash takes the next character with it: behind two of them, an x is one.
            var taken = json[i] == '\\' && i + 1 < json.Length ? 2 : 1;
            repaired.AddRange(json.Slice(i, taken));
            i += taken;
        }

        return [.. repaired];
    }

    private static bool TryRead(ReadOnlySpan<byte> json, out byte escaped)
    {
        escaped = 0;
        return json.Length >= Length && json.StartsWith("\\x"u8) && byte.TryParse(json[2..Length], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out escaped);
    }

    // Bytes that are not UTF-8 are what a browser of old sent, in the letters of the west.
    private static void Write(List<byte> run, List<byte> to)
    {
        var isUtf8 = Utf8.IsValid([.. run]);
        foreach (var one in run)
        {
            if (one is < 0x20 or (byte)'"' or (byte)'\\' || (one >= 0x80 && !isUtf8))
            {
                to.AddRange(Encoding.ASCII.GetBytes($"\\u00{one:x2}"));
            }
            else
            {
                to.Add(one);
            }
        }
    }
}

using System.Text;
using System.Text.Unicode;

namespace Spoo.Data.Transfer;

/// <summary>
/// What the lines of a file are written in: UTF-8, or Windows-1252, as older spreadsheets write in the west. The first line that is not
/// plain ASCII decides for the whole file, since hardly a text of the one is also one of the other.
/// </summary>
internal sealed class LineEncoding
{
    // Characters that Windows-1252 does not have.
    private static readonly byte[] Undefined = [0x81, 0x8D, 0x8F, 0x90, 0x9D];

    private static readonly Encoding Windows = CodePagesEncodingProvider.Instance.GetEncoding(1252)!;

    private bool _isKnown;

    /// <summary>Whether the file turned out to be written in Windows-1252.</summary>
    public bool IsWindows1252 { get; private set; }

    /// <summary>Makes a line UTF-8; false when it is text in neither.</summary>
    public bool TryRead(ref ReadOnlyMemory<byte> line)
    {
        if (!_isKnown)
        {
            if (Ascii.IsValid(line.Span))
            {
                return true;
            }

            IsWindows1252 = !Utf8.IsValid(line.Span) && !line.Span.ContainsAny(Undefined);
            _isKnown = IsWindows1252 || Utf8.IsValid(line.Span);
        }

        if (IsWindows1252)
        {
            line = Encoding.UTF8.GetBytes(Windows.GetString(line.Span));
            return true;
        }

        return Utf8.IsValid(line.Span);
    }
}

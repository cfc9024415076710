using System.Text;

namespace Spoo.Data.Transfer;

/// <summary>
/// The texts of one column of a file. Browsers, codes and destinations come again and again: one that is here already is not made anew, so that a
/// batch of lines holds each of them once. A column whose texts do not repeat, as that of times, is not looked at any longer after its first lines.
/// </summary>
internal sealed class RepeatedTexts
{
    private const int Places = 4096;

    /// <summary>With that, a column remembers two megabytes at most.</summary>
    private const int LongestKept = 256;

    /// <summary>So many texts are asked for until it is looked at how many of them were here.</summary>
    private const int Trial = 2 * Places;

    private string?[]? _texts;
    private bool _isOff;
    private int _asked;
    private int _found;

    public string Of(ReadOnlySpan<char> text)
    {
        if (_isOff || text.Length > LongestKept || text.IsEmpty)
        {
            return text.ToString();
        }

        if (_asked++ == Trial)
        {
            _isOff = _found < Trial / 4;
            (_asked, _found) = (0, 0);
        }

        ref var place = ref (_texts ??= new string?[Places])[(uint)string.GetHashCode(text) % Places];
        if (place is { } known && text.SequenceEqual(known))
        {
            _found++;
            return known;
        }

        return place = text.ToString();
    }

    public string Of(ReadOnlySpan<byte> utf8)
    {
        if (_isOff || utf8.Length > LongestKept)
        {
            return Encoding.UTF8.GetString(utf8);
        }

        Span<char> text = stackalloc char[LongestKept];
        return Of(text[..Encoding.UTF8.GetChars(utf8, text)]);
    }
}

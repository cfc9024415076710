using System.Text;
using System.Xml;

namespace Spoo.Web.Export;

internal static class XmlText
{
    /// <summary>The text with a replacement character for each that XML cannot say at all, not even escaped.</summary>
    public static string Legal(string text)
    {
        if (text.All(XmlConvert.IsXmlChar))
        {
            return text;
        }

        // Runes are whole characters: half of one becomes the replacement character by itself.
        var legal = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes())
        {
            legal.Append(rune.IsBmp && !XmlConvert.IsXmlChar((char)rune.Value) ? Rune.ReplacementChar.ToString() : rune.ToString());
        }

        return legal.ToString();
    }
}

using System.Globalization;
using Spoo.Web.Words;

namespace Spoo.Web.Export;

/// <summary>How a file is laid out, as far as it is not the format's own.</summary>
internal sealed record ExportOptions
{
    /// <summary>Value of <c>layout=</c> for programs: the tables and columns of the API, as spoo.me's clients expect them.</summary>
    public const string Wire = "wire";

    /// <summary>Value of <c>layout=</c> for people: titles and names in words. Only workbooks differ by it.</summary>
    public const string Report = "report";

    public static IReadOnlyList<string> Layouts { get; } = [Wire, Report];

    public static ExportOptions Default { get; } = new();

    /// <summary>Whether the file is made to be looked at by people.</summary>
    public bool IsForPeople { get; init; }

    /// <summary>
    /// Whether CSV begins with a byte-order mark, by which Excel knows that it is UTF-8. Other formats say what they are.
    /// </summary>
    public bool HasByteOrderMark { get; init; }

    /// <summary>The language of titles and names in a file for people.</summary>
    public CultureInfo Language { get; init; } = Texts.Languages[0];
}

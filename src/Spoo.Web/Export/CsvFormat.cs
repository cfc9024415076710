using System.Globalization;
using CsvHelper;
using CsvHelper.Configuration;

namespace Spoo.Web.Export;

/// <summary>How every CSV file of ours is written: as RFC 4180 says, lines end in CRLF, with quotes where they are needed.</summary>
internal static class CsvFormat
{
    // The library looks for CRLF alone once it is told that lines end so. A note has lines of its own, which end in LF.
    public static CsvConfiguration Rfc4180 { get; } = new(CultureInfo.InvariantCulture)
    {
        NewLine = "\r\n",
        ShouldQuote = field => field.Field.AsSpan().ContainsAny('\r', '\n') || ConfigurationFunctions.ShouldQuote(field),
    };
}

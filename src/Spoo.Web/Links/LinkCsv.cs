using System.Globalization;
using System.Text;
using CsvHelper;
using CsvHelper.Configuration;
using Spoo.Data.Links;
using Spoo.Data.Links.Files;
using Spoo.Web.Export;

namespace Spoo.Web.Links;

/// <summary>The links of an account as a CSV file, which an import reads back.</summary>
internal static class LinkCsv
{
    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false);
    private static readonly CsvConfiguration Rfc4180 = new(CultureInfo.InvariantCulture) { NewLine = "\r\n" };

    public static async Task WriteAsync(IAsyncEnumerable<Link> links, DateTimeOffset now, Stream file, CancellationToken cancellationToken)
    {
        await using var text = new StreamWriter(file, Utf8);
        await using var csv = new CsvWriter(text, Rfc4180);
        foreach (var column in LinkColumns.Exported)
        {
            csv.WriteField(LinkColumns.NameOf(column));
        }

        await csv.NextRecordAsync();
        await foreach (var link in links.WithCancellation(cancellationToken))
        {
            foreach (var column in LinkColumns.Exported)
            {
                csv.WriteField(Text(link, column, now));
            }

            await csv.NextRecordAsync();
        }
    }

    private static string Text(Link link, LinkColumn column, DateTimeOffset now)
    {
        var text = column switch
        {
            LinkColumn.ShortCode => link.ShortCode,
            LinkColumn.LongUrl => link.LongUrl,
            LinkColumn.Tags => string.Join(", ", link.Tags.Select(tag => tag.Name).Order(StringComparer.Ordinal)),
            LinkColumn.Status => link.StatusAt(now).ToString().ToUpperInvariant(),
            LinkColumn.CreatedAt => ApiJson.Text(link.CreatedAt),
            LinkColumn.ExpireAfter => link.ExpireAfter is { } end ? ApiJson.Text(end) : "",
            LinkColumn.MaxClicks => link.MaxClicks?.ToString(CultureInfo.InvariantCulture) ?? "",
            LinkColumn.BlockBots => Flag(link.BlockBots),
            LinkColumn.PrivateStats => Flag(link.PrivateStats),
            LinkColumn.PassQuery => Flag(link.PassQuery),
            LinkColumn.TotalClicks => link.TotalClicks.ToString(CultureInfo.InvariantCulture),
            LinkColumn.LastClick => link.LastClick is { } last ? ApiJson.Text(last) : "",
            _ => throw new ArgumentOutOfRangeException(nameof(column)),
        };

        // The apostrophe is the spreadsheets' own sign for "this is text".
        return ExportTables.LooksLikeFormula(text) ? "'" + text : text;
    }

    private static string Flag(bool? flag) => flag == true ? "true" : "false";
}

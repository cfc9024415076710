using System.Globalization;
using System.Text;
using System.Text.Json;
using CsvHelper;
using Spoo.Data.Care;
using Spoo.Data.Links;
using Spoo.Data.Links.Codes;
using Spoo.Data.Transfer.LinkFiles;
using Spoo.Web.Wire;

namespace Spoo.Web.Export;

/// <summary>The links of an account as a CSV file, which an import reads back; and their changes as another.</summary>
internal static class LinkCsv
{
    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false);
    private static readonly UTF8Encoding Utf8WithMark = new(encoderShouldEmitUTF8Identifier: true);

    /// <param name="hasByteOrderMark">Excel knows UTF-8 by the mark only.</param>
    public static Task WriteAsync(IAsyncEnumerable<Link> links, DateTimeOffset now, bool hasByteOrderMark, Stream file, CancellationToken cancellationToken) => WriteAsync(
        LinkColumns.Exported.Select(LinkColumns.NameOf),
        links,
        link => LinkColumns.Exported.Select(column => Text(link, column, now)),
        hasByteOrderMark,
        file,
        cancellationToken);

    /// <summary>What was changed about links, and when.</summary>
    public static Task WriteChangesAsync(IAsyncEnumerable<(string Name, LinkChange Change)> changes, Stream file, CancellationToken cancellationToken) => WriteAsync(
        ["short_code", "at", "field", "before", "after"],
        changes,
        row => [row.Name, ApiJson.Text(row.Change.At), JsonNamingPolicy.SnakeCaseLower.ConvertName(row.Change.Field.ToString()), row.Change.Before ?? "", row.Change.After ?? ""],
        hasByteOrderMark: false,
        file,
        cancellationToken);

    /// <summary>What administrators did, and when.</summary>
    public static Task WriteAuditAsync(IAsyncEnumerable<AuditLine> lines, Stream file, CancellationToken cancellationToken) => WriteAsync(
        ["at", "actor", "act", "subject", "detail"],
        lines,
        line => [ApiJson.Text(line.At), line.Actor ?? line.ActorId ?? "command", JsonNamingPolicy.SnakeCaseLower.ConvertName(line.Act.ToString()), line.Subject ?? "", line.Detail ?? ""],
        hasByteOrderMark: true,
        file,
        cancellationToken);

    private static async Task WriteAsync<T>(
        IEnumerable<string> header, IAsyncEnumerable<T> rows, Func<T, IEnumerable<string>> fields, bool hasByteOrderMark, Stream file, CancellationToken cancellationToken)
    {
        await using var text = new StreamWriter(file, hasByteOrderMark ? Utf8WithMark : Utf8);
        await using var csv = new CsvWriter(text, CsvFormat.Rfc4180);
        await WriteRowAsync(header);
        await foreach (var row in rows.WithCancellation(cancellationToken))
        {
            await WriteRowAsync(fields(row));
        }

        Task WriteRowAsync(IEnumerable<string> row)
        {
            foreach (var field in row)
            {
                // The apostrophe is the spreadsheets' own sign for "this is text".
                csv.WriteField(ExportTables.LooksLikeFormula(field) ? "'" + field : field);
            }

            return csv.NextRecordAsync();
        }
    }

    private static string Text(Link link, LinkColumn column, DateTimeOffset now) => column switch
    {
        LinkColumn.ShortCode => link.ShortCode,
        LinkColumn.Domain => link.DomainHost ?? "",
        LinkColumn.LongUrl => link.LongUrl,
        LinkColumn.Title => link.Title ?? "",
        LinkColumn.Note => link.Note ?? "",
        LinkColumn.Tags => string.Join(", ", link.Tags.Select(tag => tag.Name).Order(StringComparer.Ordinal)),
        LinkColumn.Status => link.StatusAt(now).ToString().ToUpperInvariant(),
        LinkColumn.CreatedAt => ApiJson.Text(link.CreatedAt),
        LinkColumn.ExpireAfter => link.ExpireAfter is { } end ? ApiJson.Text(end) : "",
        LinkColumn.MaxClicks => link.MaxClicks?.ToString(CultureInfo.InvariantCulture) ?? "",
        LinkColumn.BlockBots => Flag(link.BlockBots),
        LinkColumn.PrivateStats => Flag(link.PrivateStats),
        LinkColumn.PassQuery => Flag(link.PassQuery),
        LinkColumn.PassPath => Flag(link.PassPath),
        LinkColumn.RedirectStatus => (link.RedirectStatus ?? LinkRedirects.Default).ToString(CultureInfo.InvariantCulture),
        LinkColumn.ExpiredRedirectUrl => link.ExpiredUrl ?? "",
        LinkColumn.StartsAt => link.StartsAt is { } start ? ApiJson.Text(start) : "",
        LinkColumn.PreStartUrl => link.PreStartUrl ?? "",
        LinkColumn.Archived => Flag(link.ArchivedAt is not null),
        LinkColumn.RedirectRules => link.Rules?.ToString() ?? "",
        LinkColumn.MetaTags => link.Preview?.Stored() ?? "",
        LinkColumn.TotalClicks => link.TotalClicks.ToString(CultureInfo.InvariantCulture),
        LinkColumn.ImportedClicks => link.ImportedClicks.ToString(CultureInfo.InvariantCulture),
        LinkColumn.LastClick => link.LastClick is { } last ? ApiJson.Text(last) : "",
        _ => throw new ArgumentOutOfRangeException(nameof(column)),
    };

    private static string Flag(bool? flag) => flag == true ? "true" : "false";
}

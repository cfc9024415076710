using System.Globalization;
using System.IO.Compression;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Mvc;
using Spoo.Data.Stats;
using Spoo.Data.Stats.Live;
using Spoo.Data.Transfer.ClickExports;
using Spoo.Web.Addresses;

namespace Spoo.Web.Export;

/// <summary>
/// Clicks as a download of any size. Over HTTP/2 its end says how many clicks it had and how its content hashes, in trailers. One
/// that breaks off has no last chunk, and goes on with <c>cursor=</c> the id of the last click that arrived.
/// </summary>
/// <param name="name">Of the file, without its extension. Null: as always.</param>
internal sealed class ClickDownload(ClickExport export, ClickSelection selection, ClickText format, long? after, string? name) : IActionResult
{
    /// <summary>Clicks in this answer.</summary>
    public const string RowCount = "X-Row-Count";

    /// <summary>SHA-256 of this answer before it was compressed, in hexadecimal digits.</summary>
    public const string Sha256 = "X-Content-SHA256";

    public async Task ExecuteResultAsync(ActionContext context)
    {
        var http = context.HttpContext;
        var aborted = http.RequestAborted;
        await using var pages = export.ReadAsync(selection, format, after, aborted).GetAsyncEnumerator(aborted);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var clicks = 0L;

        // Until the header and the first page have been read, an error can still be answered as one.
        using var beginning = new MemoryStream();
        var more = true;
        for (var read = 0; read < 2 && more; read++)
        {
            if (more = await pages.MoveNextAsync())
            {
                clicks += Take(pages.Current, hash);
                beginning.Write(pages.Current.Text.Span);
            }
        }

        var gzip = Begin(http) ? new GZipStream(http.Response.Body, CompressionLevel.Fastest, leaveOpen: true) : null;
        var body = gzip ?? http.Response.Body;
        await body.WriteAsync(beginning.GetBuffer().AsMemory(0, (int)beginning.Length), aborted);
        while (more && (more = await pages.MoveNextAsync()))
        {
            clicks += Take(pages.Current, hash);
            await body.WriteAsync(pages.Current.Text, aborted);
        }

        if (gzip is not null)
        {
            await gzip.DisposeAsync();
        }

        if (http.Response.SupportsTrailers())
        {
            http.Response.AppendTrailer(RowCount, clicks.ToString(CultureInfo.InvariantCulture));
            http.Response.AppendTrailer(Sha256, Convert.ToHexStringLower(hash.GetHashAndReset()));
        }
    }

    private static int Take(ExportedPage page, IncrementalHash hash)
    {
        hash.AppendData(page.Text.Span);
        return page.Clicks;
    }

    /// <summary>Puts on the headers; true if the body is to be compressed.</summary>
    private bool Begin(HttpContext http)
    {
        var response = http.Response;
        response.ContentType = format.ContentType;
        response.Headers.ContentDisposition = FileNames.Disposition($"{name ?? "spoo-clicks"}.{format.Name}");
        response.Headers.CacheControl = "private, no-store";
        response.Headers.Vary = "Accept-Encoding";
        if (response.SupportsTrailers())
        {
            response.Headers.Trailer = $"{RowCount}, {Sha256}";
        }

        var isCompressed = http.Request.GetTypedHeaders().AcceptEncoding.Any(coding => coding is { Value.Value: "gzip", Quality: null or > 0 });
        if (isCompressed)
        {
            response.Headers.ContentEncoding = "gzip";
        }

        return isCompressed;
    }
}

using System.Globalization;
using System.IO.Compression;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Mvc;
using Spoo.Data.Stats;
using Spoo.Data.Stats.Live;
using Spoo.Data.Transfer.ClickFiles;

namespace Spoo.Web.Export;

/// <summary>
/// Clicks as a download of any size. Its end says how many clicks it had and how its content hashes, in HTTP trailers; one that
/// breaks off has no end, and goes on with <c>cursor=</c> the id of the last click that arrived.
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

        // HTTP/1.0 knows neither chunks nor trailers.
        var chunks = !http.Response.SupportsTrailers() && HttpProtocol.IsHttp11(http.Request.Protocol) ? new ChunkedBody(http.Response.Body) : null;
        var raw = chunks ?? http.Response.Body;
        var gzip = Begin(http, chunks is not null) ? new GZipStream(raw, CompressionLevel.Fastest, leaveOpen: true) : null;
        var body = gzip ?? raw;
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

        await EndAsync(http.Response, chunks, clicks, Convert.ToHexStringLower(hash.GetHashAndReset()), aborted);
    }

    private static int Take(ExportedPage page, IncrementalHash hash)
    {
        hash.AppendData(page.Text.Span);
        return page.Clicks;
    }

    /// <summary>Puts on the headers; true if the body is to be compressed.</summary>
    private bool Begin(HttpContext http, bool isChunkedHere)
    {
        var response = http.Response;
        response.ContentType = format.ContentType;
        response.Headers.ContentDisposition = Download.Disposition($"{name ?? "spoo-clicks"}.{format.Name}");
        response.Headers.CacheControl = "private, no-store";
        response.Headers.Vary = "Accept-Encoding";
        if (isChunkedHere || response.SupportsTrailers())
        {
            response.Headers.Trailer = $"{RowCount}, {Sha256}";
        }

        if (isChunkedHere)
        {
            response.Headers.TransferEncoding = "chunked";
        }

        var isCompressed = http.Request.GetTypedHeaders().AcceptEncoding.Any(coding => coding is { Value.Value: "gzip", Quality: null or > 0 });
        if (isCompressed)
        {
            response.Headers.ContentEncoding = "gzip";
        }

        return isCompressed;
    }

    private static Task EndAsync(HttpResponse response, ChunkedBody? chunks, long clicks, string sha256, CancellationToken cancellationToken)
    {
        var count = clicks.ToString(CultureInfo.InvariantCulture);
        if (chunks is not null)
        {
            return chunks.EndAsync([new(RowCount, count), new(Sha256, sha256)], cancellationToken);
        }

        if (response.SupportsTrailers())
        {
            response.AppendTrailer(RowCount, count);
            response.AppendTrailer(Sha256, sha256);
        }

        return Task.CompletedTask;
    }
}

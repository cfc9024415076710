using Microsoft.AspNetCore.Mvc;
using Spoo.Web.Addresses;

namespace Spoo.Web.Export;

/// <summary>A whole file, to be saved under a name.</summary>
/// <param name="write">Writes it, and leaves the stream open.</param>
internal sealed class Download(Action<Stream> write, string contentType, string fileName) : IActionResult
{
    private const int BufferSize = 64 * 1024;

    /// <summary>
    /// The file is ready before its first byte is sent, so that whatever goes wrong is an error and never half a file. It waits on disk,
    /// where many large ones at once take no memory, and is gone with its handle.
    /// </summary>
    public async Task ExecuteResultAsync(ActionContext context)
    {
        var (response, ended) = (context.HttpContext.Response, context.HttpContext.RequestAborted);
        var options = new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.ReadWrite,
            Share = FileShare.None,
            BufferSize = BufferSize,
            Options = FileOptions.DeleteOnClose,
        };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        await using var file = new FileStream(Path.Combine(Path.GetTempPath(), "spoo-" + Path.GetRandomFileName()), options);
        write(file);
        file.Position = 0;
        response.ContentType = contentType;
        response.ContentLength = file.Length;
        response.Headers.ContentDisposition = FileNames.Disposition(fileName);
        await file.CopyToAsync(response.Body, BufferSize, ended);
    }
}

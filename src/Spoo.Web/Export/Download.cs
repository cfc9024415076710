using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Mvc;

namespace Spoo.Web.Export;

/// <summary>A whole file, to be saved under a name.</summary>
/// <param name="write">Writes it, and leaves the stream open.</param>
internal sealed partial class Download(Action<Stream> write, string contentType, string fileName) : IActionResult
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
        response.Headers.ContentDisposition = Disposition(fileName);
        await file.CopyToAsync(response.Body, BufferSize, ended);
    }

    /// <summary>The name of a file without its extension, as far as callers may choose it.</summary>
    public static bool IsName(string name) => Name().IsMatch(name);

    /// <param name="fileName">Made of letters, digits, '-', '_' and '.', as short codes are, so nothing in it needs escaping.</param>
    public static string Disposition(string fileName) => $"attachment; filename=\"{fileName}\"";

    [GeneratedRegex(@"^[A-Za-z0-9_-][A-Za-z0-9._-]{0,149}\z")]
    private static partial Regex Name();
}

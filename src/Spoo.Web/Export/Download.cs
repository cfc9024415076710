using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Mvc;

namespace Spoo.Web.Export;

/// <summary>A whole file, to be saved under a name.</summary>
internal sealed partial class Download(byte[] file, string contentType, string fileName) : IActionResult
{
    public Task ExecuteResultAsync(ActionContext context)
    {
        var response = context.HttpContext.Response;
        response.ContentType = contentType;
        response.ContentLength = file.Length;
        response.Headers.ContentDisposition = Disposition(fileName);
        return response.Body.WriteAsync(file, context.HttpContext.RequestAborted).AsTask();
    }

    /// <summary>The name of a file without its extension, as far as callers may choose it.</summary>
    public static bool IsName(string name) => Name().IsMatch(name);

    /// <param name="fileName">Made of letters, digits, '-', '_' and '.', as short codes are, so nothing in it needs escaping.</param>
    public static string Disposition(string fileName) => $"attachment; filename=\"{fileName}\"";

    [GeneratedRegex(@"^[A-Za-z0-9_-][A-Za-z0-9._-]{0,149}\z")]
    private static partial Regex Name();
}

namespace Spoo.Web.Addresses;

/// <summary>Which addresses are for programs and which are for people.</summary>
internal static class ApiPaths
{
    private static readonly PathString[] Programs = ["/api", "/auth", "/oauth", "/statistics"];

    /// <summary>Whether this address takes API keys and may be called from any site's scripts.</summary>
    public static bool IsApi(HttpRequest request) => Array.Exists(Programs, path => request.Path.StartsWithSegments(path));

    /// <summary>Whether this is one of Short.io's addresses: its clients send the key alone and read errors of its own shape.</summary>
    public static bool IsShortIo(HttpRequest request) => request.Path.StartsWithSegments("/statistics");

    /// <summary>Whether the caller wants a JSON body rather than a page.</summary>
    public static bool IsForPrograms(HttpRequest request) =>
        IsApi(request) || request.Headers.Accept.ToString().Contains("application/json", StringComparison.OrdinalIgnoreCase);
}

namespace Spoo.Web.Addresses;

/// <summary>Which addresses are for programs and which are for people.</summary>
internal static class ApiPaths
{
    private static readonly PathString[] Programs = ["/api", "/auth", "/oauth", "/statistics"];

    /// <summary>Whether this address takes API keys and may be called from any site's scripts.</summary>
    public static bool IsApi(HttpRequest request) => Array.Exists(Programs, path => request.Path.StartsWithSegments(path));

    /// <summary>Whether whoever asks understands a JSON body better than a page.</summary>
    public static bool IsForPrograms(HttpRequest request) =>
        IsApi(request) || request.Headers.Accept.ToString().Contains("application/json", StringComparison.OrdinalIgnoreCase);
}

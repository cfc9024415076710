namespace Spoo.Web.Addresses;

/// <summary>The mark of a call for programs at an address that a page has, too.</summary>
internal interface ISharesAddress
{
    /// <summary>Whether this request is the program's and not the page's.</summary>
    ValueTask<bool> IsForProgramAsync(HttpRequest request);
}

/// <summary>The mark of a call of Short.io's outside of <c>/statistics</c>.</summary>
[AttributeUsage(AttributeTargets.Class)]
internal sealed class ShortIoAttribute : Attribute, ISharesAddress
{
    /// <summary>Pages are sent forms, and pages of browsers bring no key.</summary>
    public ValueTask<bool> IsForProgramAsync(HttpRequest request) =>
        new(request.HasJsonContentType() || !string.IsNullOrEmpty(request.Headers.Authorization));
}

/// <summary>Which addresses are for programs and which are for people.</summary>
internal static class ApiPaths
{
    private static readonly PathString[] Programs = ["/api", "/auth", "/oauth", "/statistics"];

    /// <summary>Pages among them, which people read whom a program has sent there.</summary>
    private static readonly PathString[] Pages = ["/auth/device/login", "/" + SpooUrls.DeviceCallback];

    /// <summary>Whether this address takes API keys and may be called from any site's scripts.</summary>
    public static bool IsApi(HttpRequest request) =>
        (Array.Exists(Programs, path => request.Path.StartsWithSegments(path)) && !Array.Exists(Pages, path => request.Path.StartsWithSegments(path)))
        || IsMarked(request);

    /// <summary>Whether this is one of Short.io's addresses: its clients send the key alone and read errors of its own shape.</summary>
    public static bool IsShortIo(HttpRequest request) => IsShortIoStatistics(request) || IsMarked(request);

    /// <summary>Whether this is below the address of Short.io's statistics.</summary>
    public static bool IsShortIoStatistics(HttpRequest request) => request.Path.StartsWithSegments("/statistics");

    /// <summary>Whether the caller wants a JSON body rather than a page.</summary>
    public static bool IsForPrograms(HttpRequest request) =>
        IsApi(request) || request.Headers.Accept.ToString().Contains("application/json", StringComparison.OrdinalIgnoreCase);

    private static bool IsMarked(HttpRequest request) => request.HttpContext.GetEndpoint()?.Metadata.GetMetadata<ShortIoAttribute>() is not null;
}

using System.Text.Json;

namespace Spoo.Web.Words;

/// <summary>
/// Countries' flags as pictures, of the npm package circle-flags: letters that a system draws as a flag are two empty boxes on many. All of
/// them lie in one file, because hundreds of files would be hundreds of routes; their address has the package's version in it, so that
/// browsers keep them for good.
/// </summary>
internal sealed class Flags(IWebHostEnvironment environment)
{
    /// <summary>Of the package; package.json says the same.</summary>
    public const string Version = "2.8.3";

    private const string Start = "flags/" + Version + "/";

    private readonly Lazy<Dictionary<string, string>> _pictures = new(() =>
    {
        using var file = environment.WebRootFileProvider.GetFileInfo("lib/flags/flags.json").CreateReadStream();
        return JsonSerializer.Deserialize<Dictionary<string, string>>(file)!;
    });

    /// <param name="country">Two capital letters.</param>
    public static string UrlOf(string country) => $"{Start}{country}.svg";

    public bool Has(string country) => _pictures.Value.ContainsKey(country);

    public IEndpointConventionBuilder Map(WebApplication app) => app.MapGet("/" + Start + "{country}.svg", (string country, HttpContext context) =>
    {
        if (!_pictures.Value.TryGetValue(country, out var picture))
        {
            return Results.NotFound();
        }

        context.Response.Headers.CacheControl = "public, max-age=31536000, immutable";
        return Results.Text(picture, "image/svg+xml");
    });
}

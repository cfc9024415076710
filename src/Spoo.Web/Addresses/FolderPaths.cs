using Spoo.Data.Links;
using Spoo.Data.Links.Codes;

namespace Spoo.Web.Addresses;

/// <summary>
/// Takes codes in folders out of the addresses of pages and programs, where a slash begins another part of a path: people and programs write <c>team/launch</c>
/// or <c>team%2Flaunch</c>, and what the house prints is <c>team~launch</c>, which needs no care of any proxy.
/// </summary>
internal static class FolderPaths
{
    /// <summary>The one character of a path that stays encoded.</summary>
    private const string EncodedSlash = "%2F";

    /// <summary>Addresses in which a code stands, and what may be behind it. A test compares them with those that there are.</summary>
    private static readonly Door[] Doors =
    [
        new("/" + SpooUrls.LinkDashboardStart) { IsPage = true },
        new("/" + SpooUrls.PublicStatsStart, "/live", "/card.png") { IsPage = true },
        new("/" + SpooUrls.Links + "/", "/qr.svg", "/qr.png", "/qr.pdf") { HasEnd = true },
        new("/export/", "/json", "/csv", "/xlsx", "/xml") { HasEnd = true },
        new("/api/v1/public/stats/"),
        new("/api/v1/public/preview/"),
        new("/api/v1/urls/") { HasHost = true },
    ];

    /// <summary>Text of a path with the slashes that are encoded in it.</summary>
    public static string Decoded(string text) =>
        text.Contains(EncodedSlash[0]) ? text.Replace(EncodedSlash, "/", StringComparison.OrdinalIgnoreCase) : text;

    public static void UseFolderPaths(this WebApplication app)
    {
        if (!app.Services.GetRequiredService<ShorteningOptions>().SlashesInCodes)
        {
            return;
        }

        app.Use((context, next) =>
        {
            var request = context.Request;
            if (Array.Find(Doors, door => request.Path.Value?.StartsWith(door.Start, StringComparison.Ordinal) == true) is not { } door
                || door.OnePart(request.Path.Value!, request.Method) is not { } path)
            {
                return next(context);
            }

            // A page reads its own address again in the browser, so the browser has to have it.
            if (door.IsPage && !door.HasEndIn(path) && (HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method)))
            {
                context.Response.Redirect($"{request.PathBase}{new PathString(path).ToUriComponent()}{request.QueryString}");
                return Task.CompletedTask;
            }

            request.Path = path;
            return next(context);
        });
    }

    /// <param name="Start">With the slash before the code.</param>
    /// <param name="Ends">What may be behind it.</param>
    private sealed record Door(string Start, params string[] Ends)
    {
        public bool IsPage { get; init; }

        /// <summary>Whether something always is behind the code; other addresses begin like that, too.</summary>
        public bool HasEnd { get; init; }

        /// <summary>Whether the host of the code's domain is before it, as a part of its own.</summary>
        public bool HasHost { get; init; }

        public bool HasEndIn(string path) => EndIn(path).Length > 0;

        /// <summary>The path with its code as one part. Null: it is that already, or is about something else.</summary>
        public string? OnePart(string path, string method)
        {
            var end = EndIn(path);
            var start = HasHost ? path.IndexOf(ShortCode.Slash, Start.Length) + 1 : Start.Length;
            if ((HasEnd && end.Length == 0) || start == 0 || path.Length - end.Length <= start || (HasHost && !HttpMethods.IsGet(method)))
            {
                return null;
            }

            var code = path[start..^end.Length].TrimEnd(ShortCode.Slash);
            var part = Decoded(code).Replace(ShortCode.Slash, LinkName.FolderMark);
            return part == code ? null : path[..start] + part + end;
        }

        private string EndIn(string path) => Ends.FirstOrDefault(end => path.EndsWith(end, StringComparison.Ordinal)) ?? "";
    }
}

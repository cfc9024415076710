using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using Microsoft.Extensions.FileProviders;
using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;
using MudBlazor;
using Spoo.Web.Addresses;
using Spoo.Web.Components.Shared;

namespace Spoo.Web.Components.Layout;

/// <summary>
/// The style sheets of the pages: the <see cref="Theme"/>, and the files of <c>wwwroot/css</c> that a kind of page needs, in one answer. Named
/// after their content, so that browsers keep them for good, and compressed once.
/// </summary>
internal sealed partial class StyleSheets(IWebHostEnvironment environment)
{
    private const string Folder = "css";

    private readonly Lazy<Sheet> _plain = new(() => Make(environment.WebRootFileProvider, "pages", ["css/ground.css", "css/base.css", "css/account.css", "css/home.css"]));

    private readonly Lazy<Sheet> _public = new(() => Make(environment.WebRootFileProvider, "public", ["css/ground.css", "css/base.css", "css/report.css", "css/public.css"]));

    // The controls' rules lie in a layer of their own below ours, however specific they are.
    private readonly Lazy<Sheet> _circuit = new(() => Make(
        environment.WebRootFileProvider,
        "circuit",
        [
            "css/ground.css", "lib/mudblazor/mudblazor.css", "css/mud.css", "css/base.css", "css/report.css", "css/dashboard.css", "css/links.css", "css/keys.css",
            "css/import.css", "css/admin.css", "css/domains.css", "css/webhooks.css", "css/alerts.css", "css/account.css",
        ]));

    /// <summary>Of pages that only take a form or tell something.</summary>
    public string Plain => _plain.Value.Path;

    /// <summary>Of the pages that show a link's numbers to everybody.</summary>
    public string Public => _public.Value.Path;

    /// <summary>Of pages with a circuit, and of those without one that stand under the same bar: a visitor from there has it already.</summary>
    public string Circuit => _circuit.Value.Path;

    /// <summary>The theme's names and what they stand for, for each colour its light and its dark value.</summary>
    public static string ThemeRules()
    {
        var light = new Variables(isDark: false).Read();
        var dark = new Variables(isDark: true).Read();
        var css = new StringBuilder(":root{color-scheme:light dark;");
        var (onlyLight, onlyDark) = (new StringBuilder(), new StringBuilder());
        foreach (var (name, value) in light)
        {
            if (dark[name] == value)
            {
                css.Append(name).Append(':').Append(value).Append(';');
            }
            else if (Color().IsMatch(value))
            {
                css.Append(name).Append(":light-dark(").Append(value).Append(',').Append(dark[name]).Append(");");
            }
            else
            {
                // Three bare numbers, of which rules make colours themselves: no function can choose between those.
                onlyLight.Append(name).Append(':').Append(value).Append(';');
                onlyDark.Append(name).Append(':').Append(dark[name]).Append(';');
            }
        }

        foreach (var (name, ofLight, ofDark) in Theme.Names)
        {
            css.Append("--").Append(name).Append(':').Append(ofDark is null ? ofLight : $"light-dark({ofLight},{ofDark})").Append(';');
        }

        return css.Append(onlyLight).Append('}')
            .Append(":root[data-theme=light]{color-scheme:light}:root[data-theme=dark]{color-scheme:dark;").Append(onlyDark).Append('}')
            .Append("@media(prefers-color-scheme:dark){:root[data-theme=system]{").Append(onlyDark).Append("}}\n").ToString();
    }

    public void Map(WebApplication app)
    {
        foreach (var sheet in (Lazy<Sheet>[])[_plain, _public, _circuit])
        {
            app.MapGet("/" + sheet.Value.Path, (HttpContext context) => sheet.Value.SendAsync(context)).AnswerHead();
        }
    }

    private static Sheet Make(IFileProvider files, string name, string[] parts)
    {
        var css = new StringBuilder("@layer ground,mud;\n").Append(ThemeRules()).Append(Percents.Rules());
        foreach (var part in parts)
        {
            using var reader = new StreamReader(files.GetFileInfo(part).CreateReadStream(), Encoding.UTF8);
            css.Append(Comments().Replace(reader.ReadToEnd(), ""));
        }

        var bytes = Encoding.UTF8.GetBytes(Space().Replace(css.ToString(), "\n"));
        var hash = Convert.ToHexStringLower(SHA256.HashData(bytes))[..10];
        return new Sheet($"{Folder}/{name}.{hash}.css", bytes);
    }

    [GeneratedRegex("^(rgba?\\(|#)")]
    private static partial Regex Color();

    [GeneratedRegex(@"/\*(?!!).*?\*/", RegexOptions.Singleline)]
    private static partial Regex Comments();

    [GeneratedRegex(@"\s*\n\s*")]
    private static partial Regex Space();

    /// <summary>What the library's own component writes of a theme.</summary>
    private sealed class Variables : MudThemeProvider
    {
        public Variables(bool isDark) => (Theme, IsDarkMode) = (Components.Theme.Mud, isDark);

        public Dictionary<string, string> Read()
        {
            var text = new StringBuilder();
            GenerateTheme(text);
            return text.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
                .Select(line => line.TrimEnd(';').Split(": ", 2))
                .Where(pair => pair[0] != "--mud-native-html-color-scheme")
                .ToDictionary(pair => pair[0], pair => pair[1], StringComparer.Ordinal);
        }
    }

    private sealed class Sheet(string path, byte[] plain)
    {
        private readonly Lazy<byte[]> _brotli = new(() => Compress(plain, stream => new BrotliStream(stream, new BrotliCompressionOptions { Quality = 10 })));
        private readonly Lazy<byte[]> _gzip = new(() => Compress(plain, stream => new GZipStream(stream, CompressionLevel.SmallestSize)));

        public string Path => path;

        public async Task SendAsync(HttpContext context)
        {
            var accepted = context.Request.Headers.AcceptEncoding.ToString();
            var (encoding, body) = accepted.Contains("br", StringComparison.Ordinal) ? ("br", _brotli.Value)
                : accepted.Contains("gzip", StringComparison.Ordinal) ? ("gzip", _gzip.Value)
                : (null, plain);
            var headers = context.Response.Headers;
            headers.ContentType = "text/css; charset=utf-8";
            headers.CacheControl = "public, max-age=31536000, immutable";
            headers.Vary = HeaderNames.AcceptEncoding;
            headers.ContentEncoding = encoding is null ? StringValues.Empty : encoding;
            headers.ContentLength = body.Length;
            await context.Response.Body.WriteAsync(body, context.RequestAborted);
        }

        private static byte[] Compress(byte[] bytes, Func<Stream, Stream> compression)
        {
            using var compressed = new MemoryStream();
            using (var stream = compression(compressed))
            {
                stream.Write(bytes);
            }

            return compressed.ToArray();
        }
    }
}

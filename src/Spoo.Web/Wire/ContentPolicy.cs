using System.Security.Cryptography;
using System.Text;

namespace Spoo.Web.Wire;

/// <summary>
/// What the browser may load and run on a page: scripts of our own and none that stand in the page, but for the map of modules, which has a
/// nonce or, on pages that are sent more than once, is known by its content. Only pages with a circuit may have styles in their markup, because the
/// controls there set sizes that way; elsewhere only what carries the nonce of the page, which is what the chart makes for itself.
/// </summary>
internal static class ContentPolicy
{
    private const int NonceBytes = 16;

    /// <summary>Of answers that are no pages: files, numbers, errors for programs.</summary>
    public const string Nothing = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    private static readonly object Nonce = new();
    private static readonly object StyleAttributes = new();
    private static readonly object Page = new();
    private static readonly object Script = new();

    /// <summary>The word by which this answer's own map of modules is known, and the styles that a script of ours makes.</summary>
    public static string NonceOf(HttpContext context)
    {
        if (context.Items.TryGetValue(Nonce, out var known))
        {
            return (string)known!;
        }

        var nonce = Convert.ToBase64String(RandomNumberGenerator.GetBytes(NonceBytes));
        context.Items[Nonce] = nonce;
        return nonce;
    }

    /// <summary>This answer is one that was given before, with the nonce that stands in it.</summary>
    public static void Repeat(HttpContext context, string nonce) => context.Items[Nonce] = nonce;

    /// <summary>By what the browser knows a script that stands in a page, from its first letter to its last.</summary>
    public static string SourceOf(string script) => $"'sha256-{Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(script)))}'";

    /// <summary>The map of modules of this page is known by its content and not by a nonce.</summary>
    /// <param name="source">As <see cref="SourceOf"/> says.</param>
    public static void AllowScript(HttpContext context, string source) => context.Items[Script] = source;

    /// <summary>What <see cref="AllowScript"/> was told. Null: nothing.</summary>
    public static string? ScriptOf(HttpContext context) => context.Items.TryGetValue(Script, out var source) ? (string)source! : null;

    /// <summary>This answer is a page.</summary>
    /// <param name="hasStyleAttributes">Whether its controls write style attributes, which then have to be allowed. Scripts never are.</param>
    public static void IsPage(HttpContext context, bool hasStyleAttributes)
    {
        context.Items[Page] = true;
        if (hasStyleAttributes)
        {
            context.Items[StyleAttributes] = true;
        }
    }

    public static bool IsPage(HttpContext context) => context.Items.ContainsKey(Page);

    /// <param name="ancestors">Whose frames may show it.</param>
    public static string Of(HttpContext context, string ancestors) => !IsPage(context)
        ? Nothing
        : $"default-src 'none'; script-src 'self' {ScriptOf(context) ?? $"'nonce-{NonceOf(context)}'"}; style-src 'self' {StylesOf(context)}; "
            + "img-src 'self' data:; font-src 'self'; connect-src 'self'; manifest-src 'self'; base-uri 'self'; form-action 'self'; "
            + $"frame-ancestors {ancestors}";

    // A nonce beside it would take 'unsafe-inline' back.
    private static string StylesOf(HttpContext context) => context.Items.ContainsKey(StyleAttributes) ? "'unsafe-inline'" : $"'nonce-{NonceOf(context)}'";
}

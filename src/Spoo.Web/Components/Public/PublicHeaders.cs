using Microsoft.Extensions.Options;
using Spoo.Web.Wire;

namespace Spoo.Web.Components.Public;

/// <summary>What a public page's answer says to browsers beside its text.</summary>
internal static class PublicHeaders
{
    private static readonly object Secret = new();

    public static void PutOn(HttpContext context)
    {
        if (context.Request.Query[Addresses.Embedding.Parameter].ToString() is "true" or "1")
        {
            ResponseHeaders.AllowFraming(context, context.RequestServices.GetRequiredService<IOptions<PublicOptions>>().Value.FrameAncestors);
        }

        // The framework has an opinion too, and writes it down with the forms' token; so this comes after it.
        context.Response.OnStarting(
            () =>
            {
                var headers = context.Response.Headers;
                headers["X-Robots-Tag"] = "noindex";

                // Theme, language and clock are the reader's own, and the next click makes other numbers: keep it, but ask before showing it again.
                headers.CacheControl = context.Items.ContainsKey(Secret) ? "private, no-store" : "private, no-cache";
                headers.Pragma = default;
                return Task.CompletedTask;
            });
    }

    /// <summary>Who does not know the password must not find the numbers on the disk.</summary>
    public static void KeepOutOfCaches(HttpContext context) => context.Items[Secret] = true;
}

using System.Globalization;
using Microsoft.AspNetCore.StaticAssets;
using Microsoft.Extensions.Primitives;

namespace Spoo.Web.Wire;

/// <summary>Headers that every response has: a number to ask after it by, and what browsers must not do with it.</summary>
internal static class ResponseHeaders
{
    public const string RequestId = "X-Request-ID";

    private static readonly object Framing = new();

    /// <summary>Lets other sites show this answer in a frame; otherwise none may.</summary>
    /// <param name="ancestors">Which, in the words of Content-Security-Policy.</param>
    public static void AllowFraming(HttpContext context, string ancestors) => context.Items[Framing] = ancestors;

    public static void UseSpooHeaders(this WebApplication app)
    {
        app.Use((context, next) =>
        {
            NameRequest(context);

            // Handlers of errors begin by clearing the headers, so these are put on last.
            context.Response.OnStarting(PutOnAsync, context);
            return next(context);
        });
    }

    /// <summary>
    /// The same for a short link's answer that is given here and now: no page, in nobody's frame, and whoever asks is not known yet. Only what says
    /// something of such an answer, because every word of it is sent with every redirect.
    /// </summary>
    public static void PutOnRedirect(HttpContext context)
    {
        NameRequest(context);
        PutOnEach(context, "DENY", ContentPolicy.Nothing);
    }

    /// <summary>Lets browsers that came over TLS come no other way, from the first answer on.</summary>
    public static void UseStrictTransport(this WebApplication app)
    {
        if (!app.Environment.IsDevelopment())
        {
            // Only sent with answers that came over TLS.
            app.UseHsts();
        }
    }

    // Also what the log calls the request. It is no secret, so it need not come from the slow source of chance.
    private static void NameRequest(HttpContext context) =>
        context.TraceIdentifier = string.Create(CultureInfo.InvariantCulture, $"req_{Random.Shared.NextInt64(1L << 48):x12}");

    private static Task PutOnAsync(object state)
    {
        var context = (HttpContext)state;
        var headers = context.Response.Headers;
        var isFramed = context.Items.TryGetValue(Framing, out var ancestors);
        var isPage = ContentPolicy.IsPage(context);
        StringValues policy = isPage || headers.ContentSecurityPolicy.Count == 0
            ? ContentPolicy.Of(context, isFramed ? (string)ancestors! : "'none'")
            : headers.ContentSecurityPolicy;

        // X-Frame-Options knows only "no site" and "my own site", and comes along with the token of forms.
        PutOnEach(context, isFramed ? StringValues.Empty : "DENY", policy);

        if (isPage && !isFramed)
        {
            headers["Cross-Origin-Opener-Policy"] = "same-origin";
            headers["Cross-Origin-Resource-Policy"] = "same-origin";
        }

        // What a signed-in person sees stays in no cache; what is everybody's and named after its content may.
        if (context.User.Identity?.IsAuthenticated == true && !headers.CacheControl.ToString().Contains("public", StringComparison.Ordinal)
            && context.GetEndpoint()?.Metadata.GetMetadata<StaticAssetDescriptor>() is null)
        {
            headers.CacheControl = "no-store";
            headers["Cross-Origin-Resource-Policy"] = "same-origin";
        }

        // Of what a document may do; a redirect is none.
        if (context.Response.StatusCode is < StatusCodes.Status300MultipleChoices or >= StatusCodes.Status400BadRequest)
        {
            headers["Permissions-Policy"] = "camera=(), geolocation=(), microphone=(), payment=(), usb=()";
        }

        return Task.CompletedTask;
    }

    private static void PutOnEach(HttpContext context, StringValues frameOptions, StringValues policy)
    {
        var headers = context.Response.Headers;
        headers[RequestId] = context.TraceIdentifier;
        headers.XContentTypeOptions = "nosniff";
        headers.XFrameOptions = frameOptions;
        headers.ContentSecurityPolicy = policy;
        headers["Referrer-Policy"] = "strict-origin-when-cross-origin";
    }
}

using System.Globalization;

namespace Spoo.Web;

/// <summary>Headers that every response has: a number to ask after it by, and what browsers must not do with it.</summary>
internal static class ResponseHeaders
{
    public const string RequestId = "X-Request-ID";

    public static void UseSpooHeaders(this WebApplication app)
    {
        app.Use((context, next) =>
        {
            // Also what the log calls the request.
            // A number to ask after a request by is no secret, so it need not come from the slow source of chance.
            context.TraceIdentifier = string.Create(CultureInfo.InvariantCulture, $"req_{Random.Shared.NextInt64(1L << 48):x12}");

            // Handlers of errors begin by clearing the headers, so these are put on last.
            context.Response.OnStarting(static state =>
            {
                var context = (HttpContext)state;
                var headers = context.Response.Headers;
                headers[RequestId] = context.TraceIdentifier;
                headers.XContentTypeOptions = "nosniff";
                headers.XFrameOptions = "DENY";
                headers["Referrer-Policy"] = "strict-origin-when-cross-origin";
                headers["Permissions-Policy"] = "camera=(), geolocation=(), microphone=(), payment=(), usb=()";
                return Task.CompletedTask;
            }, context);
            return next(context);
        });

        if (!app.Environment.IsDevelopment())
        {
            // Only sent with answers that came over TLS.
            app.UseHsts();
        }
    }
}

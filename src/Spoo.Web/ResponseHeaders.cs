using System.Security.Cryptography;

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
            context.TraceIdentifier = "req_" + RandomNumberGenerator.GetHexString(12, lowercase: true);

            // Handlers of errors begin by clearing the headers, so these are put on last.
            context.Response.OnStarting(() =>
            {
                var headers = context.Response.Headers;
                headers[RequestId] = context.TraceIdentifier;
                headers.XContentTypeOptions = "nosniff";
                headers.XFrameOptions = "DENY";
                headers["Referrer-Policy"] = "strict-origin-when-cross-origin";
                headers["Permissions-Policy"] = "camera=(), geolocation=(), microphone=(), payment=(), usb=()";
                return Task.CompletedTask;
            });
            return next(context);
        });

        if (!app.Environment.IsDevelopment())
        {
            // Only sent with answers that came over TLS.
            app.UseHsts();
        }
    }
}

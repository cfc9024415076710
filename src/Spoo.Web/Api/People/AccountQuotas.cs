using System.Globalization;
using Spoo.Data;
using Spoo.Data.Accounts;
using Spoo.Web.Addresses;
using Spoo.Web.Identity;
using Spoo.Web.Limits;

namespace Spoo.Web.Api.People;

/// <summary>Calls and exports beyond what an account may have are refused as <c>quota_exceeded</c>, whichever door they come to.</summary>
internal static class AccountQuotas
{
    /// <summary>How long an export takes, about.</summary>
    private static readonly TimeSpan ExportEnds = TimeSpan.FromSeconds(5);

    public static void UseAccountQuotas(this WebApplication app)
    {
        var calls = app.Services.GetRequiredService<CallQuotas>();
        var quotas = app.Services.GetRequiredService<Quotas>();
        app.Use((context, next) =>
        {
            var viewer = context.User.Viewer();
            if (viewer.UserId is not { } account)
            {
                return next(context);
            }

            if (viewer.IsKey && calls.Count(account) is { } wait)
            {
                return RefuseAsync(context, $"this account may make {Told(quotas, account, QuotaKind.ApiCallsADay)} API calls a day (UTC), and has made them", wait);
            }

            return IsExport(context) ? ExportAsync(context, next, calls, quotas, account) : next(context);
        });
    }

    private static async Task ExportAsync(HttpContext context, RequestDelegate next, CallQuotas calls, Quotas quotas, string account)
    {
        if (!calls.TryEnterExport(account))
        {
            await RefuseAsync(context, $"this account may have {Told(quotas, account, QuotaKind.ExportsAtOnce)} exports at once; try again when one has ended", ExportEnds);
            return;
        }

        try
        {
            await next(context);
        }
        finally
        {
            calls.LeaveExport(account);
        }
    }

    private static bool IsExport(HttpContext context) => context.GetEndpoint()?.Metadata is { } metadata
        && (metadata.GetMetadata<IsExport>() is not null || metadata.GetMetadata<LimitedAttribute>()?.Limit == RateLimits.Export);

    private static Task RefuseAsync(HttpContext context, string message, TimeSpan wait)
    {
        var problem = ApiProblem.Of(new Refusal(RefusalKind.TooMany, message) { Code = Quotas.Code, RetryAfter = wait });
        if (ApiPaths.IsForPrograms(context.Request))
        {
            return problem.WriteAsync(context);
        }

        // Without a body, so that it becomes a page.
        context.Response.StatusCode = problem.Status;
        context.Response.Headers.RetryAfter = Wire.RetryHeader.Of(wait);
        return Task.CompletedTask;
    }

    private static string Told(Quotas quotas, string account, QuotaKind kind) => (quotas.Most(account, kind) ?? 0).ToString(CultureInfo.InvariantCulture);
}

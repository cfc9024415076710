using Spoo.Data.Clicks.Reading;

namespace Spoo.Web.Identity;

/// <summary>What a browser is called in the list of its owner's sessions.</summary>
internal static class Clients
{
    /// <summary>Such as <c>Firefox on Linux</c>. Null: it does not say, or there is no request.</summary>
    public static string? NameOf(HttpContext? context)
    {
        if (context is null)
        {
            return null;
        }

        var agent = context.RequestServices.GetRequiredService<UserAgents>().Read(context.Request.Headers.UserAgent);
        return (agent.Browser, agent.Os) switch
        {
            (null, null) => null,
            ({ } browser, null) => browser,
            (null, { } os) => os,
            var (browser, os) => $"{browser} · {os}",
        };
    }
}

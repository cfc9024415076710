using Spoo.Data;
using Spoo.Data.Accounts;
using Spoo.Data.Stats.Report;
using Spoo.Web.Identity;
using Spoo.Web.Limits;

namespace Spoo.Web.Api.Numbers;

/// <summary>What the doors of a question have in common: who asks, and what the answer costs.</summary>
internal static class StatsAnswers
{
    public const string LinkPasswordHeader = "X-Link-Password";

    public const string ScopeParameter = "scope";
    public const string ShortCodeParameter = "short_code";
    public const string UrlIdParameter = "url_id";

    /// <summary>So many rows, or clicks to choose from, cost as much as one plain question.</summary>
    private const long RowsOfACall = 1_000;
    private const long ClicksOfACall = 10_000_000;

    /// <summary>What the caller says is the password of the link in question. Null: nothing.</summary>
    public static string? LinkPassword(this HttpRequest request) =>
        request.Headers.TryGetValue(LinkPasswordHeader, out var header) && header.ToString() is { Length: > 0 and <= LinkPasswordLength } password ? password : null;

    /// <summary>Longer ones are none.</summary>
    private const int LinkPasswordLength = 200;

    /// <summary>The parameters of a question about the one link that its address names. What is left of <c>scope</c> in older clients means nothing there.</summary>
    public static IEnumerable<KeyValuePair<string, string>> OfLink(HttpRequest request) =>
        request.Parameters().Where(parameter => parameter.Key is not (ScopeParameter or ShortCodeParameter or UrlIdParameter));

    /// <summary>Why a call about the link with this id is not answered: it is no id, or another link is named beside it, which would be left out silently.</summary>
    public static Refusal? RefuseOtherLinks(string id, HttpRequest request)
    {
        if (!PublicId.IsValid(id))
        {
            return Refusal.Invalid(PublicId.Shape, UrlIdParameter);
        }

        var named = request.Parameters().Where(parameter => parameter.Key is ShortCodeParameter or UrlIdParameter && parameter.Value.Length > 0)
            .Select(parameter => new FieldError(parameter.Key, "the address names the link already; ask /api/v1/stats about others")).DistinctBy(error => error.Field).ToList();
        return named.Count == 0 ? null : Refusal.Malformed(named);
    }

    /// <summary>Who asks about clicks: an account, or a person from a network, perhaps with the password of a link.</summary>
    public static Viewer StatsViewer(this HttpContext context)
    {
        var viewer = context.User.Viewer();
        return (viewer.UserId is null ? viewer.From(ClientNetwork.Of(context.Connection.RemoteIpAddress)) : viewer).WithLinkPassword(context.Trying(context.Request.LinkPassword()));
    }

    /// <summary>Tries a password of a link, from the same budget as all the other doors.</summary>
    public static Func<long, string, Refusal?>? Trying(this HttpContext context, string? password) => password is null ? null : (link, hash) =>
        context.RequestServices.GetRequiredService<LinkPasswordAttempts>().Try(link, hash, password, context.Connection.RemoteIpAddress) switch
        {
            { RetryAfter: { } wait } => new Refusal(RefusalKind.TooMany, "Too many requests") { RetryAfter = wait },
            { IsRight: false } => new Refusal(RefusalKind.NotSignedIn, "this is not the password of the link") { Code = "invalid_password" },
            _ => null,
        };

    /// <summary>Counts what an answer cost beyond one plain question.</summary>
    public static void Charge(this HttpContext context, string limit, StatsReport report)
    {
        if (CallsOf(report) - 1 is var more and > 0)
        {
            LimitedAttribute.Count(context, limit, (int)more);
        }
    }

    /// <summary>How many plain questions this one stands for.</summary>
    internal static long CallsOf(StatsReport report) => Math.Max(1, (RowsOf(report) + RowsOfACall - 1) / RowsOfACall) + (ClicksOf(report) / ClicksOfACall);

    private static long RowsOf(StatsReport report) =>
        ((report.Breakdowns.Sum(list => (long)list.Rows.Count) + report.CrossTabs.Sum(tab => (long)tab.Cells.Count)) * report.Query.Metrics.Distinct().Count())
        + (report.Comparison is { } other ? RowsOf(other) : 0);

    private static long ClicksOf(StatsReport report) => report.ClicksLookedAt + (report.Comparison?.ClicksLookedAt ?? 0);
}

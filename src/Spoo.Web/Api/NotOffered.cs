using Spoo.Data;
using Spoo.Web.Addresses;
using Spoo.Web.Identity;
using Spoo.Web.Limits;

namespace Spoo.Web.Api;

/// <summary>A call of spoo.me's API about something that this server does not have.</summary>
/// <param name="What">What it is about, as the subject of a sentence.</param>
internal sealed record NotOfferedCall(string Method, string Path, string What)
{
    /// <summary>Whether a caller has to say who they are before they are told anything.</summary>
    public bool NeedsAccount { get; init; } = true;

    /// <summary>What a list of it is: empty, as JSON. Null: the call is refused.</summary>
    public string? Empty { get; init; }
}

/// <summary>
/// spoo.me's calls that this server knows and refuses, so that its programs are told why instead of finding nothing there. What only asks
/// what there is, is answered: nothing. <c>docs/compatibility.md</c> lists them.
/// </summary>
internal static class NotOffered
{
    private const int Last = 1_000;

    private const string Pictures = "profile pictures";
    private const string OAuth = "signing in with an account from elsewhere by programs: the pages do that";
    private const string SignIn = "signing in with a password by programs: use an API key, or sign in on the page";
    private const string Mails = "confirming addresses and passwords by programs: the pages do that";
    private const string Tour = "the guided tour";

    public static IReadOnlyList<NotOfferedCall> Calls { get; } =
    [
        new("POST", "/api/v1/contact", "writing to the operator") { NeedsAccount = false },
        new("GET", "/api/v1/me/profile-pictures", Pictures) { Empty = """{"pictures":[]}""" },
        new("POST", "/api/v1/me/profile-pictures", Pictures),
        new("DELETE", "/api/v1/me/profile-pictures", Pictures),
        new("POST", "/api/v1/me/profile-pictures/upload", Pictures),
        new("POST", "/auth/login", SignIn) { NeedsAccount = false },
        new("POST", "/auth/register", SignIn) { NeedsAccount = false },
        new("POST", "/auth/refresh", SignIn) { NeedsAccount = false },
        new("POST", "/auth/logout", SignIn),
        new("PATCH", "/auth/me", "names beside the address that an account signs in with"),
        new("POST", "/auth/set-password", Mails),
        new("POST", "/auth/send-verification", Mails),
        new("POST", "/auth/verify-email", Mails),
        new("POST", "/auth/request-password-reset", Mails) { NeedsAccount = false },
        new("POST", "/auth/reset-password", Mails) { NeedsAccount = false },
        new("GET", "/auth/onboarding", Tour) { Empty = """{"step":null,"path":null}""" },
        new("PUT", "/auth/onboarding", Tour),
        new("POST", "/auth/onboarding/complete", Tour),
        new("DELETE", "/oauth/providers/{provider_name}/unlink", OAuth),
        new("GET", "/oauth/{provider}", OAuth) { NeedsAccount = false },
        new("GET", "/oauth/{provider}/callback", OAuth) { NeedsAccount = false },
        new("GET", "/oauth/{provider}/link", OAuth),
    ];

    public static void MapNotOffered(this WebApplication app)
    {
        foreach (var call in Calls)
        {
            // Behind everything else, so that what comes to be offered is what answers.
            app.MapMethods(call.Path, [call.Method], context => AnswerAsync(context, call)).WithMetadata(new LimitedAttribute(RateLimits.Account)).WithOrder(Last).AnswerHead();
        }
    }

    private static Task AnswerAsync(HttpContext context, NotOfferedCall call)
    {
        if (LimitedAttribute.Count(context, RateLimits.Account) is { } refused)
        {
            return (ApiProblem.TooManyRequests with { RetryAfter = refused.RetryAfter }).WriteAsync(context);
        }

        if (call.NeedsAccount && context.User.Viewer().UserId is null)
        {
            return ApiProblem.Of(Refusal.SignInFirst).WriteAsync(context);
        }

        if (call.Empty is { } nothing)
        {
            context.Response.ContentType = "application/json; charset=utf-8";
            return context.Response.WriteAsync(nothing, context.RequestAborted);
        }

        return ApiProblem.Of(Refusal.NotOffered($"not available on this server: {call.What}")).WriteAsync(context);
    }
}

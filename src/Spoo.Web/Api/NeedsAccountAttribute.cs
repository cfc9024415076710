using Microsoft.AspNetCore.Mvc.Filters;
using Spoo.Data;
using Spoo.Web.Identity;

namespace Spoo.Web.Api;

/// <summary>An anonymous caller is asked to sign in, before anything else about the request is looked at.</summary>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Method)]
internal sealed class NeedsAccountAttribute : Attribute, IAuthorizationFilter
{
    /// <summary>What a key is told where only people are let in. Null: keys are welcome.</summary>
    public string? RefusesKeys { get; init; }

    public void OnAuthorization(AuthorizationFilterContext context)
    {
        var viewer = context.HttpContext.User.Viewer();
        var refusal = viewer.UserId is null ? Refusal.SignInFirst
            : viewer.IsKey && RefusesKeys is not null ? new Refusal(RefusalKind.Forbidden, RefusesKeys)
            : null;
        if (refusal is not null)
        {
            context.Result = ApiProblem.Of(refusal);
        }
    }
}

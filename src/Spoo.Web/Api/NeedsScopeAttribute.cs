using Microsoft.AspNetCore.Mvc.Filters;
using Spoo.Web.Identity;

namespace Spoo.Web.Api;

/// <summary>
/// Which scopes open a door to an API key; one of them is enough. Asked before anything else about the request, as spoo.me does.
/// </summary>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Method)]
internal sealed class NeedsScopeAttribute(params string[] anyOf) : Attribute, IAuthorizationFilter
{
    public IReadOnlyList<string> AnyOf { get; } = anyOf;

    public void OnAuthorization(AuthorizationFilterContext context)
    {
        if (!context.HttpContext.User.Viewer().May(anyOf))
        {
            context.Result = ApiProblem.MissingScope;
        }
    }
}

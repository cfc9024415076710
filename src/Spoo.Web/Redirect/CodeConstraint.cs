using Spoo.Data.Links.Codes;



namespace Spoo.Web.Redirect;

/// <summary>
/// Leaves the first parts of the product's own addresses alone, so that a wrong address below one of them gets the answer of the
/// doorway it belongs to.
/// </summary>
internal sealed class CodeConstraint : IRouteConstraint
{
    public const string Name = "code";

    public bool Match(HttpContext? httpContext, IRouter? route, string routeKey, RouteValueDictionary values, RouteDirection routeDirection) =>
        values[routeKey] is string text && !ShortCode.IsOurs(text);
}

using Microsoft.AspNetCore.Routing.Patterns;
using Microsoft.AspNetCore.Routing.Template;

namespace Spoo.Web.Api;

/// <summary>
/// Which methods the addresses of programs take. Routing cannot say: it also tries short links, which are GETs and may be at any address, before it
/// looks whether a code may be called so.
/// </summary>
internal sealed class AddressMethods(EndpointDataSource endpoints)
{
    private readonly Lazy<List<(TemplateMatcher Address, IReadOnlyList<string> Methods)>> _all = new(() =>
    [
        .. from endpoint in endpoints.Endpoints.OfType<RouteEndpoint>()
           where endpoint.RoutePattern.PathSegments is [{ Parts: [RoutePatternLiteralPart] }, ..]
           let methods = endpoint.Metadata.GetMetadata<IHttpMethodMetadata>()?.HttpMethods
           where methods is not null
           select (new TemplateMatcher(new RouteTemplate(endpoint.RoutePattern), new RouteValueDictionary(endpoint.RoutePattern.Defaults)), methods),
    ]);

    /// <summary>The methods in order. Empty: there is nothing at this address.</summary>
    public IReadOnlyList<string> Of(PathString path) =>
    [
        .. _all.Value.Where(one => one.Address.TryMatch(path, [])).SelectMany(one => one.Methods).Distinct().Order(StringComparer.Ordinal),
    ];
}

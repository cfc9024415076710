using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Endpoints.Infrastructure;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Spoo.Tests.Support;

/// <summary>
/// The endpoints of circuits, made when the first request comes to one of them. To make them compiles a method for each call of a circuit, which takes about a third of
/// the processor time that a server takes to start, and few tests open a circuit. Where they lie and what they demand is known from the first server of the process.
/// </summary>
internal sealed class LateCircuits(RenderModeEndpointProvider real) : RenderModeEndpointProvider
{
    private static readonly ConcurrentDictionary<Type, IReadOnlyList<RouteEndpointBuilder>> Known = new();

    /// <summary>Puts itself in the place of the framework's own.</summary>
    public static void Register(IServiceCollection services)
    {
        var own = services.Single(service => service.ServiceType == typeof(RenderModeEndpointProvider));
        services.Replace(ServiceDescriptor.Singleton<RenderModeEndpointProvider>(
            provider => new LateCircuits((RenderModeEndpointProvider)ActivatorUtilities.CreateInstance(provider, own.ImplementationType!))));
    }

    public override bool Supports(IComponentRenderMode renderMode) => real.Supports(renderMode);

    public override IEnumerable<RouteEndpointBuilder> GetEndpointBuilders(IComponentRenderMode renderMode, IApplicationBuilder applicationBuilder)
    {
        var known = Known.GetOrAdd(renderMode.GetType(), _ => [.. real.GetEndpointBuilders(renderMode, applicationBuilder).Select(endpoint => Copy(endpoint, null))]);
        var made = new Lazy<List<RouteEndpointBuilder>>(() => [.. real.GetEndpointBuilders(renderMode, applicationBuilder)]);
        return known.Select((endpoint, number) => Copy(endpoint, context => made.Value[number].RequestDelegate!(context)));
    }

    private static RouteEndpointBuilder Copy(RouteEndpointBuilder known, RequestDelegate? answer)
    {
        var copy = new RouteEndpointBuilder(answer, known.RoutePattern, known.Order) { DisplayName = known.DisplayName };
        foreach (var metadata in known.Metadata)
        {
            copy.Metadata.Add(metadata);
        }

        return copy;
    }
}

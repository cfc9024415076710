using System.Collections.Concurrent;
using System.Text.Json;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Abstractions;
using Microsoft.AspNetCore.Mvc.Filters;
using Microsoft.AspNetCore.Mvc.Infrastructure;
using Spoo.Data;
using Spoo.Data.Stats;
using Spoo.Data.Stats.Question;
using Spoo.Web.Api.Numbers;

namespace Spoo.Web.Api;

/// <summary>
/// Refuses parameters that other calls take and this one would leave out of an answer that looks like success, and fields of its body that
/// stand in the address instead. What no call knows is left alone, as with spoo.me.
/// </summary>
internal sealed class IgnoredParameters(IActionDescriptorCollectionProvider actions) : IActionFilter
{
    private readonly ConcurrentDictionary<string, HashSet<string>> _taken = new(StringComparer.Ordinal);

    /// <summary>Whatever some call takes; but for the scope, which older programs send along where it has no meaning any more.</summary>
    private readonly Lazy<HashSet<string>> _known = new(() => [.. actions.ActionDescriptors.Items.Where(IsOurs).SelectMany(TakenBy).Where(name => name != StatsAnswers.ScopeParameter)]);

    public void OnActionExecuting(ActionExecutingContext context)
    {
        var action = context.ActionDescriptor;
        if (!context.HttpContext.Request.QueryString.HasValue || !IsOurs(action))
        {
            return;
        }

        var taken = _taken.GetOrAdd(action.Id, _ => [.. TakenBy(action)]);
        var ignored = context.HttpContext.Request.Parameters()
            .Where(parameter => parameter.Value.Length > 0 && !taken.Contains(parameter.Key))
            .Select(parameter => FaultOf(parameter.Key, taken, FieldsOf(action)))
            .OfType<FieldError>().Distinct().ToList();
        if (ignored.Count > 0)
        {
            context.Result = ApiProblem.Of(Refusal.Malformed(ignored));
        }
    }

    private FieldError? FaultOf(string name, HashSet<string> taken, string[] ofBody) =>
        WireNames.Meant(name, taken) is { } meant ? new(name, name.EndsWith(']') ? $"A list is one parameter, {meant}, with commas between its values" : $"Its name is {meant}")
        : WireNames.Meant(name, ofBody) is not null ? new(name, "This belongs into the body")
        : WireNames.Meant(name, _known.Value) is not null ? new(name, "This call does nothing about it")
        : null;

    public void OnActionExecuted(ActionExecutedContext context)
    {
    }

    /// <summary>Whether this is a call that is described in the reference; programs for other products send what they are used to.</summary>
    internal static bool IsOurs(ActionDescriptor action) => !action.EndpointMetadata.OfType<ApiExplorerSettingsAttribute>().Any(settings => settings.IgnoreApi);

    /// <summary>The names of all parameters that an action reads.</summary>
    internal static IEnumerable<string> TakenBy(ActionDescriptor action)
    {
        foreach (var parameter in action.EndpointMetadata.OfType<ParameterAttribute>())
        {
            yield return parameter.Name;
            if (parameter.OtherName is { } other)
            {
                yield return other;
            }
        }

        if (action.EndpointMetadata.OfType<TakesStatsQueryAttribute>().SingleOrDefault() is not { } takes)
        {
            yield break;
        }

        foreach (var parameter in StatsParameters.All(takes))
        {
            yield return parameter.Name;
        }

        // About the one link of a call, a filter by its code is a question that has an answer; which links there are to be is refused by the call itself.
        yield return StatsAnswers.ScopeParameter;
        yield return StatsAnswers.ShortCodeParameter;
        yield return StatsAnswers.UrlIdParameter;
        foreach (var dimension in Dimension.Filterable)
        {
            foreach (var op in FilterOperator.All)
            {
                yield return dimension.Name + op.Suffix;
            }
        }
    }

    private static string[] FieldsOf(ActionDescriptor action) => action.EndpointMetadata.OfType<BodyAttribute>().SingleOrDefault() is { } body
        ? [.. body.Type.GetProperties().Select(property => JsonNamingPolicy.SnakeCaseLower.ConvertName(property.Name))]
        : [];
}

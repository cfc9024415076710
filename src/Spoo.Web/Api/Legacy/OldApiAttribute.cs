using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Routing.Matching;

namespace Spoo.Web.Api.Legacy;

/// <summary>A call of spoo.me's old API of forms, which stands at addresses that pages have as well.</summary>
[AttributeUsage(AttributeTargets.Class)]
internal sealed class OldApiAttribute : Attribute
{
    public static bool IsOf(HttpContext context) => context.GetEndpoint()?.Metadata.GetMetadata<OldApiAttribute>() is not null;
}

/// <summary>Tells programs that use the old API from people who send a page's form to the same address.</summary>
internal sealed class OldApiPolicy : MatcherPolicy, IEndpointSelectorPolicy
{
    /// <summary>The field by which a page's form says which form it is.</summary>
    private const string NameOfForm = "_handler";

    /// <summary>After the one that looks at methods.</summary>
    public override int Order => 0;

    public bool AppliesToEndpoints(IReadOnlyList<Endpoint> endpoints) => endpoints.Any(IsOld) && !endpoints.All(IsOld);

    public async Task ApplyAsync(HttpContext httpContext, CandidateSet candidates)
    {
        var valid = Enumerable.Range(0, candidates.Count).Where(candidates.IsValidCandidate).ToList();
        if (!valid.Exists(number => IsOld(candidates[number].Endpoint)) || valid.TrueForAll(number => IsOld(candidates[number].Endpoint)))
        {
            return;
        }

        var isOld = await IsForOldProgramsAsync(httpContext.Request);
        foreach (var number in valid)
        {
            candidates.SetValidity(number, IsOld(candidates[number].Endpoint) == isOld);
        }
    }

    private static bool IsOld(Endpoint endpoint) => endpoint.Metadata.GetMetadata<OldApiAttribute>() is not null;

    private static async Task<bool> IsForOldProgramsAsync(HttpRequest request)
    {
        var wantsJson = request.Headers.Accept.ToString().Contains("application/json", StringComparison.OrdinalIgnoreCase);
        if (!HttpMethods.IsPost(request.Method))
        {
            return wantsJson;
        }

        return wantsJson || !request.HasFormContentType || !await IsOfPageAsync(request);
    }

    private static async Task<bool> IsOfPageAsync(HttpRequest request)
    {
        if (request.ContentLength > ApiErrors.MaxBodyLength)
        {
            return false;
        }

        if (request.HttpContext.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit)
        {
            limit.MaxRequestBodySize = ApiErrors.MaxBodyLength;
        }

        return (await OldFields.FormOfAsync(request))?.ContainsKey(NameOfForm) == true;
    }
}

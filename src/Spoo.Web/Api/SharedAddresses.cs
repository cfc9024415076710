using Microsoft.AspNetCore.Routing.Matching;
using Spoo.Web.Addresses;

namespace Spoo.Web.Api;

/// <summary>Tells programs from people where both have the same address: a page, and a call of an API that was there before us.</summary>
internal sealed class SharedAddresses : MatcherPolicy, IEndpointSelectorPolicy
{
    public override int Order => 0;

    public bool AppliesToEndpoints(IReadOnlyList<Endpoint> endpoints) => endpoints.Any(endpoint => MarkOf(endpoint) is not null) && endpoints.Any(endpoint => MarkOf(endpoint) is null);

    public async Task ApplyAsync(HttpContext httpContext, CandidateSet candidates)
    {
        // An address that is spelt out wins over one with a gap in it, for every caller.
        var all = Enumerable.Range(0, candidates.Count).Where(candidates.IsValidCandidate).ToList();
        var best = all.Count == 0 ? 0 : all.Min(number => candidates[number].Score);
        var valid = all.FindAll(number => candidates[number].Score == best);
        var mark = valid.Select(number => MarkOf(candidates[number].Endpoint)).FirstOrDefault(mark => mark is not null);
        if (mark is null || valid.TrueForAll(number => MarkOf(candidates[number].Endpoint) is not null))
        {
            return;
        }

        var isForProgram = await mark.IsForProgramAsync(httpContext.Request);
        foreach (var number in valid)
        {
            candidates.SetValidity(number, MarkOf(candidates[number].Endpoint) is not null == isForProgram);
        }
    }

    private static ISharesAddress? MarkOf(Endpoint endpoint) => endpoint.Metadata.GetMetadata<ISharesAddress>();
}

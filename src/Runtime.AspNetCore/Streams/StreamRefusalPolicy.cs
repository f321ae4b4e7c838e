using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Matching;

namespace ShutdownAnalyzers.Runtime.AspNetCore;

/// <summary>
/// Refuses new streams that only their endpoint tells, from the Shed phase on: at routing, which is the first to know the endpoint. Other endpoints never come by here.
/// </summary>
internal sealed class StreamRefusalPolicy(RequestDrain requests) : MatcherPolicy, IEndpointSelectorPolicy
{
    private readonly Endpoint _refusal = new(requests.Refuse, EndpointMetadataCollection.Empty, "Refused by the drain sequence");

    /// <inheritdoc/>
    public override int Order => int.MaxValue;

    /// <inheritdoc/>
    public bool AppliesToEndpoints(IReadOnlyList<Endpoint> endpoints) => endpoints.Any(StreamEndpoints.IsStream);

    /// <inheritdoc/>
    public Task ApplyAsync(HttpContext httpContext, CandidateSet candidates)
    {
        if (requests.Phase < DrainPhase.Shed) return Task.CompletedTask;
        for (int i = 0; i < candidates.Count; i++)
        {
            if (candidates.IsValidCandidate(i) && StreamEndpoints.IsStream(candidates[i].Endpoint)) candidates.ReplaceEndpoint(i, _refusal, candidates[i].Values);
        }

        return Task.CompletedTask;
    }
}

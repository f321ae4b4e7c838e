using System.Collections.Concurrent;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Matching;

namespace ShutdownAnalyzers.Runtime.AspNetCore;

/// <summary>
/// What happens to new streams that only their endpoint tells: at routing, which is the first to know the endpoint. Until the Shed phase they are followed to their end, from then on they are refused. Other endpoints never come by here.
/// </summary>
internal sealed class StreamEndpointPolicy(RequestDrain requests, StreamEnd end, IGracefulShutdown shutdown) : MatcherPolicy, IEndpointSelectorPolicy
{
    private readonly Endpoint _refusal = new(requests.Refuse, EndpointMetadataCollection.Empty, "Refused by the drain sequence");
    private readonly ConcurrentDictionary<Endpoint, Endpoint> _followed = new();

    /// <inheritdoc/>
    public override int Order => int.MaxValue;

    /// <inheritdoc/>
    public bool AppliesToEndpoints(IReadOnlyList<Endpoint> endpoints) => endpoints.Any(StreamEndpoints.IsStream);

    /// <inheritdoc/>
    public Task ApplyAsync(HttpContext httpContext, CandidateSet candidates)
    {
        bool refuses = requests.Phase >= DrainPhase.Shed;
        for (int i = 0; i < candidates.Count; i++)
        {
            if (!candidates.IsValidCandidate(i) || candidates[i].Endpoint is not { } endpoint || !StreamEndpoints.IsStream(endpoint)) continue;
            if (refuses) candidates.ReplaceEndpoint(i, _refusal, candidates[i].Values);
            else candidates.ReplaceEndpoint(i, _followed.GetOrAdd(endpoint, Follow), candidates[i].Values);
        }

        return Task.CompletedTask;
    }

    private Endpoint Follow(Endpoint endpoint) => StreamEndpoints.IsGrpc(endpoint) ? GrpcStream.Follow(endpoint, shutdown) : end.Follow(endpoint);
}

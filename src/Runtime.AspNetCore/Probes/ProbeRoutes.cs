using Microsoft.AspNetCore.Routing;

namespace ShutdownAnalyzers.Runtime.AspNetCore;

/// <summary>The probe routes mapped so far: the same pattern twice would be an ambiguous route, found by the first probe in production.</summary>
internal sealed class ProbeRoutes
{
    private readonly HashSet<(ICollection<EndpointDataSource>, string)> _mapped = [];

    public void Add(IEndpointRouteBuilder endpoints, string pattern, string call)
    {
        lock (_mapped)
        {
            // A group has data sources of its own, and a prefix that isn't known here.
            if (!_mapped.Add((endpoints.DataSources, pattern.Trim('/').ToUpperInvariant())))
            {
                throw new InvalidOperationException($"{call}: the pattern '{pattern}' is already mapped as a readiness or liveness endpoint; map it once, or give one of them another pattern.");
            }
        }
    }
}

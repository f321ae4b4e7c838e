using ShutdownAnalyzers.HostModel;

namespace ShutdownAnalyzers.Deployment.Matching;

/// <summary>The health endpoints of the program as a probe in a manifest asks for them.</summary>
internal sealed class ProbeRoutes(HostFacts host)
{
    /// <summary>The paths of the endpoints of a kind, with a leading slash.</summary>
    public IEnumerable<string> Of(ProbeKind kind) =>
        from endpoint in host.HealthEndpoints.All
        where endpoint.Kind == kind && !endpoint.IsOutsideProduction && endpoint.Route.Path is not null
        select "/" + endpoint.Route.Path;

    /// <summary>
    /// Whether the program surely maps no route for a path: all its routes are in sight, health endpoints among them, and nothing else
    /// answers paths (controllers without attributes, a proxy, a prefix, files).
    /// </summary>
    public bool IsMissing(string path)
    {
        var asked = Normal(path);
        return host.HealthEndpoints.All.Any(endpoint => !endpoint.IsOutsideProduction)
            && HealthEndpoints.IsHealthPath(asked)
            && !host.ProbesElsewhere.IsAppHandedOver
            && host.Routes.All.All(route => route.Path is { } mapped && !Matches(mapped, asked));
    }

    /// <summary>The mapped endpoint that is meant: of the kind of the probe, else a general one.</summary>
    public string? Nearest(ProbeKind kind) => Of(kind).Concat(Of(ProbeKind.General)).FirstOrDefault();

    // A prefix in front may be the ingress's or the path base's.
    private static bool Matches(string mapped, string asked) =>
        mapped.Contains('{') || mapped.Contains('*') || Normal(mapped) is var path && (asked == path || asked.EndsWith("/" + path, StringComparison.Ordinal));

    private static string Normal(string path) => path.Split('?', '#')[0].Trim('/').ToLowerInvariant();
}

using ShutdownAnalyzers.HostModel;

namespace ShutdownAnalyzers.Deployment.Matching;

/// <summary>The health endpoints of the program as a probe in a manifest asks for them.</summary>
internal sealed class ProbeRoutes(HostFacts host)
{
    /// <summary>Names of probes that say nothing of what they ask.</summary>
    private static readonly HashSet<string> OtherProbes = ["startup", "startupz", "started", "ping", "status"];

    /// <summary>The paths of the endpoints of a kind, with a leading slash.</summary>
    public IEnumerable<string> Of(ProbeKind kind) =>
        from endpoint in host.HealthEndpoints.All
        where endpoint.Kind == kind && !endpoint.IsOutsideProduction && endpoint.Route.Path is not null
        select "/" + endpoint.Route.Path;

    /// <summary>
    /// Whether the program surely maps no route for a path: all its routes are in sight, health endpoints among them, and nothing else
    /// answers paths (controllers without attributes, a proxy, a prefix, files, a middleware that names the path).
    /// </summary>
    public bool IsMissing(string path)
    {
        var asked = Normal(path);
        return host.HealthEndpoints.All.Any(endpoint => !endpoint.IsOutsideProduction)
            && (HealthEndpoints.IsHealthPath(asked) || OtherProbes.Contains(asked.Substring(asked.LastIndexOf('/') + 1)))
            && !host.ProbesElsewhere.IsAppHandedOver
            && host.Routes.All.All(route => route.Path is { } mapped && !Matches(mapped, asked))
            && !StandsInCode(asked);
    }

    /// <summary>The mapped endpoint that is meant: of the kind of the probe, else a general one.</summary>
    public string? Nearest(ProbeKind kind) => Of(kind).Concat(Of(ProbeKind.General)).FirstOrDefault();

    /// <summary>Whether a text of the program ends with the path: a middleware may answer it.</summary>
    private bool StandsInCode(string path) =>
        host.Compilation.SyntaxTrees.Any(tree => tree.GetText().ToString().IndexOf("/" + path + "\"", StringComparison.OrdinalIgnoreCase) >= 0);

    // A prefix in front may be the ingress's or the path base's.
    private static bool Matches(string mapped, string asked) =>
        mapped.Contains('{') || mapped.Contains('*') || Normal(mapped) is var path && (asked == path || asked.EndsWith("/" + path, StringComparison.Ordinal));

    private static string Normal(string path) => path.Split('?', '#')[0].Trim('/').ToLowerInvariant();
}

using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using ShutdownAnalyzers.Deployment.Kubernetes;
using ShutdownAnalyzers.Deployment.Yaml;
using ShutdownAnalyzers.HostModel;

namespace ShutdownAnalyzers.Deployment;

/// <summary>SHUT604: liveness and readiness ask the same endpoint: what takes the pod out of rotation restarts it too.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class ProbesShareEndpoint() : DeploymentRule(Descriptor)
{
    private static readonly DiagnosticDescriptor Descriptor = Rule.Warning(
        RuleIds.ProbesShareEndpoint,
        Category.Deployment,
        "Liveness and readiness probes ask the same endpoint",
        "The liveness probe of container '{0}' asks '{1}' as its readiness probe does: while it drains, or while a dependency is down, the pod is restarted instead of being left out{2}",
        "Readiness says whether to send requests, liveness whether to restart. An endpoint that turns unready for the drain fails the liveness probe as well, and the kubelet kills what should end in order.");

    private protected override IEnumerable<Finding> Check(DeploymentModel deployment, HostFacts host)
    {
        foreach (var container in deployment.Containers)
        {
            if (EndpointOf(container, "livenessProbe") is not { } liveness || EndpointOf(container, "readinessProbe") is not { } readiness)
                continue;
            if (liveness.Path != readiness.Path || liveness.Port != readiness.Port)
                continue;

            var route = deployment.Routes.Of(ProbeKind.Liveness).FirstOrDefault(path => path != liveness.Path);
            yield return new(container.File, container.Node.Entry("livenessProbe")!.Key.Span, container.Name ?? "", liveness.Path, route is null ? "" : $"; its liveness route is {route}")
            {
                Edit = route is not null && liveness.Place is { } place ? Edit.Replace("Ask the liveness route", place.Span, route) : null,
            };
        }
    }

    private static (string Path, string? Port, YamlScalar? Place)? EndpointOf(PodContainer container, string probe) =>
        container.Node.At(probe, "httpGet") is { } get
            ? (get["path"]?.Text ?? "/", container.PortOf(get["port"]), get["path"] as YamlScalar)
            : null;
}

using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using ShutdownAnalyzers.Deployment.Kubernetes;
using ShutdownAnalyzers.Deployment.Yaml;
using ShutdownAnalyzers.HostModel;

namespace ShutdownAnalyzers.Deployment;

/// <summary>SHUT603: a container that serves and has no readiness probe: the platform can't learn that it isn't ready, at its start or at its end.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class NoReadinessProbe() : DeploymentRule(Descriptor)
{
    private static readonly DiagnosticDescriptor Descriptor = Rule.Info(
        RuleIds.NoReadinessProbe,
        Category.Deployment,
        "The serving container has no readiness probe",
        "Container '{0}' has ports and no readinessProbe: requests are sent to it from its first moment on, ready or not{1}",
        "Without a readiness probe a container counts as ready as soon as it runs, and only the removal of its endpoint tells that it is leaving.");

    private protected override IEnumerable<Finding> Check(DeploymentModel deployment, HostFacts host)
    {
        foreach (var container in deployment.Containers)
        {
            var workload = container.Workload;
            if (workload.IsJob || workload.IsKnative || !container.HasPorts || !deployment.Serves(container) || container.Node["readinessProbe"] is not null || workload.IsPatchedInPod("readinessProbe"))
                continue;

            var ready = deployment.Routes.Of(ProbeKind.Readiness).FirstOrDefault();
            var port = container.Node["ports"]!.Items[0];
            var portName = port["name"]?.Text ?? port["containerPort"]?.Text;
            var advice = ready is null || portName is null ? "" : $"; write: readinessProbe: {{ httpGet: {{ path: {ready}, port: {portName} }}, periodSeconds: 3 }}";
            yield return new(container.File, container.Place.Span, container.Name ?? "", advice) { Edit = ready is null || portName is null ? null : EditOf(container, ready, portName) };
        }
    }

    // Three failures, the default, are then noticed within the drain's default delay.
    private static Edit? EditOf(PodContainer container, string path, string port) =>
        container.Node.Entry("ports") is { } ports
        && YamlEdits.After(container.File.Content, ports, "readinessProbe:", "  httpGet:", $"    path: {path}", $"    port: {port}", "  periodSeconds: 3") is { } change
            ? new("Add a readiness probe", [change])
            : null;
}

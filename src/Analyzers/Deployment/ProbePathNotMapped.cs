using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using ShutdownAnalyzers.Deployment.Yaml;
using ShutdownAnalyzers.HostModel;

namespace ShutdownAnalyzers.Deployment;

/// <summary>SHUT605: a probe asks a path that the program doesn't map.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class ProbePathNotMapped() : DeploymentRule(Descriptor)
{
    private static readonly (string Key, ProbeKind Kind)[] Probes =
    [
        ("readinessProbe", ProbeKind.Readiness), ("livenessProbe", ProbeKind.Liveness), ("startupProbe", ProbeKind.Liveness),
    ];

    private static readonly DiagnosticDescriptor Descriptor = Rule.Warning(
        RuleIds.ProbePathNotMapped,
        Category.Deployment,
        "The probe asks a path that the app doesn't map",
        "The {0} of container '{1}' asks '{2}', which '{3}' doesn't map: the probe fails with 404{4}",
        "A probe that is answered with 404 never succeeds: a pod is never ready, or restarted again and again.");

    private protected override IEnumerable<Finding> Check(DeploymentModel deployment, HostFacts host)
    {
        foreach (var container in deployment.Containers)
        {
            foreach (var (key, kind) in Probes)
            {
                if (container.Node.At(key, "httpGet", "path") is not YamlScalar path || !deployment.Routes.IsMissing(path.Value))
                    continue;
                var nearest = deployment.Routes.Nearest(kind);
                yield return new(container.File, path.Span, key, container.Name ?? "", path.Value, host.Compilation.AssemblyName ?? "", nearest is null ? "" : $"; it maps {nearest}")
                {
                    Edit = nearest is null ? null : Edit.Replace($"Ask {nearest}", path.Span, nearest),
                };
            }
        }
    }
}

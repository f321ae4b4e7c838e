using System.Globalization;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Text;
using ShutdownAnalyzers.Deployment.Budget;
using ShutdownAnalyzers.Deployment.Kubernetes;
using ShutdownAnalyzers.Deployment.Yaml;
using ShutdownAnalyzers.HostModel;

namespace ShutdownAnalyzers.Deployment;

/// <summary>SHUT602: a serving pod that closes its port at once, while its endpoint is still being removed.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class NoDrainDelay() : DeploymentRule(Descriptor)
{
    private static readonly TimeSpan Delay = TimeSpan.FromSeconds(10);

    private static readonly DiagnosticDescriptor Descriptor = Rule.Warning(
        RuleIds.NoDrainDelay,
        Category.Deployment,
        "The pod closes its port before traffic has left it",
        "Container '{0}' has no preStop sleep and '{1}' no drain delay: the port closes at SIGTERM while requests are still being sent to it; write lifecycle: {{ preStop: {{ sleep: {{ seconds: 10 }} }} }}, or set DrainDelay",
        "Endpoints are removed while the pod is being stopped, not before. For some seconds requests go on arriving, and each of them is refused.");

    private protected override IEnumerable<Finding> Check(DeploymentModel deployment, HostFacts host)
    {
        if (host.StopDelays.All.Count > 0)
            yield break;

        foreach (var container in deployment.Containers)
        {
            var workload = container.Workload;
            if (!workload.IsJob
                && !workload.IsKnative
                && deployment.Serves(container)
                && container.Node.At("lifecycle", "preStop") is null
                && !workload.IsPatchedInPod("lifecycle")
                && deployment.Budgets.DrainDelayUnder(container.Environment()) == TimeSpan.Zero)
            {
                yield return new(container.File, container.Place.Span, container.Name ?? "", host.Compilation.AssemblyName ?? "")
                {
                    Edit = deployment.Budgets.Under(container.Environment()) is { } budget ? EditOf(container, budget, deployment.PlatformGrace) : null,
                };
            }
        }
    }

    /// <summary>The hook, and the grace period that pays for it.</summary>
    private static Edit? EditOf(PodContainer container, AppBudget budget, TimeSpan? platform)
    {
        if (container.Node["lifecycle"] is not null
            || container.Node.Entry("image") is not { } image
            || YamlEdits.After(container.File.Content, image, "lifecycle:", "  preStop:", "    sleep:", "      seconds: 10") is not { } hook)
        {
            return null;
        }

        var changes = new List<TextChange> { hook };
        if (GracePeriod.Of(container.Workload.Pod, platform) is { } grace && grace < budget.Total + Delay)
        {
            if (GracePeriod.Set(container.Workload, budget.Seconds(Delay).ToString(CultureInfo.InvariantCulture)) is not { } longer)
                return null;
            changes.Add(longer);
        }

        return new("Sleep 10 s before the stop", changes);
    }
}

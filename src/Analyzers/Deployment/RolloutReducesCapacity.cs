using System.Globalization;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Text;
using ShutdownAnalyzers.Deployment.Kubernetes;
using ShutdownAnalyzers.Deployment.Yaml;
using ShutdownAnalyzers.HostModel;

namespace ShutdownAnalyzers.Deployment;

/// <summary>SHUT607: a rollout that takes serving pods away before their successors are ready.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class RolloutReducesCapacity() : DeploymentRule(Descriptor)
{
    private static readonly DiagnosticDescriptor Descriptor = Rule.Info(
        RuleIds.RolloutReducesCapacity,
        Category.Deployment,
        "The rollout takes pods away before others are ready",
        "The rollout of '{0}' {1}: what is left carries the load, and with one replica nothing does; write maxUnavailable: 0 and maxSurge: 1",
        "With maxUnavailable 0 a pod is stopped only when its successor is ready. Recreate stops them all first.");

    private protected override IEnumerable<Finding> Check(DeploymentModel deployment, HostFacts host)
    {
        foreach (var container in deployment.Containers)
        {
            var workload = container.Workload;
            if (workload.Kind is not ("Deployment" or "Rollout") || !deployment.Serves(container) || workload.IsPatched("spec", "strategy"))
                continue;

            if (workload.Manifest.At("spec", "strategy", "type") is YamlScalar { Value: "Recreate" } recreate)
                yield return new(workload.File, recreate.Span, workload.Name, "stops all pods first (Recreate)") { Edit = EditOf(workload, recreate) };
            else if (Rolling(workload)?["maxUnavailable"] is YamlScalar unavailable && Pods(unavailable.Value, workload) is > 0 and var pods)
                yield return new(workload.File, unavailable.Span, workload.Name, pods == 1 ? "may leave 1 pod out" : $"may leave {pods} pods out") { Edit = EditOf(workload, unavailable) };
        }
    }

    /// <summary>Where the numbers stand; in Argo's Rollout under its canary.</summary>
    private static YamlNode? Rolling(Workload workload) => workload.Manifest.At("spec", "strategy", workload.Kind == "Rollout" ? "canary" : "rollingUpdate");

    /// <summary>How many pods a number or a percentage of the replicas comes to; a percentage rounds down.</summary>
    private static int? Pods(string value, Workload workload)
    {
        if (!value.EndsWith("%", StringComparison.Ordinal))
            return int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
        return int.TryParse(value.TrimEnd('%'), NumberStyles.None, CultureInfo.InvariantCulture, out var percent)
            && int.TryParse(workload.Manifest.At("spec", "replicas")?.Text ?? "1", NumberStyles.None, CultureInfo.InvariantCulture, out var replicas)
            ? (int)((long)percent * replicas / 100)
            : null;
    }

    private static Edit? EditOf(Workload workload, YamlScalar value)
    {
        if (value.Value == "Recreate")
        {
            // A volume that one pod holds may be the reason.
            if (workload.Pod["volumes"]?.Items.Any(volume => volume["persistentVolumeClaim"] is not null) == true)
                return null;
            var entry = ((YamlMapping)workload.Manifest.At("spec", "strategy")!).Entry("type")!;
            var rolling = YamlEdits.After(workload.File.Content, entry, "rollingUpdate:", "  maxUnavailable: 0", "  maxSurge: 1");
            return rolling is null ? null : new("Roll the pods over one by one", [new TextChange(value.Span, "RollingUpdate"), rolling.Value]);
        }

        var changes = new List<TextChange> { new(value.Span, "0") };
        if (Rolling(workload)?["maxSurge"] is YamlScalar { Value: "0" or "0%" } surge)
            changes.Add(new(surge.Span, "1"));
        return new("Keep all pods until their successors are ready", [.. changes]);
    }
}

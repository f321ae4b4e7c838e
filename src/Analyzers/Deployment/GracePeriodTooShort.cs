using System.Globalization;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Text;
using ShutdownAnalyzers.Deployment.Files;
using ShutdownAnalyzers.Deployment.Kubernetes;
using ShutdownAnalyzers.Deployment.Settings;
using ShutdownAnalyzers.Deployment.Yaml;
using ShutdownAnalyzers.HostModel;

namespace ShutdownAnalyzers.Deployment;

/// <summary>SHUT601: a pod that is killed before its app can have stopped.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class GracePeriodTooShort() : DeploymentRule(Descriptor)
{
    private static readonly DiagnosticDescriptor Descriptor = Rule.Warning(
        RuleIds.GracePeriodTooShort,
        Category.Deployment,
        "The pod is killed before the app has stopped",
        "{0}, but the pod is killed after {1}; set terminationGracePeriodSeconds to {2}",
        "The preStop hook, the drain delay and the app's stop are all paid from terminationGracePeriodSeconds. What isn't done by then is killed, and the requests in flight with it.");

    private protected override IEnumerable<Finding> Check(DeploymentModel deployment, HostFacts host)
    {
        foreach (var container in deployment.Containers)
        {
            var workload = container.Workload;
            if (workload.IsKnative)
                continue;

            if (!workload.IsPatchedInPod(GracePeriod.Key) && !workload.IsPatchedInPod("lifecycle"))
            {
                if (TooShort(deployment, workload.File, workload.Pod, container.PreStop, container.Environment(), container.Place, needed => GracePeriod.Set(workload, needed)) is { } finding)
                    yield return finding;
                continue;
            }

            // What the base has without a patch is never deployed; a patch that gives the time is judged with what it says of the container.
            foreach (var (file, pod) in workload.PodPatches)
            {
                if (pod[GracePeriod.Key] is not YamlScalar written)
                    continue;
                var patched = container.Patched(pod);
                if (workload.IsPatchedInPod("lifecycle") && patched?.Node["lifecycle"] is null)
                    continue;
                var preStop = (patched?.Node["lifecycle"] is null ? container : patched).PreStop;
                if (TooShort(deployment, file, pod, preStop, container.Environment().Concat(patched?.Environment() ?? []), written, needed => new TextChange(written.Span, needed)) is { } finding)
                    yield return finding;
            }
        }
    }

    private static Finding? TooShort(
        DeploymentModel deployment, DeploymentFile file, YamlNode pod, PreStopSleep? hook, IEnumerable<EnvironmentVariable> environment, YamlNode otherwise, Func<string, TextChange?> set)
    {
        var preStop = hook?.Duration ?? TimeSpan.Zero;
        if (GracePeriod.Of(pod, deployment.PlatformGrace) is not { } grace || deployment.Budgets.Under(environment) is not { } budget || preStop + budget.Total <= grace)
            return null;

        var needed = budget.Seconds(preStop).ToString(CultureInfo.InvariantCulture);
        return new(file, (pod[GracePeriod.Key] ?? otherwise).Span, budget.Sum(preStop), SettingText.Show(grace), needed)
        {
            Edit = set(needed) is { } change ? new($"Give the pod {needed} s", [change]) : null,
        };
    }
}

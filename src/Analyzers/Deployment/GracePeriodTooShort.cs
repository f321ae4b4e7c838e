using System.Globalization;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using ShutdownAnalyzers.Deployment.Kubernetes;
using ShutdownAnalyzers.Deployment.Settings;
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
            if (workload.IsKnative
                || workload.IsPatchedInPod(GracePeriod.Key)
                || workload.IsPatchedInPod("lifecycle")
                || GracePeriod.Of(workload, deployment.PlatformGrace) is not { } grace
                || deployment.Budgets.Under(container.Environment()) is not { } budget)
            {
                continue;
            }

            var preStop = container.PreStop?.Duration ?? TimeSpan.Zero;
            if (preStop + budget.Total <= grace)
                continue;

            var needed = budget.Seconds(preStop).ToString(CultureInfo.InvariantCulture);
            var place = workload.Pod[GracePeriod.Key]?.Span ?? container.Place.Span;
            yield return new(workload.File, place, budget.Sum(preStop), SettingText.Show(grace), needed) { Edit = GracePeriod.Set(workload, needed) is { } change ? new($"Give the pod {needed} s", [change]) : null };
        }
    }
}

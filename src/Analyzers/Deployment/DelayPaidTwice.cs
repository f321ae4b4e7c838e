using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using ShutdownAnalyzers.Deployment.Kubernetes;
using ShutdownAnalyzers.Deployment.Settings;
using ShutdownAnalyzers.Deployment.Yaml;
using ShutdownAnalyzers.HostModel;

namespace ShutdownAnalyzers.Deployment;

/// <summary>SHUT608: a preStop sleep and a drain delay in the app: every stop waits for both.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class DelayPaidTwice() : DeploymentRule(Descriptor)
{
    private static readonly DiagnosticDescriptor Descriptor = Rule.Info(
        RuleIds.DelayPaidTwice,
        Category.Deployment,
        "The pod waits twice before it stops",
        "Container '{0}' sleeps {1} in its preStop hook, and then '{2}' waits {3} itself: drop one of them, best the hook, during which readiness says nothing",
        "A preStop sleep and the drain delay serve the same end. The sleep comes first and the app doesn't know of it: readiness turns 503 only when it is over.");

    private protected override IEnumerable<Finding> Check(DeploymentModel deployment, HostFacts host)
    {
        foreach (var container in deployment.Containers)
        {
            if (container.PreStop is { } preStop
                && deployment.Budgets.Under(container.Environment()) is { DrainDelay: var delay }
                && delay > TimeSpan.Zero)
            {
                yield return new(
                    container.File, preStop.Hook.Key.Span, container.Name ?? "", SettingText.Show(preStop.Duration), host.Compilation.AssemblyName ?? "", SettingText.Show(delay))
                {
                    Edit = EditOf(container, preStop),
                };
            }
        }
    }

    /// <summary>Takes the hook away, and what held nothing but it. Not where it does more than sleep.</summary>
    private static Edit? EditOf(PodContainer container, PreStopSleep preStop)
    {
        if (!preStop.IsAll || container.Node.Entry("lifecycle") is not { Value: YamlMapping lifecycle } entry)
            return null;
        var removed = lifecycle.Own.Count == 1 ? entry : lifecycle.Entry("preStop")!;
        return YamlEdits.Remove(container.File.Content, removed) is { } change ? new("Remove the preStop hook", [change]) : null;
    }
}

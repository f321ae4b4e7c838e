using System.Globalization;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using ShutdownAnalyzers.Deployment.Docker;
using ShutdownAnalyzers.Deployment.Yaml;
using ShutdownAnalyzers.HostModel;

namespace ShutdownAnalyzers.Deployment;

/// <summary>SHUT606: a preStop hook that needs a shell or a sleep program in an image that has neither: it fails, and the delay is none.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class PreStopNeedsShell() : DeploymentRule(Descriptor)
{
    private static readonly DiagnosticDescriptor Descriptor = Rule.Warning(
        RuleIds.PreStopNeedsShell,
        Category.Deployment,
        "The preStop hook runs a program that the image doesn't have",
        "The preStop hook of container '{0}' runs '{1}', which image '{2}' doesn't have: the hook fails and SIGTERM comes at once{3}",
        "Chiseled and distroless images hold the app and its runtime alone. The kubelet's own sleep action needs no program in the image.");

    private protected override IEnumerable<Finding> Check(DeploymentModel deployment, HostFacts host)
    {
        if (deployment.Images.Count == 0 || !deployment.Images.All(image => IsBare(image.Stage.RootImage)))
            yield break;

        foreach (var container in deployment.Containers)
        {
            if (container.Node.At("lifecycle", "preStop") is not YamlMapping hook
                || hook.Entry("exec") is not { } exec
                || exec.Value["command"]?.Items is not [YamlScalar { Value: var program }, ..]
                || AppProgram.FileName(program) is not ("sh" or "bash" or "ash" or "dash" or "sleep"))
            {
                continue;
            }

            var seconds = container.PreStop is { } sleep ? Math.Ceiling(sleep.Duration.TotalSeconds).ToString(CultureInfo.InvariantCulture) : null;
            yield return new(container.File, exec.Key.Span, container.Name ?? "", program, deployment.Images[0].Stage.RootImage, seconds is null ? "" : $"; write: sleep: {{ seconds: {seconds} }}")
            {
                Edit = seconds is null ? null : new("Use the sleep action", [YamlEdits.Replace(container.File.Content, exec, $"sleep: {{ seconds: {seconds} }}", "sleep:", $"  seconds: {seconds}")]),
            };
        }
    }

    private static bool IsBare(string image) =>
        image.Contains("chiseled") || image.Contains("distroless") || string.Equals(image, "scratch", StringComparison.OrdinalIgnoreCase);
}

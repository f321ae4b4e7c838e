using System.Globalization;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Text;
using ShutdownAnalyzers.Deployment.Settings;
using ShutdownAnalyzers.Deployment.Yaml;
using ShutdownAnalyzers.HostModel;

namespace ShutdownAnalyzers.Deployment;

/// <summary>SHUT609: a readiness probe that notices the drain only when the delay is over.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class ReadinessSlowerThanDelay() : DeploymentRule(Descriptor)
{
    private const int DefaultPeriod = 10;
    private const int DefaultThreshold = 3;

    private static readonly DiagnosticDescriptor Descriptor = Rule.Info(
        RuleIds.ReadinessSlowerThanDelay,
        Category.Deployment,
        "The readiness probe notices the drain too late",
        "The readiness probe of container '{0}' takes {1} s x {2} = {3} s to turn unready, longer than the delay of {4}: who goes by it sends requests after the delay; {5}",
        "A probe turns after failureThreshold answers that are periodSeconds apart. Balancers that go by probes keep sending until then.");

    private protected override IEnumerable<Finding> Check(DeploymentModel deployment, HostFacts host)
    {
        foreach (var container in deployment.Containers)
        {
            if (container.Node.Entry("readinessProbe") is not { Value: YamlMapping probe } entry
                || container.Workload.IsPatchedInPod("readinessProbe")
                || deployment.Budgets.Under(container.Environment()) is not { } budget
                || Number(probe["periodSeconds"], DefaultPeriod) is not { } period
                || Number(probe["failureThreshold"], DefaultThreshold) is not { } threshold)
            {
                continue;
            }

            var delay = budget.DrainDelay + (container.PreStop?.Duration ?? TimeSpan.Zero);
            if (delay == TimeSpan.Zero || (long)period * threshold <= delay.TotalSeconds)
                continue;

            var (newPeriod, newThreshold) = Fitting(delay, period, threshold);
            var advice = $"write periodSeconds: {newPeriod} and failureThreshold: {newThreshold}";
            var place = (probe["periodSeconds"] ?? probe["failureThreshold"] ?? entry.Key).Span;
            yield return new(container.File, place, container.Name ?? "", period, threshold, (long)period * threshold, SettingText.Show(delay), advice)
            {
                Edit = EditOf(container.File.Content, probe, newPeriod, newThreshold),
            };
        }
    }

    /// <summary>As many failures as before where they fit at a period of whole seconds.</summary>
    private static (int Period, int Threshold) Fitting(TimeSpan delay, int period, int threshold)
    {
        var seconds = Math.Max(1, (int)delay.TotalSeconds);
        var newThreshold = Math.Min(threshold, seconds);
        return (Math.Max(1, Math.Min(period, seconds / newThreshold)), newThreshold);
    }

    private static Edit? EditOf(string text, YamlMapping probe, int period, int threshold)
    {
        var changes = new List<TextChange>();
        foreach (var (key, value) in new[] { ("periodSeconds", period), ("failureThreshold", threshold) })
        {
            var written = value.ToString(CultureInfo.InvariantCulture);
            var isDefault = value == (key == "periodSeconds" ? DefaultPeriod : DefaultThreshold);
            if (probe[key] is { } node)
            {
                if (node.Text != written)
                    changes.Add(new(node.Span, written));
            }
            else if (!isDefault)
            {
                if (YamlEdits.After(text, probe.Own[probe.Own.Count - 1], $"{key}: {written}") is not { } added)
                    return null;
                changes.Add(added);
            }
        }

        return new("Let the probe notice within the delay", changes);
    }

    private static int? Number(YamlNode? node, int otherwise) => node is null ? otherwise
        : int.TryParse(node.Text, NumberStyles.None, CultureInfo.InvariantCulture, out var value) && value > 0 ? value
        : null;
}

using System.Globalization;
using Microsoft.CodeAnalysis.Text;
using ShutdownAnalyzers.Deployment.Yaml;

namespace ShutdownAnalyzers.Deployment.Kubernetes;

/// <summary>The time that a pod has from its preStop hook to its kill.</summary>
internal static class GracePeriod
{
    public const string Key = "terminationGracePeriodSeconds";

    private static readonly TimeSpan Default = TimeSpan.FromSeconds(30);

    /// <summary>The grace period; null where it is written but no number (a template's value).</summary>
    /// <param name="pod">The pod's specification, or a patch of it.</param>
    /// <param name="platform">What the platform gives where nothing is written, if the user says so.</param>
    public static TimeSpan? Of(YamlNode pod, TimeSpan? platform) => pod[Key] is not { } written ? platform ?? Default
        : int.TryParse(written.Text, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) ? TimeSpan.FromSeconds(seconds)
        : null;

    /// <summary>The change that sets it; null in flow style.</summary>
    public static TextChange? Set(Workload workload, string seconds)
    {
        if (workload.Pod[Key] is { } written)
            return new TextChange(written.Span, seconds);
        var text = workload.File.Content;
        return workload.Pod.Entry("containers") is { Key: var containers } && YamlEdits.IndentOf(text, containers) is { } indent
            ? new TextChange(new TextSpan(containers.Span.Start, 0), $"{Key}: {seconds}{(text.Contains("\r\n") ? "\r\n" : "\n")}{indent}")
            : null;
    }
}

using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using ShutdownAnalyzers.HostModel;

namespace ShutdownAnalyzers.Deployment;

/// <summary>SHUT613: a container that is stopped by a signal that .NET doesn't take for a stop.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class StopSignalNotHandled() : DeploymentRule(Descriptor)
{
    private static readonly DiagnosticDescriptor Descriptor = Rule.Warning(
        RuleIds.StopSignalNotHandled,
        Category.Deployment,
        "The container's stop signal is none that .NET handles",
        "'{0}' is no stop signal for .NET, which handles SIGTERM, SIGINT and SIGQUIT: the process dies at once, or is killed at the end of the grace period",
        "The host's lifetime listens to SIGTERM, SIGINT and SIGQUIT. Another STOPSIGNAL ends the process without a stop, or is not noticed at all.");

    private protected override IEnumerable<Finding> Check(DeploymentModel deployment, HostFacts host)
    {
        foreach (var image in deployment.Images)
        {
            if (image.Stage.Last("STOPSIGNAL") is { Arguments: { Value: { Length: > 0 } signal } place } && !StopSignals.IsHandled(signal))
                yield return new(image.File, place.Span(), signal) { Edit = Edit.Replace("Remove the stop signal", image.File.LinesOf(place.Span()), "") };
        }

        foreach (var service in deployment.Services)
        {
            if (service.Find("stop_signal") is var (file, entry) && entry.Value.Text is { } signal && !StopSignals.IsHandled(signal))
                yield return new(file, entry.Value.Span, signal) { Edit = Edit.Replace("Remove the stop signal", file.LinesOf(entry.Value.Span), "") };
        }
    }
}

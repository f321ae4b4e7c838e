using System.Globalization;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using ShutdownAnalyzers.Deployment.Files;
using ShutdownAnalyzers.Deployment.Settings;
using ShutdownAnalyzers.Deployment.Systemd;
using ShutdownAnalyzers.HostModel;

namespace ShutdownAnalyzers.Deployment;

/// <summary>SHUT631: a systemd unit that is killed before its app can have stopped, or stopped by a signal that .NET doesn't take for a stop.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class SystemdTimeoutTooShort() : DeploymentRule(Descriptor)
{
    /// <summary>DefaultTimeoutStopSec of systemd itself.</summary>
    private static readonly TimeSpan Default = TimeSpan.FromSeconds(90);

    private static readonly DiagnosticDescriptor Descriptor = Rule.Warning(
        RuleIds.SystemdTimeoutTooShort,
        Category.Deployment,
        "The unit doesn't let the app stop",
        "{0}",
        "systemd sends KillSignal and kills what is left after TimeoutStopSec. .NET handles SIGTERM, SIGINT and SIGQUIT.");

    private protected override IEnumerable<Finding> Check(DeploymentModel deployment, HostFacts host)
    {
        foreach (var (file, unit) in deployment.Units)
        {
            if (unit["KillSignal"] is { } signal && !StopSignals.IsHandled(signal.Text))
            {
                yield return new(file, signal.Span, $"'{signal.Text}' is no stop signal for .NET, which handles SIGTERM, SIGINT and SIGQUIT: the unit's process dies at once, or is killed at the end of its time")
                {
                    Edit = Edit.Replace("Remove the signal", file.LinesOf(signal.Span), ""),
                };
            }

            if (TooShort(file, unit, deployment, host) is { } finding)
                yield return finding;
        }
    }

    private static Finding? TooShort(DeploymentFile file, SystemdUnit unit, DeploymentModel deployment, HostFacts host)
    {
        // TimeoutSec sets the time to start and to stop.
        var written = unit["TimeoutStopSec"] ?? unit["TimeoutSec"];
        var timeout = written is { } value ? DurationUnits.Parse(value.Text, hasPlainSeconds: true) : Default;

        // Under Type=notify the drain asks systemd for the time that it needs.
        var asksItself = host.Drain.IsLibraryRegistered && unit["Type"]?.Text is "notify" or "notify-reload";
        if (timeout is null || timeout == TimeSpan.Zero || asksItself || deployment.Budgets.Under(unit.Environment(file)) is not { } budget || budget.Total <= timeout)
            return null;

        var needed = budget.Seconds(TimeSpan.Zero).ToString(CultureInfo.InvariantCulture);
        var place = written?.Span ?? unit["ExecStart"]!.Value.Span;
        return new(file, place, $"{budget.Sum(TimeSpan.Zero)}, but the unit is killed after {SettingText.Show(timeout.Value)}; set TimeoutStopSec to {needed}")
        {
            Edit = written is { } old ? Edit.Replace($"Give the unit {needed} s", old.Span, needed) : Edit.Insert($"Give the unit {needed} s", file.LinesOf(place).End, $"TimeoutStopSec={needed}\n"),
        };
    }
}

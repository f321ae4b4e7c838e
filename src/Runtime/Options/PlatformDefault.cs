using System.Globalization;

namespace ShutdownAnalyzers.Runtime;

/// <summary>
/// What a platform gives between its signal and its kill where nobody has chosen a figure. The environment tells which platform it is, and never the figure itself: neither Kubernetes nor systemd hands
/// the process terminationGracePeriodSeconds or TimeoutStopSec.
/// </summary>
/// <param name="Name">The platform.</param>
/// <param name="Grace">Its default.</param>
/// <param name="Setting">Where its users choose another one.</param>
internal sealed record PlatformDefault(string Name, TimeSpan Grace, string Setting)
{
    private static readonly PlatformDefault Kubernetes = new("Kubernetes", TimeSpan.FromSeconds(30), "terminationGracePeriodSeconds");
    private static readonly PlatformDefault Systemd = new("systemd", TimeSpan.FromSeconds(90), "TimeoutStopSec in the unit (or Type=notify, with which the library asks for the time itself)");

    /// <summary>The platform that the process runs under; null where none is known, or where it gives the time that it is asked for.</summary>
    public static PlatformDefault? Of(ProcessHooks process)
    {
        if (process.GetVariable("KUBERNETES_SERVICE_HOST") is not null) return Kubernetes;
        // Under a notify socket the stop's time is extended when the drain begins.
        return IsSystemdUnit(process) && process.GetVariable(SystemdNotification.SocketVariable) is null ? Systemd : null;
    }

    /// <summary>Whether systemd itself started the process. Its children inherit the variables: a shell within a unit is no unit. Before version 248 there is no id to tell the two apart.</summary>
    private static bool IsSystemdUnit(ProcessHooks process) =>
        process.GetVariable("INVOCATION_ID") is not null
        && (process.GetVariable("SYSTEMD_EXEC_PID") is not { } id || id == Environment.ProcessId.ToString(CultureInfo.InvariantCulture));
}

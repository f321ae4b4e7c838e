using System.Reflection;
using Microsoft.Extensions.Hosting;

namespace ShutdownAnalyzers.Runtime;

/// <summary>
/// The stop of a Windows service. Its lifetime asks the application to stop and then waits for it, within the host's timeout, before it reports the service as stopped. So that request is held until the drain delay is over
/// (the host's timeout begins behind it), and the service manager is asked for the time that the whole drain takes.
/// </summary>
internal sealed class WindowsServiceStop(Action<int> requestAdditionalTime, IHostApplicationLifetime application)
{
    // By name, so that programs elsewhere don't need it. Constant names keep trimming informed.
    private static readonly Type? ServiceBase = Type.GetType("System.ServiceProcess.ServiceBase, System.ServiceProcess.ServiceController");

    /// <summary>ServiceBase's <c>RequestAdditionalTime(int milliseconds)</c>; null where the program has no such assembly.</summary>
    public static MethodInfo? RequestAdditionalTime { get; } =
        Type.GetType("System.ServiceProcess.ServiceBase, System.ServiceProcess.ServiceController")?.GetMethod("RequestAdditionalTime", [typeof(int)]);

    /// <summary>The stop of the lifetime's service; null where it is none.</summary>
    public static WindowsServiceStop? Of(IHostLifetime lifetime, IHostApplicationLifetime application) =>
        ServiceBase?.IsInstanceOfType(lifetime) == true && RequestAdditionalTime is { } method
            ? new WindowsServiceStop(method.CreateDelegate<Action<int>>(lifetime), application)
            : null;

    /// <summary>Asks for the time, and returns when the delay is over. On the service manager's own thread, which waits in the lifetime anyway; the hard deadline bounds it.</summary>
    public void Hold(TimeSpan time)
    {
        try { requestAdditionalTime((int)Math.Min(time.TotalMilliseconds, int.MaxValue)); }
        catch (InvalidOperationException)
        {
            // The machine itself shuts down: that is no stop of the service, and gives the time that it gives.
        }

        application.ApplicationStopping.WaitHandle.WaitOne();
    }
}

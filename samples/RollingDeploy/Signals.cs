using System.Diagnostics;
using System.Runtime.InteropServices;

namespace RollingDeploy;

internal static class Signals
{
    private const int SigTerm = 15;

    /// <summary>Sends SIGTERM, as Kubernetes, systemd and Docker do. <see cref="Process.Kill()"/> would send SIGKILL.</summary>
    public static void Terminate(Process process)
    {
        if (Kill(process.Id, SigTerm) != 0)
            throw new EnvironmentException($"SIGTERM can't be sent to process {process.Id}: {Marshal.GetLastPInvokeErrorMessage()}");
    }

    [DllImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static extern int Kill(int process, int signal);
}

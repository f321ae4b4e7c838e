using System.Runtime.InteropServices;

namespace Quiet.Agent;

/// <summary>A registration in a field lives as long as the program.</summary>
internal static class Signals
{
    private static PosixSignalRegistration? s_sigterm;

    public static void Keep(Action stop) => s_sigterm = PosixSignalRegistration.Create(PosixSignal.SIGTERM, context =>
    {
        context.Cancel = true;
        stop();
    });
}

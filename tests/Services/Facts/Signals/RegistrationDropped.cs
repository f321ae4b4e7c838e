using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace ShutdownAnalyzers.Facts.Signals;

/// <summary>3.1: nothing keeps the registration.</summary>
internal sealed class RegistrationDropped : IScenario
{
    public async Task RunAsync(string[] args)
    {
        using var stop = new CancellationTokenSource();
        Register(stop);
        if (args is ["collect"])
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }

        await MainLoop.RunAsync(stop.Token);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Register(CancellationTokenSource stop) => PosixSignalRegistration.Create(PosixSignal.SIGTERM, context =>
    {
        context.Cancel = true;
        Console.WriteLine("handler");
        stop.Cancel();
    });
}

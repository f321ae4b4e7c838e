using System.Runtime.InteropServices;

namespace ShutdownAnalyzers.Facts.Signals;

/// <summary>3.2: a registration in a using which spans the wait, or in one of a method that returns before it.</summary>
internal sealed class RegistrationKept : IScenario
{
    public async Task RunAsync(string[] args)
    {
        using var stop = new CancellationTokenSource();
        if (args is ["helper"])
        {
            RegisterForThisMethod(stop);
            await MainLoop.RunAsync(stop.Token);
        }
        else
        {
            using var sigterm = Register(stop);
            GC.Collect();
            GC.WaitForPendingFinalizers();
            await MainLoop.RunAsync(stop.Token);
        }
    }

    private static void RegisterForThisMethod(CancellationTokenSource stop)
    {
        using var sigterm = Register(stop);
    }

    private static PosixSignalRegistration Register(CancellationTokenSource stop) => PosixSignalRegistration.Create(PosixSignal.SIGTERM, context =>
    {
        context.Cancel = true;
        Console.WriteLine("handler");
        stop.Cancel();
    });
}

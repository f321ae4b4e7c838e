using System.Runtime.InteropServices;

namespace ShutdownAnalyzers.Facts.Signals;

/// <summary>1.4: a handler of SIGTERM without Cancel, and a Main that asks for nothing.</summary>
internal sealed class HandlerOnly : IScenario
{
    public Task RunAsync(string[] args)
    {
        using var sigterm = PosixSignalRegistration.Create(PosixSignal.SIGTERM, _ => Console.WriteLine("handler"));
        Console.WriteLine("ready");
        Thread.Sleep(Timeout.Infinite);
        return Task.CompletedTask;
    }
}

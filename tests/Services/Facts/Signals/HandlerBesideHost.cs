using System.Runtime.InteropServices;

namespace ShutdownAnalyzers.Facts.Signals;

/// <summary>3.7: handlers of SIGTERM without Cancel beside a host, one from before its start and one from after it.</summary>
internal sealed class HandlerBesideHost : IScenario
{
    public async Task RunAsync(string[] args)
    {
        using var before = PosixSignalRegistration.Create(PosixSignal.SIGTERM, context => Console.WriteLine($"early handler, cancel {context.Cancel}"));
        var builder = Hosting.Worker();
        builder.Services.AddWitness("witness", stopSeconds: 0.3);
        using var host = builder.Build();
        await host.StartAsync();
        using var after = PosixSignalRegistration.Create(PosixSignal.SIGTERM, context => Console.WriteLine($"late handler, cancel {context.Cancel}"));
        Console.WriteLine("ready");
        await host.WaitForShutdownAsync();
    }
}

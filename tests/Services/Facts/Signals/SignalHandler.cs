using System.Runtime.InteropServices;

namespace ShutdownAnalyzers.Facts.Signals;

/// <summary>3.3 to 3.6: a handler of SIGTERM which sets Cancel never, before an await or after one, which throws, or which ends the process.</summary>
internal sealed class SignalHandler : IScenario
{
    public async Task RunAsync(string[] args)
    {
        using var stop = new CancellationTokenSource();
        using var sigterm = PosixSignalRegistration.Create(PosixSignal.SIGTERM, args[0] switch
        {
            "never" => _ =>
            {
                stop.Cancel();
                Thread.Sleep(100);
                Console.WriteLine("handler");
            },
            "before-await" => async context =>
            {
                context.Cancel = true;
                await Task.Delay(100);
                Console.WriteLine("handler");
                await stop.CancelAsync();
            },
            "after-await" => async context =>
            {
                await Task.Delay(100);
                context.Cancel = true;
                Console.WriteLine("handler");
                await stop.CancelAsync();
            },
            "throws" => context =>
            {
                context.Cancel = true;
                throw new InvalidOperationException("the handler failed");
            },
            "exits" => _ => Environment.Exit(7),
            _ => throw new ArgumentException("Name the form."),
        });
        await MainLoop.RunAsync(stop.Token);
    }
}

namespace ShutdownAnalyzers.Facts.RawProcess;

/// <summary>1.2: the old pattern, where ProcessExit cancels a source and waits for Main.</summary>
internal sealed class WaitsInProcessExit : IScenario
{
    public Task RunAsync(string[] args)
    {
        using var stop = new CancellationTokenSource();
        using var done = new ManualResetEventSlim();
        AppDomain.CurrentDomain.ProcessExit += (_, _) =>
        {
            stop.Cancel();
            done.Wait();
        };
        Console.WriteLine("ready");
        stop.Token.WaitHandle.WaitOne();
        Console.WriteLine("cleaned up");
        done.Set();
        return Task.CompletedTask;
    }
}

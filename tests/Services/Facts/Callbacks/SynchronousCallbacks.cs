namespace ShutdownAnalyzers.Facts.Callbacks;

/// <summary>7.2, 7.3: callbacks in order, one of which throws.</summary>
internal sealed class SynchronousCallbacks : IScenario
{
    public Task RunAsync(string[] args)
    {
        var host = Hosting.Worker().Build();
        var stopping = host.Lifetime().ApplicationStopping;
        stopping.Register(() => Console.WriteLine("first callback"));
        stopping.Register(() => throw new InvalidOperationException("the callback failed"));
        stopping.Register(() => Console.WriteLine($"last callback, stopping {stopping.IsCancellationRequested}"));
        host.Run();
        return Task.CompletedTask;
    }
}

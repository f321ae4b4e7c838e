namespace ShutdownAnalyzers.Facts.RawProcess;

/// <summary>1.1: a host that is built and doesn't run yet handles no signal.</summary>
internal sealed class HostBuiltOnly : IScenario
{
    public Task RunAsync(string[] args)
    {
        using var host = Hosting.Worker().Build();
        Hooks.Print();
        Console.WriteLine("ready");
        Thread.Sleep(Timeout.Infinite);
        return Task.CompletedTask;
    }
}

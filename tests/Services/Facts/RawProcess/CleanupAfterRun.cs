namespace ShutdownAnalyzers.Facts.RawProcess;

/// <summary>1.3: cleanup after Run, when the host no longer holds the signals.</summary>
internal sealed class CleanupAfterRun : IScenario
{
    public async Task RunAsync(string[] args)
    {
        await Hosting.Worker().Build().RunAsync();
        Console.WriteLine("cleanup begins");
        await Task.Delay(5000);
        Console.WriteLine("cleanup ends");
    }
}

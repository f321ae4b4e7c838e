namespace ShutdownAnalyzers.Facts.Hosts;

/// <summary>10.3: signals that come while the host stops.</summary>
internal sealed class SecondSignal : IScenario
{
    public Task RunAsync(string[] args)
    {
        var builder = Hosting.Worker();
        builder.Services.AddWitness("witness", stopSeconds: 1.5);
        builder.Build().Run();
        return Task.CompletedTask;
    }
}

namespace ShutdownAnalyzers.Facts.HostedServices;

/// <summary>6.9, 6.10: a service whose stop takes longer than the timeout, and one that comes after it.</summary>
internal sealed class StopAsyncIgnoresToken : IScenario
{
    public Task RunAsync(string[] args)
    {
        var builder = Hosting.Worker(shutdownTimeout: 0.5);
        builder.Services.AddWitness("next");
        builder.Services.AddWitness("slow", stopSeconds: 2);
        builder.Build().Run();
        return Task.CompletedTask;
    }
}

namespace ShutdownAnalyzers.Facts.Container;

/// <summary>5.6: a host that is started and stopped by hand and never disposed.</summary>
internal sealed class StoppedNotDisposed : IScenario
{
    public async Task RunAsync(string[] args)
    {
        var builder = Hosting.Worker();
        builder.Services.AddSingleton<ByType>();
        builder.Services.AddWitness("witness");
        var host = builder.Build();
        host.Services.GetRequiredService<ByType>();
        await host.StartAsync();
        await host.StopAsync();
    }
}

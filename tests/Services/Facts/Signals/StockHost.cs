namespace ShutdownAnalyzers.Facts.Signals;

/// <summary>3.8, 12: a host as it comes.</summary>
internal sealed class StockHost : IScenario
{
    public async Task RunAsync(string[] args)
    {
        var builder = Hosting.Worker();
        builder.Services.AddWitness("witness");
        using var host = builder.Build();
        host.Lifetime().ApplicationStarted.Register(() => Console.WriteLine("host runs"));
        await host.RunAsync();
    }
}

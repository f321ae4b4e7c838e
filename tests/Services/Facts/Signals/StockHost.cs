namespace ShutdownAnalyzers.Facts.Signals;

/// <summary>3.8, 12: a host as it comes.</summary>
internal sealed class StockHost : IScenario
{
    public async Task RunAsync(string[] args)
    {
        var builder = Hosting.Worker();
        builder.Services.AddWitness("witness");
        await builder.Build().RunAsync();
    }
}

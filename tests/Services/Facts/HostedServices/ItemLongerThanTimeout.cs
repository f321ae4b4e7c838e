namespace ShutdownAnalyzers.Facts.HostedServices;

/// <summary>6.6: an item of work that takes longer than the shutdown timeout.</summary>
internal sealed class ItemLongerThanTimeout : IScenario
{
    public Task RunAsync(string[] args)
    {
        var builder = Hosting.Worker(shutdownTimeout: 0.5);
        builder.Services.AddHostedService<Packing>();
        builder.Build().Run();
        return Task.CompletedTask;
    }

    private sealed class Packing : BackgroundService
    {
        protected override async Task ExecuteAsync(CancellationToken stoppingToken)
        {
            Console.WriteLine("item begins");
            await Task.Delay(5000, CancellationToken.None);
            Console.WriteLine("item ends");
        }
    }
}

namespace ShutdownAnalyzers.Facts.HostedServices;

/// <summary>6.1: an endless loop that never looks at its token.</summary>
internal sealed class LoopIgnoresToken : IScenario
{
    public Task RunAsync(string[] args)
    {
        var builder = Hosting.Worker(shutdownTimeout: 2);
        builder.Services.AddHostedService<Looping>();
        builder.Build().Run();
        Console.WriteLine("run returned");
        return Task.CompletedTask;
    }

    private sealed class Looping : BackgroundService
    {
        protected override async Task ExecuteAsync(CancellationToken stoppingToken)
        {
            while (true)
                await Task.Delay(50, CancellationToken.None);
        }
    }
}

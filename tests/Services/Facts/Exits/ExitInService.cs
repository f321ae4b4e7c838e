namespace ShutdownAnalyzers.Facts.Exits;

/// <summary>4.4: Environment.Exit in a hosted service.</summary>
internal sealed class ExitInService : IScenario
{
    public Task RunAsync(string[] args)
    {
        var builder = Hosting.Worker();
        builder.Services.AddWitness("witness");
        builder.Services.AddHostedService<Exiting>();
        builder.Build().Run();
        return Task.CompletedTask;
    }

    private sealed class Exiting(IHostApplicationLifetime lifetime) : BackgroundService
    {
        protected override async Task ExecuteAsync(CancellationToken stoppingToken)
        {
            await Task.Delay(Timeout.Infinite, lifetime.ApplicationStarted).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            Environment.Exit(4);
        }
    }
}

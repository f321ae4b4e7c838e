namespace ShutdownAnalyzers.Facts.HostedServices;

/// <summary>6.4: ExecuteAsync throws.</summary>
internal sealed class ServiceThrows : IScenario
{
    public Task RunAsync(string[] args)
    {
        var builder = Hosting.Worker();
        builder.Services.AddWitness("witness");
        builder.Services.AddHostedService<Failing>();
        builder.Build().Run();
        return Task.CompletedTask;
    }

    private sealed class Failing : BackgroundService
    {
        protected override async Task ExecuteAsync(CancellationToken stoppingToken)
        {
            await Task.Delay(200, stoppingToken);
            throw new InvalidOperationException("the work failed");
        }
    }
}

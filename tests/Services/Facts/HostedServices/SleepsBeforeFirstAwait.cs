namespace ShutdownAnalyzers.Facts.HostedServices;

/// <summary>6.3: ExecuteAsync blocks before its first await.</summary>
internal sealed class SleepsBeforeFirstAwait : IScenario
{
    public Task RunAsync(string[] args)
    {
        var builder = Hosting.Worker();
        builder.Services.AddHostedService<Sleeping>();
        builder.Build().Run();
        return Task.CompletedTask;
    }

    private sealed class Sleeping : BackgroundService
    {
        protected override Task ExecuteAsync(CancellationToken stoppingToken)
        {
            Thread.Sleep(2000);
            Console.WriteLine("first step is done");
            return Task.CompletedTask;
        }
    }
}

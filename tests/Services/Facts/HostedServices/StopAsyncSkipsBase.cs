namespace ShutdownAnalyzers.Facts.HostedServices;

/// <summary>6.5: an override of StopAsync that calls its base or doesn't.</summary>
internal sealed class StopAsyncSkipsBase : IScenario
{
    public Task RunAsync(string[] args)
    {
        var builder = Hosting.Worker();
        if (args is ["base"])
            builder.Services.AddHostedService<Calling>();
        else
            builder.Services.AddHostedService<Skipping>();
        builder.Build().Run();
        return Task.CompletedTask;
    }

    private abstract class Flushing : BackgroundService
    {
        protected override async Task ExecuteAsync(CancellationToken stoppingToken)
        {
            await Task.Delay(Timeout.Infinite, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            Console.WriteLine("flush begins");
            await Task.Delay(1000, CancellationToken.None);
            Console.WriteLine("flush ends");
        }
    }

    private sealed class Skipping : Flushing
    {
        public override Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }

    private sealed class Calling : Flushing
    {
        public override Task StopAsync(CancellationToken cancellationToken) => base.StopAsync(cancellationToken);
    }
}

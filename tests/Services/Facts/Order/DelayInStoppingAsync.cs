namespace ShutdownAnalyzers.Facts.Order;

/// <summary>8.5, 8.6: a shutdown timeout, and a delay in StoppingAsync, both given in seconds.</summary>
internal sealed class DelayInStoppingAsync : IScenario
{
    public Task RunAsync(string[] args)
    {
        var builder = Hosting.Web(shutdownTimeout: int.Parse(args[0]));
        builder.Services.AddSingleton<IHostedService>(new Delaying(TimeSpan.FromSeconds(int.Parse(args[1]))));
        var app = builder.Build();
        app.MapSlow();
        app.Run();
        return Task.CompletedTask;
    }

    private sealed class Delaying(TimeSpan delay) : IHostedLifecycleService
    {
        public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public async Task StoppingAsync(CancellationToken cancellationToken)
        {
            Console.WriteLine("delay begins");
            await Task.Delay(delay, CancellationToken.None);
        }

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}

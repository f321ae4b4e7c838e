namespace ShutdownAnalyzers.Facts.HostedServices;

/// <summary>6.8: StopAsync fails, or lets the cancellation at the timeout escape.</summary>
internal sealed class StopAsyncThrows : IScenario
{
    public Task RunAsync(string[] args)
    {
        var builder = Hosting.Worker(shutdownTimeout: 0.5);
        builder.Services.AddWitness("witness");
        if (args is ["timeout"])
            builder.Services.AddHostedService<Cancelled>();
        else
            builder.Services.AddHostedService<Failing>();
        var host = builder.Build();
        host.Lifetime().ApplicationStopped.Register(() => Console.WriteLine("stopped"));
        host.Run();
        Console.WriteLine("cleanup after run");
        return Task.CompletedTask;
    }

    private sealed class Failing : IHostedService
    {
        public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => throw new InvalidOperationException("the stop failed");
    }

    private sealed class Cancelled : IHostedService
    {
        public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.Delay(5000, cancellationToken);
    }
}

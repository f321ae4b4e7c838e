namespace ShutdownAnalyzers.Facts.Order;

/// <summary>Says each step of the stop as it comes.</summary>
internal sealed class Steps(string name, IHostApplicationLifetime lifetime) : IHostedLifecycleService, IDisposable
{
    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => SayAsync("stopping");

    public Task StopAsync(CancellationToken cancellationToken) => SayAsync("stop");

    public Task StoppedAsync(CancellationToken cancellationToken) => SayAsync("stopped");

    public void Dispose() => Console.WriteLine($"{name} disposed");

    private Task SayAsync(string step)
    {
        Console.WriteLine($"{name} {step}, ApplicationStopping {lifetime.ApplicationStopping.IsCancellationRequested}");
        return Task.CompletedTask;
    }
}

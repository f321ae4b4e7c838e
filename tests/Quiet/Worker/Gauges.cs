namespace Quiet.Worker;

/// <summary>Timers and watchers that belong to a list, which the stop disposes.</summary>
internal sealed class Gauges(ILogger<Gauges> logger) : IHostedService, IDisposable
{
    private readonly List<IDisposable> _owned = [];

    public Task StartAsync(CancellationToken cancellationToken)
    {
        _owned.Add(new Timer(_ => logger.LogDebug("{Memory} bytes", GC.GetTotalMemory(false)), null, TimeSpan.Zero, TimeSpan.FromSeconds(10)));
        _owned.Add(new Timer(_ => logger.LogDebug("{Threads} threads", ThreadPool.ThreadCount), null, TimeSpan.Zero, TimeSpan.FromSeconds(10)));
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken)
    {
        Dispose();
        return Task.CompletedTask;
    }

    public void Dispose()
    {
        foreach (var gauge in _owned)
            gauge.Dispose();
        _owned.Clear();
    }
}

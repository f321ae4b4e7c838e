using Microsoft.Extensions.Hosting;

namespace ShutdownAnalyzers.Runtime.Tests;

/// <summary>A hosted service whose stop ends when the test says so.</summary>
internal sealed class SlowToStop : IHostedService
{
    private volatile bool _isStopping;

    public TaskCompletionSource Release { get; } = new();

    public bool IsStopping => _isStopping;

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken)
    {
        _isStopping = true;
        return Release.Task;
    }
}

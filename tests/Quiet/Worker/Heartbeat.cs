namespace Quiet.Worker;

/// <summary>A hosted service without BackgroundService: an own source, stopped and awaited.</summary>
internal sealed class Heartbeat(ILogger<Heartbeat> logger) : IHostedService, IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private Task _beating = Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        _beating = BeatAsync(_stop.Token);
        return Task.CompletedTask;
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await _stop.CancelAsync();
        await Task.WhenAny(_beating, Task.Delay(Timeout.Infinite, cancellationToken));
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _stop.Dispose();
    }

    private async Task BeatAsync(CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            logger.LogDebug("Alive.");
            try
            {
                await Task.Delay(1000, stop);
            }
            catch (OperationCanceledException) when (stop.IsCancellationRequested)
            {
                return;
            }
        }
    }
}

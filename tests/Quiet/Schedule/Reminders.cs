namespace Quiet.Schedule;

/// <summary>A timer with a short synchronous callback, whose ownership moves to the stop.</summary>
internal sealed class Reminders(ILogger<Reminders> logger) : IHostedService
{
    private Timer? _timer;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        _timer = new Timer(Remind, null, TimeSpan.Zero, TimeSpan.FromMinutes(1));
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken)
    {
        var timer = Interlocked.Exchange(ref _timer, null);
        timer?.Dispose();
        return Task.CompletedTask;
    }

    private void Remind(object? state) => logger.LogInformation("Somebody should pay.");
}

using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Quiet.Platform;

/// <summary>The base of services that do the same thing now and then; a failed turn is logged and the next one comes.</summary>
public abstract class PollingService(TimeSpan interval, ILogger logger) : BackgroundService
{
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        logger.LogInformation("{Service} stops.", GetType().Name);
        await base.StopAsync(cancellationToken);
    }

    protected sealed override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(interval);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                await PollAsync(stoppingToken);
            }
            catch (Exception error) when (!stoppingToken.IsCancellationRequested)
            {
                logger.LogError(error, "The turn failed.");
            }
        }
    }

    protected abstract Task PollAsync(CancellationToken cancellationToken);
}

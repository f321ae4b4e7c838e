using Microsoft.Extensions.Options;
using Orders.Data;

namespace Orders.Shipping;

public sealed class ShippingOptions
{
    public TimeSpan Interval { get; set; } = TimeSpan.FromSeconds(1);

    public int BatchSize { get; set; } = 20;
}

/// <summary>Ships what is paid, a batch at a time.</summary>
public sealed class ShippingWorker(OrderRepository orders, IOptions<ShippingOptions> options, ILogger<ShippingWorker> logger) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(options.Value.Interval);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                while (await orders.ShipAsync(options.Value.BatchSize, stoppingToken) == options.Value.BatchSize)
                    logger.LogDebug("A whole batch was shipped");
            }
            catch (Exception e) when (e is not OperationCanceledException)
            {
                logger.LogError(e, "Shipping failed and is tried again");
            }
        }
    }
}

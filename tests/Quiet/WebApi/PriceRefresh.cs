namespace Quiet.WebApi;

internal sealed class PriceRefresh(Catalogue catalogue, ILogger<PriceRefresh> logger) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMinutes(1));
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
                Refresh();
        }
        catch (OperationCanceledException)
        {
            logger.LogInformation("The refresh stops.");
        }
    }

    private void Refresh()
    {
        try
        {
            catalogue.Reprice(1.01m);
        }
        catch (ArithmeticException error)
        {
            logger.LogError(error, "A price is out of range.");
        }
    }
}

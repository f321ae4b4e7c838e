namespace Quiet.Worker;

/// <summary>An endless loop whose wait takes the token, a retry loop that leaves by return, and cleanup that must complete.</summary>
internal sealed class Sweeper(ILogger<Sweeper> logger) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (true)
        {
            try
            {
                await SweepAsync(stoppingToken);
            }
            catch (Exception error) when (error is not OperationCanceledException)
            {
                logger.LogError(error, "The sweep failed.");
            }

            await Task.Delay(TimeSpan.FromSeconds(30), stoppingToken);
        }
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        logger.LogInformation("The sweeper stops.");
        await base.StopAsync(cancellationToken);
    }

    private async Task SweepAsync(CancellationToken cancellationToken)
    {
        var folder = Directory.CreateTempSubdirectory();
        try
        {
            for (var attempt = 1; ; attempt++)
            {
                try
                {
                    await File.WriteAllTextAsync(Path.Combine(folder.FullName, "marker"), "swept", cancellationToken);
                    return;
                }
                catch (IOException) when (attempt < 3)
                {
                    await Task.Delay(100 * attempt, cancellationToken);
                }
            }
        }
        finally
        {
            // The record of the sweep must be written, whatever stops it.
            await File.WriteAllTextAsync(Path.Combine(folder.FullName, "done"), "", CancellationToken.None);
            folder.Delete(recursive: true);
        }
    }
}

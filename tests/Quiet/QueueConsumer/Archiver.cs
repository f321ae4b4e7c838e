namespace Quiet.QueueConsumer;

/// <summary>A service in two files: its work here, its stop in the other.</summary>
internal sealed partial class Archiver(ILogger<Archiver> logger) : BackgroundService
{
    private CancellationToken _stopping;
    private int _archived;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        _stopping = stoppingToken;
        while (true)
        {
            if (!await ArchiveNextAsync())
                return;
            await PauseAsync();
        }
    }

    /// <summary>Retries until it is done: the loop leaves by return.</summary>
    private async Task<bool> ArchiveNextAsync()
    {
        for (var attempt = 0; ; attempt++)
        {
            try
            {
                await File.AppendAllTextAsync(Path.Combine(Path.GetTempPath(), "archive"), $"{_archived}\n", _stopping);
                _archived++;
                return true;
            }
            catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
            {
                return false;
            }
            catch (IOException error) when (attempt < 5)
            {
                logger.LogWarning(error, "The archive is busy.");
            }
        }
    }

    private Task PauseAsync()
    {
        var stop = _stopping;
        return Task.Delay(TimeSpan.FromSeconds(10), stop);
    }
}

using Quiet.Platform;

namespace Quiet.Shipping;

/// <summary>A hosted service whose base class is in another project.</summary>
internal sealed class CarrierPoll(HttpClient carrier, SemaphoreSlim limit, ILogger<CarrierPoll> logger) : PollingService(TimeSpan.FromMinutes(1), logger)
{
    protected override async Task PollAsync(CancellationToken cancellationToken)
    {
        await limit.WaitAsync(cancellationToken);
        try
        {
            using var answer = await carrier.GetAsync("/status", cancellationToken);
            logger.LogInformation("The carrier says {Status}.", answer.StatusCode);
        }
        finally
        {
            limit.Release();
        }
    }
}

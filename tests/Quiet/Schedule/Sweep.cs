using Quartz;

namespace Quiet.Schedule;

/// <summary>The scheduler's own token ends it.</summary>
internal sealed class Sweep(ILogger<Sweep> logger) : IJob
{
    public async ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken)
    {
        await Task.Delay(100, cancellationToken);
        logger.LogInformation("Swept.");
    }
}

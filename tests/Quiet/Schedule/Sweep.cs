using Quartz;

namespace Quiet.Schedule;

/// <summary>The scheduler's own token ends it.</summary>
internal sealed class Sweep(ILogger<Sweep> logger) : IJob
{
    public async Task Execute(IJobExecutionContext context)
    {
        await Task.Delay(100, context.CancellationToken);
        logger.LogInformation("Swept.");
    }
}

using Quartz;
using ShutdownAnalyzers.Runtime;

namespace QuartzWorker;

/// <summary>A Quartz scheduler in the drain: it goes to standby, so that no trigger fires any more, and the jobs that run are waited for.</summary>
internal sealed class QuartzParticipant(ISchedulerFactory factory) : IDrainParticipant
{
    private Task? _ended;

    public string Name => "Quartz";

    public async Task StopIntakeAsync(CancellationToken cancellationToken)
    {
        var scheduler = await factory.GetScheduler(cancellationToken);
        await scheduler.Standby(cancellationToken);
    }

    public Task WhenIdleAsync(CancellationToken cancellationToken) => _ended ??= EndAsync(cancellationToken);

    /// <summary>The scheduler's own end is what knows every job, also one whose trigger has just fired.</summary>
    private async Task EndAsync(CancellationToken cancellationToken)
    {
        var scheduler = await factory.GetScheduler(cancellationToken);
        await scheduler.Shutdown(waitForJobsToComplete: true, cancellationToken);
    }
}

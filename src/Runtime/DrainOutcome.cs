namespace ShutdownAnalyzers.Runtime;

/// <summary>What has gone wrong so far; the exit code follows from it.</summary>
internal sealed class DrainOutcome
{
    public IReadOnlyList<string> AbortedRequests { get; private set; } = [];

    public IReadOnlyList<string> AbandonedWork { get; private set; } = [];

    public IReadOnlyList<CleanupResult> Cleanup { get; private set; } = [];

    public bool BackgroundServiceFaulted { get; set; }

    /// <summary>A step of the drain itself failed, so that nobody knows what it would have waited for.</summary>
    public bool StepFailed { get; set; }

    public int ExitCode =>
        BackgroundServiceFaulted ? ShutdownExitCodes.BackgroundServiceFaulted
        : AbortedRequests.Count > 0 || AbandonedWork.Count > 0 || StepFailed ? ShutdownExitCodes.WorkAborted
        : Cleanup.Any(c => c.Outcome != CleanupOutcome.Done) ? ShutdownExitCodes.CleanupFailed
        : ShutdownExitCodes.Clean;

    public void Abort(IReadOnlyList<string> requests, IReadOnlyList<string> work)
    {
        AbortedRequests = requests;
        AbandonedWork = work;
    }

    public void CleanedUp(IReadOnlyList<CleanupResult> results) => Cleanup = results;
}

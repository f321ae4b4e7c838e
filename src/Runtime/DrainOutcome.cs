namespace ShutdownAnalyzers.Runtime;

/// <summary>What has gone wrong so far; the exit code follows from it.</summary>
internal sealed class DrainOutcome
{
    private readonly object _gate = new();
    private IReadOnlyList<string> _aborted = [];

    /// <summary>The endpoints of the aborted requests, streams among them.</summary>
    public IReadOnlyList<string> AbortedRequests
    {
        get { lock (_gate) return _aborted; }
    }

    public IReadOnlyList<string> AbandonedWork { get; set; } = [];

    public IReadOnlyList<CleanupResult> Cleanup { get; private set; } = [];

    public bool BackgroundServiceFaulted { get; set; }

    /// <summary>A step of the drain itself failed, so that nobody knows what it would have waited for.</summary>
    public bool StepFailed { get; set; }

    public int ExitCode =>
        BackgroundServiceFaulted ? ShutdownExitCodes.BackgroundServiceFaulted
        : AbortedRequests.Count > 0 || AbandonedWork.Count > 0 || StepFailed ? ShutdownExitCodes.WorkAborted
        : Cleanup.Any(c => c.Outcome != CleanupOutcome.Done) ? ShutdownExitCodes.CleanupFailed
        : ShutdownExitCodes.Clean;

    public void AddAborted(IReadOnlyList<string> requests)
    {
        lock (_gate) _aborted = [.. _aborted, .. requests];
    }

    public void CleanedUp(IReadOnlyList<CleanupResult> results) => Cleanup = results;
}

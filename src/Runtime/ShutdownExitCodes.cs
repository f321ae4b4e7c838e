namespace ShutdownAnalyzers.Runtime;

/// <summary>
/// The exit codes that a drain ends the process with. They are set by way of <see cref="Environment.ExitCode"/>, and only where that is still 0; a <c>Main</c> that returns an
/// <see cref="int"/> overrides them. Where several apply, the one that stands lowest in this list is used.
/// </summary>
public static class ShutdownExitCodes
{
    /// <summary>Everything ended in its time.</summary>
    public const int Clean = 0;

    /// <summary>A cleanup handler failed or did not end in its time, whatever its forced step made good.</summary>
    public const int CleanupFailed = 81;

    /// <summary>Requests, streams or tracked work did not end within their time and were cut off, or a participant did not get idle.</summary>
    public const int WorkAborted = 82;

    /// <summary>The host stopped because a <c>BackgroundService</c> failed.</summary>
    public const int BackgroundServiceFaulted = 83;

    /// <summary>The hard deadline ended the process while something was still running.</summary>
    public const int DeadlineExceeded = 84;

    /// <summary>A second signal ended the process before the sequence was done.</summary>
    public const int ForcedBySignal = 85;
}

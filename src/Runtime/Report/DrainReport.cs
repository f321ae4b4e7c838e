namespace ShutdownAnalyzers.Runtime;

/// <summary>What happened in the drain, as it stands at one moment: all that the log record, the metrics and the trace are made of.</summary>
internal sealed record DrainReport
{
    public required string Cause { get; init; }

    public required DateTimeOffset Begun { get; init; }

    public required TimeSpan Duration { get; init; }

    /// <summary>The phases that were entered, in their order.</summary>
    public required IReadOnlyList<PhaseTime> Phases { get; init; }

    public required RequestCounts Requests { get; init; }

    /// <summary>The endpoints of the aborted requests, streams among them, each with their number.</summary>
    public required IReadOnlyList<AbortedEndpoint> Aborted { get; init; }

    /// <summary>Tracked work that did not end and was left behind.</summary>
    public required IReadOnlyList<string> AbandonedWork { get; init; }

    /// <summary>Tracked work that ended without its result when its token fired.</summary>
    public required IReadOnlyList<string> WorkThatGaveUp { get; init; }

    public required IReadOnlyList<ParticipantResult> Participants { get; init; }

    public required IReadOnlyList<CleanupResult> Cleanup { get; init; }

    /// <summary>The background services that had failed.</summary>
    public required IReadOnlyList<string> FaultedServices { get; init; }

    /// <summary>Steps of the drain itself that failed, so that nobody knows what they would have waited for.</summary>
    public required IReadOnlyList<string> FailedSteps { get; init; }

    /// <summary>What the exit waited for longest once the delay was over.</summary>
    public required Hold? LongestHold { get; init; }

    public required IReadOnlyList<Exception> Errors { get; init; }

    /// <summary>What ended the process before the drain was done; null where it got to its end.</summary>
    public required CutOff? CutOff { get; init; }

    public int ExitCode =>
        CutOff is { } cut ? cut.ExitCode
        : FaultedServices.Count > 0 ? ShutdownExitCodes.BackgroundServiceFaulted
        : Aborted.Count > 0 || AbandonedWork.Count > 0 || FailedSteps.Count > 0 || Participants.Any(p => p.Outcome != ParticipantOutcome.Idle) ? ShutdownExitCodes.WorkAborted
        : Cleanup.Any(c => c.Outcome != CleanupOutcome.Done) ? ShutdownExitCodes.CleanupFailed
        : ShutdownExitCodes.Clean;
}

/// <summary>How long a phase took, or has taken so far. A class, as all that the report has lists of: lists of a structure would have to be compiled while the host waits for its end.</summary>
internal sealed record PhaseTime(DrainPhase Phase, TimeSpan Start, TimeSpan Duration);

/// <summary>How many requests of an endpoint were aborted.</summary>
internal sealed record AbortedEndpoint(string Endpoint, int Count);

/// <summary>How long something kept the exit waiting.</summary>
internal sealed record Hold(string What, TimeSpan Duration);

/// <summary>A forced end.</summary>
/// <param name="Why">What forced it.</param>
/// <param name="ExitCode">The code that the process ends with.</param>
/// <param name="StillRunning">What was running then.</param>
internal sealed record CutOff(string Why, int ExitCode, string StillRunning);

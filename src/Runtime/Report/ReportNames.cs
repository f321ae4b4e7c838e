namespace ShutdownAnalyzers.Runtime;

/// <summary>The names that metrics and trace share, after OpenTelemetry's conventions: its own attributes where it has them, the others under <c>shutdown</c>.</summary>
internal static class ReportNames
{
    /// <summary>Of the meter, the activity source and the log category alike.</summary>
    public const string Source = "ShutdownAnalyzers.Runtime";

    public const string ErrorType = "error.type";
    public const string ExitCode = "process.exit.code";
    public const string Cause = "shutdown.cause";
    public const string Phase = "shutdown.phase";
    public const string Endpoint = "shutdown.endpoint";
    public const string Work = "shutdown.work.name";
    public const string Participant = "shutdown.participant.name";
    public const string ParticipantResult = "shutdown.participant.result";
    public const string Cleanup = "shutdown.cleanup.name";
    public const string CleanupStage = "shutdown.cleanup.stage";
    public const string CleanupResult = "shutdown.cleanup.result";
    public const string ForcedResult = "shutdown.cleanup.forced_result";

    public const string DrainDuration = "shutdown.drain.duration";
    public const string PhaseDuration = "shutdown.phase.duration";
    public const string ParticipantDuration = "shutdown.participant.duration";
    public const string CleanupDuration = "shutdown.cleanup.duration";
    public const string RequestsServed = "shutdown.requests.served";
    public const string RequestsRefused = "shutdown.requests.refused";
    public const string RequestsAborted = "shutdown.requests.aborted";
    public const string ClosesAsked = "shutdown.connections.close_asked";
    public const string StreamsAsked = "shutdown.streams.end_asked";
    public const string WorkAbandoned = "shutdown.work.abandoned";

    /// <summary>The outcome as one of few words, where it is an error.</summary>
    public static string? ErrorTypeOf(int exitCode) => exitCode switch
    {
        ShutdownExitCodes.Clean => null,
        ShutdownExitCodes.CleanupFailed => "cleanup_failed",
        ShutdownExitCodes.WorkAborted => "work_aborted",
        ShutdownExitCodes.BackgroundServiceFaulted => "background_service_faulted",
        ShutdownExitCodes.DeadlineExceeded => "deadline_exceeded",
        ShutdownExitCodes.ForcedBySignal => "forced_by_signal",
        _ => "_OTHER",
    };

    public static string Of(DrainPhase phase) => phase switch
    {
        DrainPhase.Running => "running",
        DrainPhase.Announce => "announce",
        DrainPhase.Shed => "shed",
        DrainPhase.Refuse => "refuse",
        DrainPhase.Stop => "stop",
        DrainPhase.CleanUp => "clean_up",
        _ => "exit",
    };

    public static string Of(CleanupStage stage) => stage switch
    {
        Runtime.CleanupStage.StopIntake => "stop_intake",
        Runtime.CleanupStage.Flush => "flush",
        _ => "close",
    };

    public static string Of(CleanupOutcome outcome) => outcome switch
    {
        CleanupOutcome.Done => "done",
        CleanupOutcome.Failed => "failed",
        _ => "timed_out",
    };

    public static string Of(ParticipantOutcome outcome) => outcome switch
    {
        ParticipantOutcome.Idle => "idle",
        ParticipantOutcome.Failed => "failed",
        _ => "busy",
    };
}

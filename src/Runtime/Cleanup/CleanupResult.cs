namespace ShutdownAnalyzers.Runtime;

/// <summary>How a cleanup handler ended.</summary>
internal enum CleanupOutcome
{
    Done,
    Failed,
    TimedOut,
}

/// <summary>What the report says of one cleanup handler.</summary>
internal sealed record CleanupResult(string Name, CleanupStage Stage, CleanupOutcome Outcome, TimeSpan Duration, Exception? Error);

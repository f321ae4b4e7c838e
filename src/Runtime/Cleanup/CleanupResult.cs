namespace ShutdownAnalyzers.Runtime;

/// <summary>How a step of a cleanup handler ended.</summary>
internal enum CleanupOutcome
{
    Done,
    Failed,
    TimedOut,
}

/// <summary>What the report says of one cleanup handler.</summary>
/// <param name="Name">The handler.</param>
/// <param name="Stage">Its stage.</param>
/// <param name="Outcome">How the handler itself ended, whatever its forced step made good.</param>
/// <param name="Forced">How its forced step ended, where it ran.</param>
/// <param name="Duration">How long both took.</param>
/// <param name="Errors">What they threw.</param>
internal sealed record CleanupResult(string Name, CleanupStage Stage, CleanupOutcome Outcome, CleanupOutcome? Forced, TimeSpan Duration, IReadOnlyList<Exception> Errors);

namespace ShutdownAnalyzers;

/// <summary>The ids of all rules. An id is never reused, and its meaning never changes.</summary>
internal static class RuleIds
{
    public const string MissingDrainSequence = "SHUT101";

    public const string EndlessLoopIgnoresStop = "SHUT201";
    public const string WaitIgnoresStoppingToken = "SHUT202";
    public const string CancellationSwallowed = "SHUT203";
    public const string CancellationLoggedAsError = "SHUT204";
}

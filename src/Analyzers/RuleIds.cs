namespace ShutdownAnalyzers;

/// <summary>The ids of all rules. An id is never reused, and its meaning never changes.</summary>
internal static class RuleIds
{
    public const string MissingDrainSequence = "SHUT101";

    public const string EndlessLoopIgnoresStop = "SHUT201";
    public const string WaitIgnoresStoppingToken = "SHUT202";
    public const string CancellationSwallowed = "SHUT203";
    public const string CancellationLoggedAsError = "SHUT204";
    public const string StopAsyncSkipsBase = "SHUT205";
    public const string UntrackedWork = "SHUT206";
    public const string StartTokenOutlivesStart = "SHUT207";
    public const string StopAsyncUnbounded = "SHUT208";
    public const string ShutdownTimeoutUnsafe = "SHUT209";
    public const string AsyncTimerCallback = "SHUT210";
    public const string ServiceStopsBeforeServer = "SHUT211";
    public const string ForegroundThread = "SHUT212";
    public const string ChannelItemsDropped = "SHUT213";
    public const string StopAsyncThrowsAtTimeout = "SHUT214";
}

namespace ShutdownAnalyzers.Runtime;

/// <summary>When, in the cleanup phase, a handler runs: all handlers of one stage have ended (or timed out) before the next stage begins.</summary>
public enum CleanupStage
{
    /// <summary>First: stop taking in work (unsubscribe consumers, deregister from a service registry).</summary>
    StopIntake,

    /// <summary>Second: write out what is held (producers, buffers, telemetry).</summary>
    Flush,

    /// <summary>Last: close connections and pools.</summary>
    Close,
}

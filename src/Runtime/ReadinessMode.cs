namespace ShutdownAnalyzers.Runtime;

/// <summary>When readiness turns to 503 in the drain.</summary>
public enum ReadinessMode
{
    /// <summary>With the signal. The default, and right for every load balancer that asks a readiness endpoint.</summary>
    Immediate,

    /// <summary>When the drain delay is over, for platforms that already took the process out before they sent the signal and count an unready process as failed.</summary>
    AfterDelay,

    /// <summary>Never: readiness keeps answering what the checks say.</summary>
    Never,
}

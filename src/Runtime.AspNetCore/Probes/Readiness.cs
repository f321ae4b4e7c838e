using Microsoft.Extensions.Options;

namespace ShutdownAnalyzers.Runtime.AspNetCore;

/// <summary>Whether the drain makes the process unready, by the chosen mode.</summary>
internal sealed class Readiness(IGracefulShutdown shutdown, DelayEvidence evidence, IOptions<GracefulShutdownOptions> options)
{
    /// <summary>Asks on behalf of a probe, which will be told so.</summary>
    public bool Refuses()
    {
        if (!IsDraining) return false;
        evidence.UnreadySeen();
        return true;
    }

    private bool IsDraining => options.Value.ReadinessMode switch
    {
        ReadinessMode.Never => false,
        ReadinessMode.AfterDelay => shutdown.Phase >= DrainPhase.Refuse,
        _ => shutdown.IsDraining,
    };
}

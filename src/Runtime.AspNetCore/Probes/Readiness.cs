using Microsoft.Extensions.Options;

namespace ShutdownAnalyzers.Runtime.AspNetCore;

/// <summary>Whether the drain makes the process unready, by the chosen mode.</summary>
internal sealed class Readiness(IGracefulShutdown shutdown, IOptions<GracefulShutdownOptions> options)
{
    public bool IsDraining => options.Value.ReadinessMode switch
    {
        ReadinessMode.Never => false,
        ReadinessMode.AfterDelay => shutdown.Phase >= DrainPhase.Refuse,
        _ => shutdown.IsDraining,
    };
}

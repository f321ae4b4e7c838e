using Microsoft.Extensions.Diagnostics.HealthChecks;
using ShutdownAnalyzers.Runtime.AspNetCore;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>The drain, as a health check.</summary>
public static class GracefulShutdownHealthChecksExtensions
{
    /// <summary>
    /// Adds a check that is unhealthy while the process drains (by the chosen <see cref="ShutdownAnalyzers.Runtime.ReadinessMode"/>), for an existing readiness endpoint of <c>MapHealthChecks</c>.
    /// Must not be in the liveness endpoint's checks. Needs the drain sequence.
    /// </summary>
    /// <param name="builder">The health checks.</param>
    /// <param name="name">The check's name; <c>shutdown</c> by default.</param>
    /// <param name="tags">The check's tags; <c>ready</c> where none is given.</param>
    /// <returns>The same health checks.</returns>
    /// <exception cref="ArgumentException"><paramref name="name"/> is null or blank.</exception>
    /// <exception cref="ArgumentNullException"><paramref name="builder"/> or <paramref name="tags"/> is null.</exception>
    public static IHealthChecksBuilder AddShutdownCheck(this IHealthChecksBuilder builder, string name = "shutdown", params string[] tags)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        ArgumentNullException.ThrowIfNull(tags);
        DrainHealthCheckService.Wrap(builder.Services);
        return builder.Add(new HealthCheckRegistration(name, ShutdownHealthCheck.Factory, HealthStatus.Unhealthy, tags.Length > 0 ? tags : [ProbeEndpoints.ReadyTag]));
    }
}

using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace ShutdownAnalyzers.Runtime.AspNetCore;

/// <summary>Unhealthy from the point of the drain at which readiness turns.</summary>
internal sealed class ShutdownHealthCheck(Readiness readiness) : IHealthCheck
{
    /// <inheritdoc/>
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(readiness.IsDraining ? new HealthCheckResult(context.Registration.FailureStatus, "The process is shutting down.") : HealthCheckResult.Healthy());
}

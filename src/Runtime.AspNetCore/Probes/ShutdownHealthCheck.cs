using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace ShutdownAnalyzers.Runtime.AspNetCore;

/// <summary>Unhealthy from the point of the drain at which readiness turns.</summary>
internal sealed class ShutdownHealthCheck(Readiness readiness) : IHealthCheck
{
    public const string Description = "The process is shutting down.";

    /// <summary>Makes it; its identity also tells the registrations of this check from the application's.</summary>
    public static readonly Func<IServiceProvider, IHealthCheck> Factory = static provider => new ShutdownHealthCheck(provider.GetService<Readiness>()
        ?? throw new InvalidOperationException("AddShutdownCheck needs the drain sequence's request part: call AddGracefulShutdown() on the WebApplicationBuilder, or UseGracefulShutdown() on the web host's builder."));

    /// <inheritdoc/>
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(readiness.Refuses() ? new HealthCheckResult(context.Registration.FailureStatus, Description) : HealthCheckResult.Healthy());
}

using Microsoft.AspNetCore.Routing;
using ShutdownAnalyzers.Runtime;
using ShutdownAnalyzers.Runtime.AspNetCore;

namespace Microsoft.AspNetCore.Builder;

/// <summary>The drain sequence in web applications: its registration, its probes and its exemptions.</summary>
public static class GracefulShutdownWebApplicationExtensions
{
    /// <summary>
    /// Registers the drain sequence with its request part, which stands first in the pipeline. Call it once, after the registration of a lifetime (<c>AddSystemd</c>, <c>AddWindowsService</c>), and map the probes
    /// with <see cref="MapReadiness"/> and <see cref="MapLiveness"/>.
    /// </summary>
    /// <param name="builder">The application's builder.</param>
    /// <param name="configure">Sets the options; configuration and environment override it.</param>
    /// <returns>The same builder.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="builder"/> is null.</exception>
    public static WebApplicationBuilder AddGracefulShutdown(this WebApplicationBuilder builder, Action<GracefulShutdownOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Services.AddWebDrain("WebApplicationBuilder.AddGracefulShutdown", configure);
        return builder;
    }

    /// <summary>
    /// Maps the readiness probe (GET and HEAD): 503 while the process drains, by the chosen <see cref="ReadinessMode"/>, else what the health checks tagged <c>ready</c> say, and 200 where there are none. Exempt from the drain.
    /// </summary>
    /// <param name="endpoints">Where to map it.</param>
    /// <param name="pattern">Its route; <c>/health/ready</c> by default.</param>
    /// <returns>The endpoint, for conventions such as <c>AllowAnonymous</c>.</returns>
    /// <exception cref="ArgumentException"><paramref name="pattern"/> is null or blank.</exception>
    /// <exception cref="ArgumentNullException"><paramref name="endpoints"/> is null.</exception>
    /// <exception cref="InvalidOperationException">The pattern is mapped already, or the drain sequence is not registered.</exception>
    public static IEndpointConventionBuilder MapReadiness(this IEndpointRouteBuilder endpoints, string pattern = "/health/ready") =>
        ProbeEndpoints.Map(endpoints, pattern, ProbeEndpoints.ReadyAsync, nameof(MapReadiness));

    /// <summary>Maps the liveness probe (GET and HEAD): 200 as long as the process answers, also while it drains, so that no platform restarts it in the middle. Runs no checks. Exempt from the drain.</summary>
    /// <param name="endpoints">Where to map it.</param>
    /// <param name="pattern">Its route; <c>/health/live</c> by default.</param>
    /// <returns>The endpoint, for conventions such as <c>AllowAnonymous</c>.</returns>
    /// <exception cref="ArgumentException"><paramref name="pattern"/> is null or blank.</exception>
    /// <exception cref="ArgumentNullException"><paramref name="endpoints"/> is null.</exception>
    /// <exception cref="InvalidOperationException">The pattern is mapped already, or the drain sequence is not registered.</exception>
    public static IEndpointConventionBuilder MapLiveness(this IEndpointRouteBuilder endpoints, string pattern = "/health/live") =>
        ProbeEndpoints.Map(endpoints, pattern, ProbeEndpoints.LiveAsync, nameof(MapLiveness));

    /// <summary>Exempts endpoints from the drain: they are served in every phase and nobody waits for their requests. For probes and metrics; not for work that matters to anybody.</summary>
    /// <typeparam name="TBuilder">The kind of endpoint.</typeparam>
    /// <param name="builder">The endpoints.</param>
    /// <returns>The same endpoints.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="builder"/> is null.</exception>
    public static TBuilder ExemptFromDrain<TBuilder>(this TBuilder builder)
        where TBuilder : IEndpointConventionBuilder
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Add(static endpoint => endpoint.Metadata.Add(DrainExemptMetadata.Instance));
        return builder;
    }
}

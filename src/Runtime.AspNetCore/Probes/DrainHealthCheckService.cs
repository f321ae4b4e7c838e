using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Options;

namespace ShutdownAnalyzers.Runtime.AspNetCore;

/// <summary>
/// The application's health checks, with the drain's own check answered here while the process drains. The service behind logs an error for each check that fails, which this one does by design, at every probe.
/// </summary>
internal sealed class DrainHealthCheckService(HealthCheckService inner, Readiness readiness, IOptions<HealthCheckServiceOptions> options) : HealthCheckService
{
    /// <summary>Wraps the registered service, once.</summary>
    public static void Wrap(IServiceCollection services)
    {
        if (services.LastOrDefault(d => d.ServiceType == typeof(HealthCheckService) && !d.IsKeyedService) is not { } registered || services.Any(d => d.ServiceType == typeof(Wrapped))) return;
        services.AddSingleton<Wrapped>();
        services.Replace(ServiceDescriptor.Singleton<HealthCheckService>(provider =>
        {
            HealthCheckService inner = registered switch
            {
                { ImplementationInstance: { } instance } => (HealthCheckService)instance,
                { ImplementationFactory: { } factory } => (HealthCheckService)factory(provider),
                _ => (HealthCheckService)ActivatorUtilities.CreateInstance(provider, registered.ImplementationType!),
            };
            // Without the drain sequence the check itself says what is missing, when it is asked.
            return provider.GetService<Readiness>() is { } readiness
                ? new DrainHealthCheckService(inner, readiness, provider.GetRequiredService<IOptions<HealthCheckServiceOptions>>())
                : inner;
        }));
    }

    /// <inheritdoc/>
    public override async Task<HealthReport> CheckHealthAsync(Func<HealthCheckRegistration, bool>? predicate, CancellationToken cancellationToken = default)
    {
        HealthCheckRegistration[] asked = [.. options.Value.Registrations.Where(check => IsOurs(check) && predicate?.Invoke(check) != false)];
        if (asked.Length == 0 || !readiness.Refuses()) return await inner.CheckHealthAsync(predicate, cancellationToken).ConfigureAwait(false);

        HealthReport others = await inner.CheckHealthAsync(check => !IsOurs(check) && predicate?.Invoke(check) != false, cancellationToken).ConfigureAwait(false);
        var entries = new Dictionary<string, HealthReportEntry>(others.Entries);
        foreach (HealthCheckRegistration check in asked)
        {
            entries[check.Name] = new HealthReportEntry(check.FailureStatus, ShutdownHealthCheck.Description, TimeSpan.Zero, exception: null, data: null, check.Tags);
        }

        return new HealthReport(entries, others.TotalDuration);
    }

    private static bool IsOurs(HealthCheckRegistration check) => check.Factory == ShutdownHealthCheck.Factory;

    /// <summary>Says that the service is wrapped already.</summary>
    private sealed class Wrapped;
}

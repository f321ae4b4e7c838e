using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace ShutdownAnalyzers.Runtime;

/// <summary>
/// Hands the host's own steps to the coordinator. It stands first among the hosted services, so that it is the last one to be told of the stop: everybody else's StoppingAsync has run before the
/// server closes, and everybody has stopped before cleanup begins. Nothing here throws into the host's stop, which would end the process with an unhandled exception.
/// </summary>
internal sealed class DrainService(DrainCoordinator coordinator, IHostApplicationLifetime lifetime, IServiceProvider services) : IHostedLifecycleService, IDisposable
{
    private HostWithoutLifetime? _host;

    /// <inheritdoc/>
    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task StartAsync(CancellationToken cancellationToken)
    {
        // Throws what the validator found, also in hosts that run no validators at start.
        GracefulShutdownOptions options = coordinator.Options;
        if (services.GetService<IHostLifetime>() is null) _host = new HostWithoutLifetime(coordinator, lifetime);
        StartChecks.Run(services, coordinator, options);
        coordinator.Participants.Find(services);
        lifetime.ApplicationStopping.Register(() => coordinator.Begin(DrainCause.StopApplication));
        lifetime.ApplicationStarted.Register(() =>
        {
            if (coordinator.OwnsProcess) DrainRehearsal.Start(services);
        });
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task StoppingAsync(CancellationToken cancellationToken) => coordinator.StopWorkAsync();

    /// <inheritdoc/>
    public Task StopAsync(CancellationToken cancellationToken) => _host is null ? Task.CompletedTask : coordinator.StopWorkAsync();

    /// <inheritdoc/>
    public Task StoppedAsync(CancellationToken cancellationToken) => coordinator.CleanUpAsync();

    /// <inheritdoc/>
    public void Dispose() => _host?.Dispose();
}

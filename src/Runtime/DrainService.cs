using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace ShutdownAnalyzers.Runtime;

/// <summary>
/// Hands the host's own steps to the coordinator. It stands first among the hosted services, so that it is the last one to be told of the stop: everybody else's StoppingAsync has run before the
/// server closes, and everybody has stopped before cleanup begins. Nothing here throws into the host's stop, which would end the process with an unhandled exception.
/// </summary>
internal sealed class DrainService(DrainCoordinator coordinator, IHostApplicationLifetime lifetime, IServiceProvider services) : IHostedLifecycleService, IDisposable
{
    /// <summary>
    /// An <c>IWebHost</c> of the old kind has no lifetime to wrap and doesn't know the lifecycle steps: the signals are handled here, the delay is a callback that waits, and the cleanup runs in StopAsync.
    /// </summary>
    private readonly bool _hasNoLifetime = services.GetService<IHostLifetime>() is null;

    private TerminationSignals? _signals;

    /// <inheritdoc/>
    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task StartAsync(CancellationToken cancellationToken)
    {
        // Throws what the validator found, also in hosts that run no validators at start.
        GracefulShutdownOptions options = coordinator.Options;
        StartChecks.Run(services, coordinator, options);
        if (_hasNoLifetime) ListenToSignals();
        lifetime.ApplicationStopping.Register(Stopping);
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task StoppingAsync(CancellationToken cancellationToken) => coordinator.StopWorkAsync();

    /// <inheritdoc/>
    public Task StopAsync(CancellationToken cancellationToken) => _hasNoLifetime ? StopWithoutLifecycleAsync() : Task.CompletedTask;

    /// <inheritdoc/>
    public Task StoppedAsync(CancellationToken cancellationToken) => coordinator.CleanUpAsync();

    /// <inheritdoc/>
    public void Dispose() => _signals?.Dispose();

    private void Stopping()
    {
        // The old web host hears of the signal too and stops at once. Its lock on the stop holds it here, still serving, until the delay is over.
        if (_signals?.First is not null) coordinator.DelayOver.Wait();
        else coordinator.Begin(DrainCause.StopApplication);
    }

    private void ListenToSignals()
    {
        coordinator.OwnsProcess = true;
        TerminationSignals signals = new(coordinator, () => coordinator.Begin(DrainCause.ByLifetime(_signals!.First, "IWebHost")));
        _signals = signals;
        // Newest first: this one runs ahead of the web host's own.
        signals.ListenAhead(begin: true);
    }

    /// <summary>The web host has stopped its server before it stops the hosted services, and this is the last of them.</summary>
    private async Task StopWithoutLifecycleAsync()
    {
        await coordinator.StopWorkAsync().ConfigureAwait(false);
        await coordinator.CleanUpAsync().ConfigureAwait(false);
    }
}

using System.Runtime.InteropServices;
using Microsoft.Extensions.Hosting;

namespace ShutdownAnalyzers.Runtime;

/// <summary>
/// The drain in a host that has no <see cref="IHostLifetime"/> to wrap and knows nothing of lifecycle services: the web host (<c>IWebHost</c>). It handles the signals itself, so its handlers are held back until the
/// delay is over, and cleanup begins when it says that it has stopped.
/// </summary>
internal sealed class HostWithoutLifetime : IDisposable
{
    private const string Name = "IWebHost";

    private readonly DrainCoordinator _coordinator;
    private readonly IHostApplicationLifetime _lifetime;
    private readonly TerminationSignals _signals;

    public HostWithoutLifetime(DrainCoordinator coordinator, IHostApplicationLifetime lifetime)
    {
        _coordinator = coordinator;
        _lifetime = lifetime;
        coordinator.HostStopsServerAtOnce = true;
        _signals = new TerminationSignals(coordinator, HoldBack);
        // Handlers run newest first: these two before the host's own, which were there before it started its services.
        _signals.ListenAndLeaveTheRest();
        _signals.ListenAhead();
        // The host waits for its callbacks here, and for nothing else after its services have stopped.
        lifetime.ApplicationStopped.Register(() => coordinator.CleanUpAsync().GetAwaiter().GetResult());
    }

    /// <inheritdoc/>
    public void Dispose() => _signals.Dispose();

    private void HoldBack()
    {
        // Not earlier: without a signal the process may be a test's.
        _coordinator.OwnsProcess = true;
        _coordinator.Begin(DrainCause.ByLifetime(_signals.First ?? PosixSignal.SIGTERM, Name));
        // On the signal's own thread, where the host's handler would wait as well. The hard deadline bounds it.
        _lifetime.ApplicationStopping.WaitHandle.WaitOne();
    }
}

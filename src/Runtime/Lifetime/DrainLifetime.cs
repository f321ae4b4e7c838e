using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace ShutdownAnalyzers.Runtime;

/// <summary>
/// The registered host lifetime, wrapped. It works as before (console, systemd, Windows service), but when it asks the application to stop, the drain begins instead, and the application hears of it
/// when the drain delay is over.
/// </summary>
internal sealed class DrainLifetime : IHostLifetime, IDisposable
{
    private readonly DrainCoordinator _coordinator;
    private readonly TerminationSignals _signals;
    private readonly IHostLifetime _inner;
    private readonly WindowsServiceStop? _service;

    public DrainLifetime(IServiceProvider services, ServiceDescriptor registered)
    {
        _coordinator = services.GetRequiredService<DrainCoordinator>();
        _signals = new TerminationSignals(_coordinator, StopRequested);
        IsInstance = registered.ImplementationInstance is not null;
        var application = services.GetRequiredService<IHostApplicationLifetime>();
        _inner = Create(registered, new LifetimeServices(services, new StopRequestLifetime(application, StopRequested)));
        _service = WindowsServiceStop.Of(_inner, application);
    }

    /// <summary>The wrapped lifetime.</summary>
    public IHostLifetime Inner => _inner;

    public TerminationSignals Signals => _signals;

    /// <summary>Whether the wrapped lifetime was made by the application, which gave it the real application lifetime.</summary>
    public bool IsInstance { get; }

    public string InnerName => _inner.GetType().ToString();

    /// <inheritdoc/>
    public async Task WaitForStartAsync(CancellationToken cancellationToken)
    {
        _coordinator.OwnsProcess = true;
        // Handlers run newest first: the outer pair sees what the lifetime's own handlers leave over.
        _signals.ListenBehind();
        await _inner.WaitForStartAsync(cancellationToken).ConfigureAwait(false);
        _signals.ListenAhead();
    }

    /// <inheritdoc/>
    public Task StopAsync(CancellationToken cancellationToken) => _inner.StopAsync(cancellationToken);

    /// <inheritdoc/>
    public void Dispose()
    {
        _signals.Dispose();
        if (!IsInstance) (_inner as IDisposable)?.Dispose();
    }

    private static IHostLifetime Create(ServiceDescriptor registered, IServiceProvider services) => registered switch
    {
        { ImplementationInstance: { } instance } => (IHostLifetime)instance,
        { ImplementationFactory: { } factory } => (IHostLifetime)factory(services),
        _ => (IHostLifetime)ActivatorUtilities.CreateInstance(services, registered.ImplementationType!),
    };

    private void StopRequested()
    {
        _coordinator.Begin(DrainCause.ByLifetime(_signals.First, InnerName));
        _service?.Hold(DrainBudget.Total(_coordinator.Options, _coordinator.Options.DrainDelay));
    }
}

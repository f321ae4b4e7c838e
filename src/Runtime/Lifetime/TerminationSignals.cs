using System.Runtime.InteropServices;

namespace ShutdownAnalyzers.Runtime;

/// <summary>
/// Watches the signals that ask a process to end, beside the host lifetime's own handlers: tells which one it was, starts the drain where nobody else handles it, and lets a second one force the exit.
/// After a signal it keeps watching until the process is gone, since the program may still clean up after its host, and a signal without a handler would kill it there.
/// </summary>
internal sealed class TerminationSignals(DrainCoordinator coordinator, Action stopRequested) : IDisposable
{
    private static readonly PosixSignal[] Signals = [PosixSignal.SIGTERM, PosixSignal.SIGINT, PosixSignal.SIGQUIT];

    /// <summary>Ctrl+C in a terminal and process managers can deliver the same wish several times over.</summary>
    private static readonly TimeSpan OneWish = TimeSpan.FromSeconds(1);

    private readonly object _gate = new();
    private readonly List<PosixSignalRegistration> _registrations = [];
    private long _firstAt;
    private PosixSignal? _first;
    private PosixSignalContext? _firstContext;

    /// <summary>The first signal that came.</summary>
    public PosixSignal? First
    {
        get { lock (_gate) return _first; }
    }

    /// <summary>Registers the handlers that run after everybody else's; on .NET 8 handlers run oldest first, and these run before.</summary>
    public void ListenBehind() => Listen(context =>
    {
        bool alone = !context.Cancel;
        context.Cancel = true;
        // Without a handler that cancels, the default action would follow: death, or for the first process of a container nothing at all.
        if (!Arrived(context) && alone) stopRequested();
    });

    /// <summary>Registers the handlers for a host that listens to the signals itself: they start the drain and leave the rest to it.</summary>
    public void ListenAndLeaveTheRest() => Listen(context =>
    {
        if (!context.Cancel) stopRequested();
    });

    /// <summary>Registers the handlers that run before everybody else's.</summary>
    public void ListenAhead() => Listen(context =>
    {
        if (Arrived(context)) context.Cancel = true;
    });

    /// <summary>Notes the signal; the second one forces the exit.</summary>
    /// <returns>Whether the signal has been dealt with.</returns>
    public bool Arrived(PosixSignalContext context)
    {
        if (!IsSecondWish(context)) return false;
        coordinator.ForceExit(context.Signal.ToString());
        return true;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (_gate)
        {
            if (_first is not null) return;
            foreach (PosixSignalRegistration registration in _registrations) registration.Dispose();
            _registrations.Clear();
        }
    }

    private void Listen(Action<PosixSignalContext> handler)
    {
        if (!coordinator.Options.Process.ListenToSignals || OperatingSystem.IsBrowser() || OperatingSystem.IsAndroid() || OperatingSystem.IsIOS() || OperatingSystem.IsTvOS() || OperatingSystem.IsWasi()) return;
        lock (_gate)
        {
            foreach (PosixSignal signal in Signals) _registrations.Add(PosixSignalRegistration.Create(signal, handler));
        }
    }

    /// <summary>Whether somebody has asked before, long enough ago to mean it.</summary>
    private bool IsSecondWish(PosixSignalContext context)
    {
        TimeProvider time = coordinator.Options.Process.Time;
        lock (_gate)
        {
            // All handlers of one signal share its context, and those between them may have taken their time.
            if (_first is not null) return !ReferenceEquals(_firstContext, context) && time.GetElapsedTime(_firstAt) > OneWish;
            _first = context.Signal;
            _firstContext = context;
            _firstAt = time.GetTimestamp();
            return false;
        }
    }
}

using System.Runtime.InteropServices;

namespace ShutdownAnalyzers.Runtime;

/// <summary>
/// SIGTERM, SIGINT and SIGQUIT for programs without a host. While an instance is registered, a signal no longer kills the process: it cancels <see cref="Token"/>, and the program ends by itself. A second signal,
/// more than a second after the first, ends the process at once with <see cref="ShutdownExitCodes.ForcedBySignal"/>. Register it first in <c>Main</c>, in a <c>using</c> that lasts until the program ends.
/// </summary>
public sealed class ShutdownSignal : IDisposable
{
    private static readonly PosixSignal[] Signals = [PosixSignal.SIGTERM, PosixSignal.SIGINT, PosixSignal.SIGQUIT];
    private static readonly TimeSpan OneWish = TimeSpan.FromSeconds(1);

    private readonly object _gate = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly ProcessHooks _process;
    private readonly PosixSignalRegistration[] _registrations;
    private long? _firstAt;

    internal ShutdownSignal(ProcessHooks process)
    {
        _process = process;
        _registrations = process.ListenToSignals && !OperatingSystem.IsBrowser() && !OperatingSystem.IsAndroid() && !OperatingSystem.IsIOS() && !OperatingSystem.IsTvOS() && !OperatingSystem.IsWasi()
            ? Array.ConvertAll(Signals, signal => PosixSignalRegistration.Create(signal, Handle))
            : [];
    }

    /// <summary>Fires with the first signal.</summary>
    public CancellationToken Token => _stop.Token;

    /// <summary>Takes over the three signals until the result is disposed of.</summary>
    public static ShutdownSignal Register() => new(ProcessHooks.Real);

    /// <summary>Waits for the first signal; complete at once when it has come already.</summary>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> fired before a signal came.</exception>
    /// <exception cref="ObjectDisposedException">The registration is disposed of, and no signal can come any more.</exception>
    public async Task WaitAsync(CancellationToken cancellationToken = default)
    {
        var signal = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using (_stop.Token.Register(static state => ((TaskCompletionSource)state!).TrySetResult(), signal).ConfigureAwait(false))
        {
            await signal.Task.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Gives the signals back: from here on they kill the process again.</summary>
    public void Dispose()
    {
        foreach (PosixSignalRegistration registration in _registrations) registration.Dispose();
        _stop.Dispose();
    }

    internal void Signalled(string signal)
    {
        lock (_gate)
        {
            if (_firstAt is { } firstAt)
            {
                if (_process.Time.GetElapsedTime(firstAt) <= OneWish) return;
            }
            else _firstAt = _process.Time.GetTimestamp();
        }

        if (!_stop.IsCancellationRequested)
        {
            // An exception here would end the process as a crash, in the middle of its orderly end.
            try { _stop.Cancel(); }
            catch (AggregateException e) { Console.Error.WriteLine($"A callback on ShutdownSignal.Token failed: {e}"); }
            catch (ObjectDisposedException) { }
            return;
        }

        _process.Exit(ShutdownExitCodes.ForcedBySignal, () => Console.Error.WriteLine($"A second signal ({signal}) came; the process ends now with exit code {ShutdownExitCodes.ForcedBySignal}."));
    }

    private void Handle(PosixSignalContext context)
    {
        context.Cancel = true;
        Signalled(context.Signal.ToString());
    }
}

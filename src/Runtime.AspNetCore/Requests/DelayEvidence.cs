using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace ShutdownAnalyzers.Runtime.AspNetCore;

/// <summary>
/// What is seen of the world during the drain delay, and whether it says that the delay has done its work (<see cref="EarlyEndOptions"/>): the balancers know, by the probes that they got, and nobody sends anything any more.
/// An open stream is somebody who has not gone yet.
/// </summary>
internal sealed class DelayEvidence(IServiceProvider services, IOptions<GracefulShutdownOptions> options) : IDisposable
{
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(100);

    private readonly object _gate = new();
    private ITimer? _timer;
    private long _begun;
    private long _lastRequest;
    private int _unready;

    private TimeProvider Time => options.Value.Process.Time;

    /// <summary>A request came that the drain counts.</summary>
    public void RequestSeen()
    {
        if (options.Value.EarlyEnd.QuietTime is not null) Volatile.Write(ref _lastRequest, Time.GetTimestamp());
    }

    /// <summary>A probe was told that the process is not ready.</summary>
    public void UnreadySeen() => Interlocked.Increment(ref _unready);

    public void OnPhase(DrainPhase phase, TimeSpan length)
    {
        if (options.Value.EarlyEnd.QuietTime is null) return;
        lock (_gate)
        {
            if (phase == DrainPhase.Announce && length > TimeSpan.Zero && _timer is null)
            {
                _begun = Time.GetTimestamp();
                Volatile.Write(ref _lastRequest, _begun);
                _timer = Time.CreateTimer(static state => ((DelayEvidence)state!).Weigh(), this, Tick, Tick);
            }
            else if (phase >= DrainPhase.Refuse) _timer?.Dispose();
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (_gate) _timer?.Dispose();
    }

    private void Weigh()
    {
        EarlyEndOptions wanted = options.Value.EarlyEnd;
        int unready = Volatile.Read(ref _unready);
        TimeSpan quiet = Time.GetElapsedTime(Volatile.Read(ref _lastRequest));
        if (unready < wanted.UnreadyProbes || quiet < wanted.QuietTime || Time.GetElapsedTime(_begun) < wanted.MinDelay) return;
        // Neither is injected: the coordinator is made with the request part, which this belongs to.
        if (services.GetRequiredService<RequestDrain>().HasStreams) return;
        services.GetRequiredService<DrainCoordinator>().EndDelay($"{unready} probes have seen it, and no request came for {DurationText.Show(quiet)}");
    }
}

using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;

namespace ShutdownAnalyzers.Runtime.AspNetCore;

/// <summary>
/// The streams: requests that go on until somebody ends them. A request is one when it upgrades to a web socket or takes a drain token. In the drain they are asked to end, not all at once: each one's client
/// connects anew somewhere, and a thousand of them in the same moment would be the next outage.
/// </summary>
internal sealed class StreamRegistry(IOptions<GracefulShutdownOptions> options, StreamHabits habits) : IDisposable
{
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(50);

    private readonly object _gate = new();
    private readonly HashSet<OpenStream> _open = [];
    private Queue<OpenStream> _waiting = [];
    private ITimer? _pump;
    private long _shedBegun;
    private TimeSpan _shedLength;
    private int _shedCount;
    private int _asked;
    private bool _all;

    /// <summary>How many streams have been asked to end.</summary>
    public int Asked => Volatile.Read(ref _asked);

    private TimeProvider Time => options.Value.Process.Time;

    /// <summary>Makes a stream of the request, unless it is one.</summary>
    public OpenStream Open(HttpContext request)
    {
        if (request.Features.Get<OpenStream>() is { } known) return known;

        var stream = new OpenStream(request);
        request.Features.Set(stream);
        habits.Streams(request.Features);
        lock (_open) _open.Add(stream);
        request.Response.OnCompleted(() =>
        {
            lock (_open) _open.Remove(stream);
            stream.Dispose();
            return Task.CompletedTask;
        });

        lock (_gate)
        {
            if (_all) Ask(stream);
            else if (_pump is not null) _waiting.Enqueue(stream);
        }

        return stream;
    }

    public void OnPhase(DrainPhase phase, TimeSpan length)
    {
        lock (_gate)
        {
            if (phase == DrainPhase.Shed && _pump is null)
            {
                OpenStream[] streams = Snapshot();
                Random.Shared.Shuffle(streams);
                _waiting = new Queue<OpenStream>(streams);
                _shedCount = streams.Length;
                _shedBegun = Time.GetTimestamp();
                _shedLength = length;
                _pump = Time.CreateTimer(static state => ((StreamRegistry)state!).Pump(), this, Tick, Tick);
            }
            else if (phase >= DrainPhase.Refuse && !_all)
            {
                _all = true;
                _pump?.Dispose();
                foreach (OpenStream stream in Snapshot()) Ask(stream);
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (_gate) _pump?.Dispose();
    }

    private OpenStream[] Snapshot()
    {
        lock (_open) return [.. _open];
    }

    /// <summary>Asks as many as should have been asked by now: all of them, evenly, over the length of the phase.</summary>
    private void Pump()
    {
        lock (_gate)
        {
            double due = _shedCount * (Time.GetElapsedTime(_shedBegun) / _shedLength);
            // Those that came after the phase began have no share in the even spread; the next tick takes them.
            while (_waiting.Count > 0 && (Asked < due || _waiting.Count > _shedCount)) Ask(_waiting.Dequeue());
        }
    }

    private void Ask(OpenStream stream)
    {
        if (stream.AskToEnd()) _asked++;
    }
}

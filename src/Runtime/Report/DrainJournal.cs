namespace ShutdownAnalyzers.Runtime;

/// <summary>Takes down what happens in the drain, from whichever thread it happens on; a report can be made of it at any moment.</summary>
internal sealed class DrainJournal
{
    private readonly object _gate = new();
    private readonly List<PhaseTime> _phases = [];
    private readonly List<string> _aborted = [];
    private readonly List<string> _abandonedWork = [];
    private readonly List<string> _workThatGaveUp = [];
    private readonly List<CleanupResult> _cleanup = [];
    private readonly List<string> _faulted = [];
    private readonly List<string> _failedSteps = [];
    private readonly List<Exception> _errors = [];
    private DrainCause? _cause;
    private TimeProvider _time = TimeProvider.System;
    private long _begun;
    private DateTimeOffset _begunAt;
    private TimeSpan? _stopAt;
    private volatile bool _isStopping;
    private TimeSpan? _allEndedAt;
    private Hold? _longestHold;

    /// <summary>The time since the drain began.</summary>
    public TimeSpan Elapsed => _cause is null ? TimeSpan.Zero : _time.GetElapsedTime(_begun);

    public void Begin(DrainCause cause, TimeProvider time)
    {
        lock (_gate)
        {
            _cause = cause;
            _time = time;
            _begun = time.GetTimestamp();
            _begunAt = time.GetUtcNow();
            _phases.Add(new PhaseTime(DrainPhase.Announce, TimeSpan.Zero, TimeSpan.Zero));
        }
    }

    public void Enter(DrainPhase phase)
    {
        lock (_gate)
        {
            TimeSpan now = Elapsed;
            _phases.Add(new PhaseTime(phase, now, TimeSpan.Zero));
            if (phase >= DrainPhase.Refuse) (_stopAt, _isStopping) = (_stopAt ?? now, true);
            if (phase == DrainPhase.CleanUp && _allEndedAt is { } since) Held("hosted services", now - since);
        }
    }

    /// <summary>Nothing is in flight any more: what comes now until cleanup is the hosted services' own stop.</summary>
    public void NothingInFlight()
    {
        lock (_gate) _allEndedAt = Elapsed;
    }

    /// <summary>Tracked work has ended; before the drain that costs nothing.</summary>
    public void WorkEnded(string name)
    {
        if (_isStopping) Held($"work '{name}'");
    }

    /// <summary>Something has ended, or was given up, that the exit has waited for since the delay was over.</summary>
    public void Held(string what)
    {
        lock (_gate)
        {
            if (_stopAt is { } since) Held(what, Elapsed - since);
        }
    }

    /// <summary>The exit has waited for something alone, for so long.</summary>
    public void Held(string what, TimeSpan duration)
    {
        lock (_gate)
        {
            if (duration > (_longestHold?.Duration ?? TimeSpan.Zero)) _longestHold = new Hold(what, duration);
        }
    }

    public void Aborted(IReadOnlyList<string> requests)
    {
        lock (_gate) _aborted.AddRange(requests);
    }

    public void LeftBehind(IReadOnlyList<string> work)
    {
        lock (_gate)
        {
            _abandonedWork.AddRange(work);
            foreach (string name in work) Held($"work '{name}'");
        }
    }

    public void GaveUp(string work)
    {
        lock (_gate) _workThatGaveUp.Add(work);
    }

    public void CleanedUp(CleanupResult result)
    {
        lock (_gate)
        {
            _cleanup.Add(result);
            _errors.AddRange(result.Errors);
            Held($"cleanup handler '{result.Name}'", result.Duration);
        }
    }

    public void Faulted(string service, Exception? error)
    {
        lock (_gate)
        {
            _faulted.Add(service);
            if (error is not null) _errors.Add(error);
        }
    }

    public void Failed(string step)
    {
        lock (_gate) _failedSteps.Add(step);
    }

    public DrainReport Report(RequestCounts requests, IReadOnlyList<ParticipantResult> participants, CutOff? cutOff = null)
    {
        lock (_gate)
        {
            TimeSpan elapsed = Elapsed;
            return new DrainReport
            {
                Cause = _cause?.Reason ?? "nothing",
                Begun = _begunAt,
                Duration = elapsed,
                Phases = Phases(elapsed),
                Requests = requests,
                Aborted = [.. _aborted.GroupBy(name => name).Select(g => new AbortedEndpoint(g.Key, g.Count()))],
                AbandonedWork = [.. _abandonedWork],
                WorkThatGaveUp = [.. _workThatGaveUp],
                Participants = participants,
                Cleanup = [.. _cleanup],
                FaultedServices = [.. _faulted],
                FailedSteps = [.. _failedSteps],
                LongestHold = _longestHold,
                Errors = [.. participants.SelectMany(p => p.Errors), .. _errors],
                CutOff = cutOff,
            };
        }
    }

    /// <summary>Each phase lasts until the next one begins, the last one until now.</summary>
    private PhaseTime[] Phases(TimeSpan now)
    {
        var phases = new PhaseTime[_phases.Count];
        TimeSpan end = now;
        for (int i = phases.Length - 1; i >= 0; i--)
        {
            phases[i] = _phases[i] with { Duration = end - _phases[i].Start };
            end = _phases[i].Start;
        }

        return phases;
    }
}

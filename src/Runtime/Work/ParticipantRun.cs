namespace ShutdownAnalyzers.Runtime;

/// <summary>How a participant ended.</summary>
internal enum ParticipantOutcome
{
    Idle,
    Failed,
    Busy,
}

/// <summary>What the report says of one participant.</summary>
internal sealed record ParticipantResult(string Name, ParticipantOutcome Outcome, TimeSpan Duration, IReadOnlyList<Exception> Errors);

/// <summary>One participant on its way through the drain.</summary>
internal sealed class ParticipantRun(IDrainParticipant participant, DrainJournal journal)
{
    private readonly object _gate = new();
    private readonly List<Exception> _errors = [];
    private TimeProvider _time = TimeProvider.System;
    private long _start;
    private TimeSpan? _duration;
    private bool _timeIsOver;
    private bool _isGivenUp;

    public string Name { get; } = string.IsNullOrWhiteSpace(participant.Name)
        ? throw new InvalidOperationException($"The drain participant {participant.GetType()} has no name; the drain report needs one.")
        : participant.Name;

    /// <summary>Completes, and never fails, when the participant has ended what it was last asked for.</summary>
    public Task Ended { get; private set; } = Task.CompletedTask;

    public bool IsAsked { get; private set; }

    public bool IsBusy => IsAsked && !Ended.IsCompleted;

    public ParticipantResult Result
    {
        get
        {
            lock (_gate)
            {
                ParticipantOutcome outcome = _errors.Count > 0 ? ParticipantOutcome.Failed : _timeIsOver || !Ended.IsCompleted ? ParticipantOutcome.Busy : ParticipantOutcome.Idle;
                return new(Name, outcome, _duration ?? _time.GetElapsedTime(_start), [.. _errors]);
            }
        }
    }

    /// <summary>Asks it to end. Returns at once, and does nothing the second time.</summary>
    public void Start(TimeProvider time, CancellationToken graceOver)
    {
        lock (_gate)
        {
            if (IsAsked) return;
            _time = time;
            _start = time.GetTimestamp();
            IsAsked = true;
            Ended = OwnThread.Run(async () =>
            {
                await TryAsync(() => participant.StopIntakeAsync(graceOver), graceOver).ConfigureAwait(false);
                // Also where that failed: what it holds is worth the wait.
                await TryAsync(() => participant.WhenIdleAsync(graceOver), graceOver).ConfigureAwait(false);
                NoteEnd();
            });
        }
    }

    /// <summary>Asks one that was idle whether it still is.</summary>
    public void AskAgain(CancellationToken graceOver)
    {
        lock (_gate)
        {
            if (Result.Outcome != ParticipantOutcome.Idle) return;
            Ended = OwnThread.Run(async () =>
            {
                bool wasIdle = true;
                await TryAsync(() =>
                {
                    Task idle = participant.WhenIdleAsync(graceOver);
                    wasIdle = idle.IsCompleted;
                    return idle;
                }, graceOver).ConfigureAwait(false);
                if (!wasIdle) NoteEnd();
            });
        }
    }

    public void GiveUp()
    {
        lock (_gate)
        {
            if (!IsBusy) return;
            NoteEnd();
            _timeIsOver = _isGivenUp = true;
        }
    }

    private async Task TryAsync(Func<Task> step, CancellationToken graceOver)
    {
        try { await step().ConfigureAwait(false); }
        catch (OperationCanceledException) when (graceOver.IsCancellationRequested)
        {
            lock (_gate) _timeIsOver = true;
        }
        catch (Exception e)
        {
            lock (_gate) _errors.Add(e);
        }
    }

    private void NoteEnd()
    {
        lock (_gate)
        {
            // That was its end, whatever it does later.
            if (_isGivenUp) return;
            _duration = _time.GetElapsedTime(_start);
        }

        journal.Held($"participant '{Name}'");
    }
}

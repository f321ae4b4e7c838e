namespace ShutdownAnalyzers.Runtime;

/// <summary>All that may be in flight when the delay is over (requests, participants, tracked work): waits for its end, and when its time is over aborts and names what is left.</summary>
internal sealed class WorkInFlight(DrainSteps steps, DrainJournal journal, TrackedWork tracked, ParticipantDrain participants, IRequestDrain? requests)
{
    private readonly CancellationTokenSource _aborted = new();

    /// <summary>Whether nothing is left to wait for, ended or not.</summary>
    public bool IsOver => tracked.IsEmpty || _aborted.IsCancellationRequested;

    /// <summary>Waits for everything, while all that it needs is still there.</summary>
    /// <param name="refuses">Whether new requests are refused, and the server goes on until the others have ended.</param>
    /// <param name="refusingEnds">What to do then.</param>
    /// <param name="time">The drain's clock.</param>
    /// <param name="graceOver">Fires ahead of the abort.</param>
    public async Task EndAsync(bool refuses, Action refusingEnds, TimeProvider time, CancellationToken graceOver)
    {
        if (requests is not null)
        {
            if (refuses)
            {
                await steps.TryAsync("wait for the requests in flight", () => requests.WhenIdleAsync(_aborted.Token)).ConfigureAwait(false);
                refusingEnds();
            }

            await steps.TryAsync("stop the server", () => requests.StopServerAsync(_aborted.Token)).ConfigureAwait(false);
            journal.Held("requests in flight");
        }

        await steps.TryAsync("wait for the participants", () => participants.WhenIdleAsync(time, graceOver, _aborted.Token)).ConfigureAwait(false);
        await TrackedEndsAsync().ConfigureAwait(false);
        journal.NothingInFlight();
    }

    public Task TrackedEndsAsync() => steps.TryAsync("wait for tracked work", () => tracked.WhenIdleAsync(_aborted.Token));

    /// <summary>The streams' own time is over.</summary>
    public void AbortStreams()
    {
        if (requests is not null) steps.Try("abort the streams", () => requests.AbortStreams(journal.Aborted));
    }

    /// <summary>The time is over.</summary>
    public void Abort()
    {
        if (requests is not null) steps.Try("abort what is in flight", () => requests.Abort(journal.Aborted));
        LeaveTrackedBehind();
        participants.GiveUp();
        steps.Fire(_aborted, "abort");
    }

    /// <summary>Names the work that nobody waits for any more, each but once.</summary>
    public void LeaveTrackedBehind() => journal.LeftBehind(tracked.LeaveBehind());
}

using Microsoft.Extensions.DependencyInjection;

namespace ShutdownAnalyzers.Runtime;

/// <summary>A registration of <c>AddDrainParticipant</c>: how to find the participant in the container.</summary>
internal sealed record ParticipantRegistration(Func<IServiceProvider, IDrainParticipant> Find);

/// <summary>The queues and consumers in the drain: all stop their intake together, and all are waited for.</summary>
internal sealed class ParticipantDrain(DrainJournal journal)
{
    private ParticipantRun[] _runs = [];

    /// <summary>Those that have been asked to end and have not.</summary>
    public IReadOnlyList<string> Busy => [.. _runs.Where(r => r.IsBusy).Select(r => r.Name)];

    public IReadOnlyList<ParticipantResult> Results => [.. _runs.Where(r => r.IsAsked).Select(r => r.Result)];

    /// <summary>Takes up all that the container knows of. At start: one that can't be made or has no name is an error there, and not in the middle of the stop.</summary>
    public void Find(IServiceProvider services)
    {
        IEnumerable<IDrainParticipant> all = services.GetServices<IDrainParticipant>().Concat(services.GetServices<ParticipantRegistration>().Select(r => r.Find(services)));
        _runs = [.. all.Distinct(ReferenceEqualityComparer.Instance).Cast<IDrainParticipant>().Select(p => new ParticipantRun(p, journal))];
    }

    /// <summary>Returns at once; what follows happens on the participants' own threads.</summary>
    public void StopIntake(TimeProvider time, CancellationToken graceOver)
    {
        foreach (ParticipantRun run in _runs) run.Start(time, graceOver);
    }

    /// <summary>Waits for all, and then asks again: the requests, which have ended by now, may have put more into a queue that was idle.</summary>
    public async Task WhenIdleAsync(TimeProvider time, CancellationToken graceOver, CancellationToken giveUp)
    {
        // Whoever enters the phase may be on another thread, and not that far yet.
        StopIntake(time, graceOver);
        await AllEndAsync(giveUp).ConfigureAwait(false);
        foreach (ParticipantRun run in _runs) run.AskAgain(graceOver);
        await AllEndAsync(giveUp).ConfigureAwait(false);
    }

    /// <summary>The time is over: nobody waits for those that are busy.</summary>
    public void GiveUp()
    {
        foreach (ParticipantRun run in _runs) run.GiveUp();
    }

    private async Task AllEndAsync(CancellationToken giveUp)
    {
        var gaveUp = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using (giveUp.Register(static state => ((TaskCompletionSource)state!).TrySetResult(), gaveUp).ConfigureAwait(false))
        {
            // How each of them ended is in its result.
            await Task.WhenAny(Task.WhenAll(_runs.Select(r => r.Ended)), gaveUp.Task).ConfigureAwait(false);
        }
    }
}

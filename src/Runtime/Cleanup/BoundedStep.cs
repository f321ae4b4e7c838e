using System.Diagnostics;

namespace ShutdownAnalyzers.Runtime;

/// <summary>Runs one step of the application's cleanup within a limit, whatever it does with its thread and its token. One that doesn't end is left behind.</summary>
internal static class BoundedStep
{
    public static async Task<(CleanupOutcome Outcome, Exception? Error)> RunAsync(Func<CancellationToken, ValueTask> step, TimeSpan limit, TimeProvider time)
    {
        // Not disposed: a step that is left behind may still use its token.
        var timeUp = new CancellationTokenSource();
        var elapsed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);

        // The step's time runs before the step does.
        using ITimer timer = time.CreateTimer(static state => ((TaskCompletionSource)state!).TrySetResult(), elapsed, limit, Timeout.InfiniteTimeSpan);
        Task work = OwnThread.Run(() => step(timeUp.Token).AsTask());
        await Task.WhenAny(work, elapsed.Task).ConfigureAwait(false);

        if (!work.IsCompleted)
        {
            Abandon(work, timeUp);
            return (CleanupOutcome.TimedOut, null);
        }

        return work.IsCompletedSuccessfully
            ? (CleanupOutcome.Done, null)
            : (CleanupOutcome.Failed, work.Exception?.InnerException ?? new OperationCanceledException("The step was cancelled."));
    }

    /// <summary>Tells the step that its time is up and leaves it behind. Its callbacks run elsewhere, since they may block or throw.</summary>
    private static void Abandon(Task work, CancellationTokenSource timeUp)
    {
        ThreadPool.UnsafeQueueUserWorkItem(
            static source =>
            {
                try { source.Cancel(); }
                catch (AggregateException e) { Debug.WriteLine(e); }
            },
            timeUp,
            preferLocal: false);
        _ = work.ContinueWith(static t => t.Exception, CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted | TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
    }
}

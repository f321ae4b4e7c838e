using System.Diagnostics;

namespace ShutdownAnalyzers.Runtime;

/// <summary>
/// Runs the cleanup handlers, each isolated from the others. A handler may use what is left of the whole budget except the turns of those that have not started yet: half of the budget is
/// set aside for them in equal parts, so that one that hangs keeps nobody from starting, and one that is merely slow isn't cut off while there is time.
/// </summary>
internal sealed class CleanupRunner(IServiceProvider services, TimeProvider time)
{
    private volatile string? _running;

    /// <summary>The handler that is running now, for the last words of a forced exit.</summary>
    public string? Running => _running;

    public async Task<IReadOnlyList<CleanupResult>> RunAsync(IReadOnlyList<CleanupHandler> handlers, TimeSpan budget)
    {
        CleanupHandler[] ordered = [.. handlers.Reverse().OrderBy(h => h.Stage)];
        List<CleanupResult> results = [];
        TimeSpan turn = ordered.Length == 0 ? TimeSpan.Zero : budget / (2 * ordered.Length);
        long start = time.GetTimestamp();

        for (int i = 0; i < ordered.Length; i++)
        {
            TimeSpan limit = budget - time.GetElapsedTime(start) - (ordered.Length - i - 1) * turn;
            if (limit < TimeSpan.Zero) limit = TimeSpan.Zero;
            if (limit > ordered[i].Timeout) limit = ordered[i].Timeout;
            results.Add(await RunOneAsync(ordered[i], limit).ConfigureAwait(false));
        }

        return results;
    }

    private async Task<CleanupResult> RunOneAsync(CleanupHandler handler, TimeSpan limit)
    {
        _running = handler.Name;
        long start = time.GetTimestamp();
        // Not disposed: a handler that is left behind may still use its token.
        var timeUp = new CancellationTokenSource();
        var elapsed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);

        // The handler's time runs before the handler does.
        using ITimer timer = time.CreateTimer(static state => ((TaskCompletionSource)state!).TrySetResult(), elapsed, limit, Timeout.InfiniteTimeSpan);
        // A thread of its own: a handler may block, and the pool may be starved.
        Task work = Task.Factory.StartNew(
            () => handler.Run(services, timeUp.Token).AsTask(), CancellationToken.None, TaskCreationOptions.LongRunning | TaskCreationOptions.DenyChildAttach, TaskScheduler.Default).Unwrap();
        await Task.WhenAny(work, elapsed.Task).ConfigureAwait(false);

        bool ended = work.IsCompleted;
        if (!ended) Abandon(work, timeUp);

        _running = null;
        TimeSpan duration = time.GetElapsedTime(start);
        if (!ended) return new(handler.Name, handler.Stage, CleanupOutcome.TimedOut, duration, null);
        return work.IsCompletedSuccessfully
            ? new(handler.Name, handler.Stage, CleanupOutcome.Done, duration, null)
            : new(handler.Name, handler.Stage, CleanupOutcome.Failed, duration, work.Exception?.InnerException ?? new OperationCanceledException($"The cleanup handler '{handler.Name}' was cancelled."));
    }

    /// <summary>Tells the handler that its time is up and leaves it behind. Its callbacks run elsewhere, since they may block or throw.</summary>
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

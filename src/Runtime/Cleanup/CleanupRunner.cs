using System.Collections.Concurrent;

namespace ShutdownAnalyzers.Runtime;

/// <summary>
/// Runs the cleanup handlers, each isolated from the others: one after the other, or those of a stage together. Whoever has its turn may use what is left of the whole budget except the turns
/// of those that have not started yet: half of the budget is set aside for them in equal parts, so that one that hangs keeps nobody from starting, and one that is merely slow isn't cut off while there is time.
/// </summary>
internal sealed class CleanupRunner(IServiceProvider services, TimeProvider time, DrainJournal journal)
{
    /// <summary>What a forced step gets at least, unless a quarter of the handler's time is less.</summary>
    private static readonly TimeSpan ForcedTime = TimeSpan.FromSeconds(1);

    private readonly ConcurrentDictionary<CleanupHandler, byte> _running = new();

    /// <summary>The handlers that are running now, for the last words of a forced exit.</summary>
    public IEnumerable<string> Running => _running.Keys.Select(h => h.Name);

    public async Task RunAsync(IReadOnlyList<CleanupHandler> handlers, TimeSpan budget, bool parallel)
    {
        if (handlers.Count == 0) return;
        CleanupHandler[] ordered = [.. handlers.Reverse().OrderBy(h => h.Stage)];
        CleanupHandler[][] turns = parallel ? [.. ordered.GroupBy(h => h.Stage).Select(stage => stage.ToArray())] : [.. ordered.Select(h => new[] { h })];
        TimeSpan setAside = turns.Length == 0 ? TimeSpan.Zero : budget / (2 * turns.Length);
        long start = time.GetTimestamp();

        for (int i = 0; i < turns.Length; i++)
        {
            TimeSpan limit = budget - time.GetElapsedTime(start) - (turns.Length - i - 1) * setAside;
            await Task.WhenAll(turns[i].Select(handler => RunOneAsync(handler, limit))).ConfigureAwait(false);
        }
    }

    private async Task RunOneAsync(CleanupHandler handler, TimeSpan limit)
    {
        if (limit < TimeSpan.Zero) limit = TimeSpan.Zero;
        if (limit > handler.Timeout) limit = handler.Timeout;
        _running.TryAdd(handler, 0);
        long start = time.GetTimestamp();
        CleanupResult result = await RunStepsAsync(handler, limit, start).ConfigureAwait(false);
        _running.TryRemove(handler, out _);
        journal.CleanedUp(result);
    }

    private async Task<CleanupResult> RunStepsAsync(CleanupHandler handler, TimeSpan limit, long start)
    {
        TimeSpan forForced = handler.Forced is null ? TimeSpan.Zero : limit / 4 < ForcedTime ? limit / 4 : ForcedTime;
        (CleanupOutcome outcome, Exception? error) = await BoundedStep.RunAsync(token => handler.Run(services, token), limit - forForced, time).ConfigureAwait(false);

        CleanupOutcome? forced = null;
        Exception? forcedError = null;
        if (outcome != CleanupOutcome.Done && handler.Forced is { } force)
        {
            // One that failed early leaves more than was set aside.
            TimeSpan left = limit - time.GetElapsedTime(start);
            (forced, forcedError) = await BoundedStep.RunAsync(token => force(services, token), left > forForced ? left : forForced, time).ConfigureAwait(false);
        }

        return new(handler.Name, handler.Stage, outcome, forced, time.GetElapsedTime(start), [.. new[] { error, forcedError }.OfType<Exception>()]);
    }
}

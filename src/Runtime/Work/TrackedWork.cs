using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace ShutdownAnalyzers.Runtime;

/// <summary>The background work that the drain waits for.</summary>
internal sealed class TrackedWork(ILogger logger, DrainJournal journal)
{
    private readonly ConcurrentDictionary<long, (string Name, Task Task)> _running = new();
    private readonly HashSet<long> _leftBehind = [];
    private long _lastId;

    /// <summary>What is running now.</summary>
    public IReadOnlyList<string> Names => [.. _running.Values.Select(w => w.Name)];

    public bool IsEmpty => _running.IsEmpty;

    /// <summary>Takes up what nobody waits for any more.</summary>
    /// <returns>The names of what had not been left behind before.</returns>
    public IReadOnlyList<string> LeaveBehind()
    {
        lock (_leftBehind) return [.. _running.Where(w => _leftBehind.Add(w.Key)).Select(w => w.Value.Name)];
    }

    public void Start(string name, Func<CancellationToken, Task> work, CancellationToken graceOver)
    {
        long id = Interlocked.Increment(ref _lastId);
        // The entry has to stand before the work can end and remove it.
        var started = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _running[id] = (name, started.Task);
        _ = RunAsync(id, name, work, graceOver, started);
    }

    private async Task RunAsync(long id, string name, Func<CancellationToken, Task> work, CancellationToken graceOver, TaskCompletionSource ended)
    {
        try
        {
            await Task.Run(() => work(graceOver), CancellationToken.None).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (graceOver.IsCancellationRequested)
        {
            journal.GaveUp(name);
        }
        catch (Exception e)
        {
            logger.WorkFailed(e, name);
        }
        finally
        {
            _running.TryRemove(id, out _);
            journal.WorkEnded(name);
            ended.SetResult();
        }
    }

    /// <summary>Completes when none is left, also of the work that is added meanwhile, or when the token fires.</summary>
    public async Task WhenIdleAsync(CancellationToken giveUp)
    {
        while (!_running.IsEmpty && !giveUp.IsCancellationRequested)
        {
            try
            {
                await Task.WhenAll(_running.Values.Select(w => w.Task)).WaitAsync(giveUp).ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (giveUp.IsCancellationRequested)
            {
                return;
            }
        }
    }
}

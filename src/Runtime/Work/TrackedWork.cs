using Microsoft.Extensions.Logging;

namespace ShutdownAnalyzers.Runtime;

/// <summary>The background work that the drain waits for.</summary>
internal sealed class TrackedWork(ILogger logger, DrainJournal journal)
{
    private readonly HashSet<Item> _running = [];

    /// <summary>What is running now.</summary>
    public IReadOnlyList<string> Names
    {
        get { lock (_running) return [.. _running.Select(item => item.Name)]; }
    }

    public bool IsEmpty
    {
        get { lock (_running) return _running.Count == 0; }
    }

    /// <summary>Takes up what nobody waits for any more.</summary>
    /// <returns>The names of what had not been left behind before.</returns>
    public IReadOnlyList<string> LeaveBehind()
    {
        List<string> names = [];
        lock (_running)
        {
            foreach (Item item in _running)
            {
                if (!item.IsLeftBehind) names.Add(item.Name);
                item.IsLeftBehind = true;
            }
        }

        return names;
    }

    public void Start(string name, Func<CancellationToken, Task> work, CancellationToken graceOver)
    {
        var item = new Item(name);
        // It has to stand here before the work can end and take it away.
        lock (_running) _running.Add(item);
        _ = RunAsync(item, work, graceOver);
    }

    private async Task RunAsync(Item item, Func<CancellationToken, Task> work, CancellationToken graceOver)
    {
        try
        {
            await Task.Run(() => work(graceOver), CancellationToken.None).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (graceOver.IsCancellationRequested)
        {
            journal.GaveUp(item.Name);
        }
        catch (Exception e)
        {
            logger.WorkFailed(e, item.Name);
        }
        finally
        {
            lock (_running) _running.Remove(item);
            journal.WorkEnded(item.Name);
            item.Ended.SetResult();
        }
    }

    /// <summary>Completes when none is left, also of the work that is added meanwhile, or when the token fires.</summary>
    public async Task WhenIdleAsync(CancellationToken giveUp)
    {
        while (!giveUp.IsCancellationRequested && Running() is { Length: > 0 } running)
        {
            try
            {
                await Task.WhenAll(running).WaitAsync(giveUp).ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (giveUp.IsCancellationRequested)
            {
                return;
            }
        }
    }

    private Task[] Running()
    {
        lock (_running) return [.. _running.Select(item => item.Ended.Task)];
    }

    private sealed class Item(string name)
    {
        public string Name { get; } = name;

        public TaskCompletionSource Ended { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public bool IsLeftBehind { get; set; }
    }
}

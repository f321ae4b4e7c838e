namespace ShutdownAnalyzers.Runtime;

/// <summary>A dedicated thread that waits, on the monotonic clock, and then acts: it depends on neither the thread pool nor its timers.</summary>
internal sealed class HardDeadline : IDisposable
{
    private readonly ManualResetEventSlim _calledOff = new();

    public HardDeadline(TimeSpan time, Action expired)
    {
        var thread = new Thread(() =>
        {
            if (!_calledOff.Wait(time)) expired();
        })
        {
            IsBackground = true,
            Name = "Shutdown deadline",
            Priority = ThreadPriority.AboveNormal,
        };
        thread.UnsafeStart();
    }

    /// <summary>Calls the deadline off.</summary>
    public void Dispose() => _calledOff.Set();
}

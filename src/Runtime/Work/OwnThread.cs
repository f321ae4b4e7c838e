namespace ShutdownAnalyzers.Runtime;

/// <summary>Runs the application's code on a thread of its own: it may block, and the pool may be starved.</summary>
internal static class OwnThread
{
    public static Task Run(Func<Task> action) =>
        Task.Factory.StartNew(action, CancellationToken.None, TaskCreationOptions.LongRunning | TaskCreationOptions.DenyChildAttach, TaskScheduler.Default).Unwrap();
}

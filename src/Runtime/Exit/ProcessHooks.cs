namespace ShutdownAnalyzers.Runtime;

/// <summary>What the drain takes from the process around it: the clock, the environment, the deadline and the exit. Tests replace it; an application's container cannot.</summary>
internal sealed class ProcessHooks
{
    public static ProcessHooks Real { get; } = new();

    public TimeProvider Time { get; init; } = TimeProvider.System;

    public Func<string, string?> GetVariable { get; init; } = Environment.GetEnvironmentVariable;

    /// <summary>Arms the hard deadline: runs the action after the time, whatever state the thread pool is in. Disposing of the result calls it off.</summary>
    public Func<TimeSpan, Action, IDisposable> ArmDeadline { get; init; } = static (time, expired) => new HardDeadline(time, expired);

    /// <summary>Ends the process with the code, by force if need be, once the given last words are spoken.</summary>
    public Action<int, Action> Exit { get; init; } = ForcedExit.Run;

    /// <summary>Sets the code that the process will end with, unless the application has set one.</summary>
    public Action<int> SetExitCode { get; init; } = static code =>
    {
        if (Environment.ExitCode == 0) Environment.ExitCode = code;
    };

    /// <summary>Whether to listen to the process's signals.</summary>
    public bool ListenToSignals { get; init; } = true;
}

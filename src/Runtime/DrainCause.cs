using System.Runtime.InteropServices;

namespace ShutdownAnalyzers.Runtime;

/// <summary>What started the drain, and what follows from it.</summary>
/// <param name="Reason">For the log and the report.</param>
/// <param name="HasDelay">Whether the drain delay applies.</param>
/// <param name="EndsProcess">Whether the process is meant to end with the host, so that the hard deadline may end it.</param>
/// <param name="IsSignal">Whether the process is meant to end even when the host has: the deadline stands until it is gone.</param>
internal sealed record DrainCause(string Reason, bool HasDelay, bool EndsProcess, bool IsSignal = false)
{
    /// <summary>The application called <c>StopApplication</c>, or a background service failed: its own watchers already know, so a delay would serve nobody.</summary>
    public static DrainCause StopApplication { get; } = new("StopApplication", HasDelay: false, EndsProcess: true);

    /// <summary>Somebody who holds the host stops it, and has a process to go on with: a test, a program with several hosts.</summary>
    public static DrainCause HostStopped { get; } = new("host.StopAsync", HasDelay: false, EndsProcess: false);

    /// <summary>Code asked for the whole sequence.</summary>
    public static DrainCause Requested(string reason) => new(reason, HasDelay: true, EndsProcess: true);

    /// <summary>The host's lifetime asked for the stop, after the given signal or, where there was none, on behalf of its service manager.</summary>
    public static DrainCause ByLifetime(PosixSignal? signal, string lifetime) => signal is { } s
        // Ctrl+C and Ctrl+\ come from a person who waits; nothing routes traffic to the process because of them.
        ? new(s.ToString(), HasDelay: s == PosixSignal.SIGTERM, EndsProcess: true, IsSignal: true)
        : new(lifetime, HasDelay: true, EndsProcess: true, IsSignal: true);
}

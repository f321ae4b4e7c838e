namespace ShutdownAnalyzers.Runtime;

/// <summary>
/// How long each part of the drain may take. Set in code, then overridden by the configuration section <c>GracefulShutdown</c> and last by the environment variables <c>SHUTDOWN_DRAIN_DELAY</c> and
/// <c>SHUTDOWN_PLATFORM_GRACE</c> (seconds). The sum <c>DrainDelay + RequestTimeout + CleanupTimeout + 2 s</c> is the hard deadline, and has to fit the grace that the platform gives.
/// Values are checked when the host starts; one that is negative or cannot be read keeps it from starting.
/// </summary>
public sealed class GracefulShutdownOptions
{
    /// <summary>The configuration section that overrides the values set in code.</summary>
    internal const string SectionName = "GracefulShutdown";

    /// <summary>The setting of the platform's grace outside the section, for manifests that give it to services with and without one.</summary>
    internal const string PlatformGraceSetting = "ShutdownPlatformGrace";

    /// <summary>The environment variable that overrides the drain delay, in seconds.</summary>
    internal const string DrainDelayVariable = "SHUTDOWN_DRAIN_DELAY";

    /// <summary>The environment variable that overrides the platform's grace, in seconds.</summary>
    internal const string PlatformGraceVariable = "SHUTDOWN_PLATFORM_GRACE";

    private TimeSpan? _drainDelay;

    /// <summary>
    /// How long the process keeps serving after a SIGTERM, with readiness at 503, so that load balancers can take it out. 10 s by default. Not applied after SIGINT (Ctrl+C) and
    /// SIGQUIT, nor when the application stops itself, nor in the Development environment unless it is set.
    /// </summary>
    public TimeSpan DrainDelay
    {
        get => _drainDelay ?? TimeSpan.FromSeconds(10);
        set => _drainDelay = value;
    }

    /// <summary>
    /// When, within the delay, clients are asked to close their connections and streams; half of the delay where null, the default. With a value as long as the delay, or longer,
    /// nobody is asked before the delay is over.
    /// </summary>
    public TimeSpan? ShedAfter { get; set; }

    /// <summary>Whether, and on what evidence, the delay may end before its time; off by default.</summary>
    public EarlyEndOptions EarlyEnd { get; } = new();

    /// <summary>How long requests, tracked work and hosted services may take to end, from the end of the delay; then what is left of the requests is aborted and named. 10 s by default.</summary>
    public TimeSpan RequestTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// How long streams (web sockets, server-sent events, SignalR, gRPC streaming, <c>[LongRunning]</c>) may take to end, from the end of the delay; then what is left of them is aborted and named.
    /// <see cref="RequestTimeout"/> where null, the default; not more than that.
    /// </summary>
    public TimeSpan? StreamTimeout { get; set; }

    /// <summary>How long the cleanup handlers may take, all together. 5 s by default.</summary>
    public TimeSpan CleanupTimeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>Whether the cleanup handlers of one stage run side by side; one after the other by default. The stages follow each other in any case.</summary>
    public bool ParallelCleanup { get; set; }

    /// <summary>
    /// The time between the platform's SIGTERM and its kill (<c>terminationGracePeriodSeconds</c>, <c>stop_grace_period</c>, <c>TimeoutStopSec</c>), less a preStop sleep. Where it is
    /// set, a budget that does not fit keeps the host from starting; where it is null, the default, the library only warns by what it can see of the platform.
    /// </summary>
    public TimeSpan? PlatformGrace { get; set; }

    /// <summary>What happens to requests that arrive after the delay; <see cref="LateRequests.CloseListener"/> by default.</summary>
    public LateRequests LateRequests { get; set; }

    /// <summary>When readiness turns to 503; <see cref="ReadinessMode.Immediate"/> by default.</summary>
    public ReadinessMode ReadinessMode { get; set; }

    /// <summary>Whether anybody chose the delay: only a chosen one applies in the Development environment.</summary>
    internal bool IsDrainDelaySet => _drainDelay is not null;

    /// <summary>What could not be read from configuration and environment; the validator turns it into the error at start.</summary>
    internal List<string> ReadErrors { get; } = [];

    /// <summary>What was read but has no effect; logged at start.</summary>
    internal List<string> ReadWarnings { get; } = [];

    /// <summary>What the drain takes from the process around it; tests put their own in.</summary>
    internal ProcessHooks Process { get; set; } = ProcessHooks.Real;
}

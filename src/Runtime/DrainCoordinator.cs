using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace ShutdownAnalyzers.Runtime;

/// <summary>
/// The state machine of the drain, and the only place that moves the phase. However the stop begins (a signal, the application's own call, the host's), it begins once, here; the phases follow from
/// timers and from the host's own steps, which <see cref="DrainService"/> hands on.
/// </summary>
internal sealed class DrainCoordinator : IGracefulShutdown, IDisposable
{
    /// <summary>How long a callback on <see cref="Draining"/> may hold up a stop that has no delay.</summary>
    private static readonly TimeSpan CallbackPatience = TimeSpan.FromSeconds(1);

    private readonly object _gate = new();
    private readonly IServiceProvider _services;
    private readonly IOptions<GracefulShutdownOptions> _configured;
    private readonly IHostApplicationLifetime _lifetime;
    private readonly ILogger _logger;
    private readonly IRequestDrain? _requests;
    private readonly TrackedWork _tracked;
    private readonly WorkInFlight _work;
    private readonly RunningParts _running;
    private readonly List<CleanupHandler> _handlers;
    private readonly CancellationTokenSource _draining = new();
    private readonly CancellationTokenSource _graceOver = new();
    private readonly List<ITimer> _timers = [];
    private readonly DrainJournal _journal = new();
    private readonly DrainSteps _steps;
    private readonly DrainConclusion _conclusion;

    private bool _ownsProcess;
    private int _phase;
    private DrainCause? _cause;
    private bool _isSignalled;
    private IDisposable? _deadline;
    private CleanupRunner? _cleanup;
    private Task? _stopping;
    private Task? _cleaningUp;

    public DrainCoordinator(
        IServiceProvider services,
        IOptions<GracefulShutdownOptions> options,
        IHostApplicationLifetime lifetime,
        DrainReporter reporter,
        IEnumerable<CleanupHandler> handlers,
        IRequestDrain? requests = null)
    {
        _services = services;
        _configured = options;
        _lifetime = lifetime;
        _logger = reporter.Logger;
        _handlers = [.. handlers];
        _requests = requests;
        _steps = new DrainSteps(_logger, _journal);
        _tracked = new TrackedWork(_logger, _journal);
        Participants = new ParticipantDrain(_journal);
        _work = new WorkInFlight(_steps, _journal, _tracked, Participants, requests);
        _running = new RunningParts(services, _tracked, Participants, requests);
        _conclusion = new DrainConclusion(_journal, reporter, _running, Participants, requests);
    }

    /// <inheritdoc/>
    public DrainPhase Phase => (DrainPhase)Volatile.Read(ref _phase);

    /// <inheritdoc/>
    public bool IsDraining => Phase != DrainPhase.Running;

    /// <inheritdoc/>
    public CancellationToken Draining => _draining.Token;

    /// <inheritdoc/>
    public CancellationToken GraceOver => _graceOver.Token;

    /// <summary>Whether the host runs under a lifetime of ours, so that its end is the end of the process. Under a test's lifetime or server nothing here may end the process.</summary>
    public bool OwnsProcess
    {
        get => _ownsProcess && _requests is not { IsTestServer: true };
        set => _ownsProcess = value;
    }

    /// <summary>Whether the host stops the server as soon as the application is told, and with a timeout of its own.</summary>
    public bool HostStopsServerAtOnce { get; set; }

    public ILogger Logger => _logger;

    public ParticipantDrain Participants { get; }

    public GracefulShutdownOptions Options => _configured.Value;

    /// <inheritdoc/>
    public Task StartAsync(string reason, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(reason);
        if (cancellationToken.IsCancellationRequested) return Task.FromCanceled(cancellationToken);
        Begin(DrainCause.Requested(reason));
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public void OnCleanup(string name, Func<CancellationToken, ValueTask> cleanup, CleanupStage stage = CleanupStage.Close, TimeSpan? timeout = null)
    {
        ArgumentNullException.ThrowIfNull(cleanup);
        Add(new CleanupHandler(name, stage, timeout, (_, token) => cleanup(token)));
    }

    /// <inheritdoc/>
    public void OnCleanup(string name, Func<CancellationToken, ValueTask> cleanup, Func<CancellationToken, ValueTask> forced, CleanupStage stage = CleanupStage.Close, TimeSpan? timeout = null)
    {
        ArgumentNullException.ThrowIfNull(cleanup);
        ArgumentNullException.ThrowIfNull(forced);
        Add(new CleanupHandler(name, stage, timeout, (_, token) => cleanup(token), (_, token) => forced(token)));
    }

    /// <inheritdoc/>
    public void Track(string name, Func<CancellationToken, Task> work)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        ArgumentNullException.ThrowIfNull(work);
        lock (_gate)
        {
            ThrowIfCleaningUp($"The work '{name}'", "Do what has to be done at this point in a cleanup handler (OnCleanup).");
            _tracked.Start(name, work, GraceOver);
        }
    }

    /// <summary>Starts the sequence, or cuts a running delay short where the cause allows no delay. Everything that can begin a stop ends up here.</summary>
    public void Begin(DrainCause cause)
    {
        GracefulShutdownOptions options = Options;
        bool first, endsProcess;
        TimeSpan delay = TimeSpan.Zero, total;
        lock (_gate)
        {
            first = _cause is null;
            _isSignalled |= cause.IsSignal;
            if (first)
            {
                _cause = cause;
                if (cause.HasDelay) delay = EffectiveDelay(options);
                _journal.Begin(cause, options.Process.Time);
            }

            // Also for the signal that comes while somebody stops the host for reasons of his own: it is the process that ends now.
            endsProcess = OwnsProcess && cause.EndsProcess && (first || cause.IsSignal) && _deadline is null;
            total = DrainBudget.Total(options, delay);
            if (endsProcess) _deadline = options.Process.ArmDeadline(total, () => DeadlineExceeded(total));
            if (first) EnterAnnounce(options, delay);
        }

        if (endsProcess) SystemdNotification.Stopping(options.Process, total + ForcedExit.Longest, _logger);
        if (first)
        {
            _logger.DrainBegins(cause.Reason, delay, options.RequestTimeout, options.CleanupTimeout);
            _steps.Fire(_draining, nameof(Draining));
        }

        if (delay == TimeSpan.Zero && (first || !cause.HasDelay)) EnterStop();
    }

    /// <summary>The rest of the delay would serve nobody: ends it.</summary>
    /// <param name="evidence">For the log.</param>
    public void EndDelay(string evidence)
    {
        if (Phase is not (DrainPhase.Announce or DrainPhase.Shed)) return;
        _logger.DelayEndsEarly(_journal.Elapsed, evidence);
        EnterStop();
    }

    /// <summary>The host stops its services: ends what is in flight first, while everything that it needs is still there.</summary>
    public Task StopWorkAsync()
    {
        // Where the application asked for the stop, the host's own steps may overtake the callback that says so.
        Begin(_lifetime.ApplicationStopping.IsCancellationRequested ? DrainCause.StopApplication : DrainCause.HostStopped);
        lock (_gate) return _stopping ??= _work.EndAsync(Phase == DrainPhase.Refuse, RefusingEnds, Options.Process.Time, GraceOver);
    }

    /// <summary>The host has stopped its services: runs the cleanup handlers. Also called when the host is late, whichever is first.</summary>
    public Task CleanUpAsync()
    {
        lock (_gate) return _cleaningUp ??= Task.Run(CleanUpOnceAsync);
    }

    /// <summary>A second signal: ends the process now.</summary>
    public void ForceExit(string signal) => CutOff(ShutdownExitCodes.ForcedBySignal, $"A second signal ({signal})", "came");

    /// <inheritdoc/>
    public void Dispose()
    {
        StopTimers();
        // After a signal the process is meant to end, whatever the program still does behind its host.
        if (!_isSignalled) _deadline?.Dispose();
    }

    private TimeSpan EffectiveDelay(GracefulShutdownOptions options)
    {
        // Nothing is routed to a process that has not started, and a developer doesn't wait for a load balancer that isn't there.
        if (!_lifetime.ApplicationStarted.IsCancellationRequested) return TimeSpan.Zero;
        bool development = _services.GetService<IHostEnvironment>()?.IsDevelopment() == true;
        return development && !options.IsDrainDelaySet ? TimeSpan.Zero : options.DrainDelay;
    }

    private void Add(CleanupHandler handler)
    {
        lock (_gate)
        {
            ThrowIfCleaningUp($"The cleanup handler '{handler.Name}'", "Register it while the application starts, or at the latest in a callback on Draining.");
            _handlers.Add(handler);
        }
    }

    /// <summary>The phase, its timers and what the request part knows of it change together: whoever sees the phase can rely on the others.</summary>
    private bool Enter(DrainPhase phase, TimeSpan length)
    {
        lock (_gate)
        {
            if (phase <= Phase) return false;
            Volatile.Write(ref _phase, (int)phase);
            if (phase > DrainPhase.Announce) _journal.Enter(phase);
            _requests?.OnPhase(phase, length);
            return true;
        }
    }

    /// <summary>The timers stand before anybody's callbacks run: those may block.</summary>
    private void EnterAnnounce(GracefulShutdownOptions options, TimeSpan delay)
    {
        Enter(DrainPhase.Announce, delay);
        TimeSpan shedAfter = options.ShedAfter ?? delay / 2;
        if (shedAfter < delay) After(shedAfter, () => EnterShed(delay - shedAfter));
        After(delay > TimeSpan.Zero ? delay : CallbackPatience, EnterStop);
    }

    private void EnterShed(TimeSpan length)
    {
        if (Enter(DrainPhase.Shed, length)) _logger.PhaseEntered(DrainPhase.Shed);
    }

    /// <summary>The delay is over: the host stops now, and the requests' time runs.</summary>
    private void EnterStop()
    {
        GracefulShutdownOptions options = Options;
        DrainPhase phase = options.LateRequests == LateRequests.Refuse && _requests is not null && !HostStopsServerAtOnce ? DrainPhase.Refuse : DrainPhase.Stop;
        lock (_gate)
        {
            if (Phase >= DrainPhase.Refuse) return;
            StopTimers();
            Enter(phase, options.RequestTimeout);
            After(options.RequestTimeout + DrainBudget.AbortNotice, () => UnlessCleaningUp(_work.Abort));
            After(options.RequestTimeout + DrainBudget.Overtime, () => UnlessCleaningUp(ForceCleanUp));
            if (options.StreamTimeout is { } streamTimeout && streamTimeout < options.RequestTimeout) After(streamTimeout, () => UnlessCleaningUp(_work.AbortStreams));
            After(options.RequestTimeout, () => _steps.Fire(_graceOver, nameof(GraceOver)));
        }

        _logger.PhaseEntered(phase);
        _steps.Try("stop the intake of the participants", () => Participants.StopIntake(options.Process.Time, GraceOver));
        // Ahead of the host: who stops the server first says how long its requests may take.
        if (HostStopsServerAtOnce) _ = StopWorkAsync();
        _lifetime.StopApplication();
    }

    private void RefusingEnds()
    {
        if (Enter(DrainPhase.Stop, TimeSpan.Zero)) _logger.PhaseEntered(DrainPhase.Stop);
    }

    private void UnlessCleaningUp(Action action)
    {
        if (Phase < DrainPhase.CleanUp) action();
    }

    private void ForceCleanUp()
    {
        _logger.CleanupForced(_running.Show(_cleanup));
        _ = CleanUpAsync();
    }

    private async Task CleanUpOnceAsync()
    {
        GracefulShutdownOptions options = Options;
        CleanupHandler[]? handlers = null;
        while (handlers is null)
        {
            // What hosted services tracked while they stopped; the time for it is still the requests'.
            await _work.TrackedEndsAsync().ConfigureAwait(false);
            lock (_gate)
            {
                if (!_work.IsOver) continue;
                Enter(DrainPhase.CleanUp, options.CleanupTimeout);
                StopTimers();
                // What came behind the abort: whatever was accepted is named.
                _work.LeaveTrackedBehind();
                handlers = [.. _handlers];
            }
        }

        _logger.PhaseEntered(DrainPhase.CleanUp);
        _cleanup = new CleanupRunner(_services, options.Process.Time, _journal);
        await _steps.TryAsync("run the cleanup handlers", () => _cleanup.RunAsync(handlers, options.CleanupTimeout, options.ParallelCleanup)).ConfigureAwait(false);
        _steps.Try("report", () => _conclusion.Draw(OwnsProcess ? options.Process.SetExitCode : null));
        if (Enter(DrainPhase.Exit, TimeSpan.Zero)) _logger.PhaseEntered(DrainPhase.Exit);
    }

    private void DeadlineExceeded(TimeSpan deadline) => CutOff(ShutdownExitCodes.DeadlineExceeded, $"The hard deadline of {DurationText.Show(deadline)}", "is over");

    private void CutOff(int exitCode, string what, string happened) => Options.Process.Exit(exitCode, () => _conclusion.CutOff(exitCode, what, happened, Phase, _cleanup));

    private void ThrowIfCleaningUp(string what, string remedy)
    {
        if (Phase >= DrainPhase.CleanUp) throw new InvalidOperationException($"{what} comes too late: the drain is in phase {Phase}. {remedy}");
    }

    private void After(TimeSpan time, Action action)
    {
        lock (_gate) _timers.Add(Options.Process.Time.CreateTimer(static state => ((Action)state!)(), action, time, Timeout.InfiniteTimeSpan));
    }

    private void StopTimers()
    {
        lock (_gate)
        {
            foreach (ITimer timer in _timers) timer.Dispose();
            _timers.Clear();
        }
    }
}

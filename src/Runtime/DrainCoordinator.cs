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
    private readonly TrackedWork _work;
    private readonly RunningParts _running;
    private readonly List<CleanupHandler> _handlers;
    private readonly CancellationTokenSource _draining = new();
    private readonly CancellationTokenSource _graceOver = new();
    private readonly CancellationTokenSource _aborted = new();
    private readonly List<ITimer> _timers = [];
    private readonly DrainJournal _journal = new();
    private readonly DrainReporter _reporter;

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
        _reporter = reporter;
        _logger = reporter.Logger;
        _handlers = [.. handlers];
        _requests = requests;
        _work = new TrackedWork(_logger, _journal);
        Participants = new ParticipantDrain(_journal);
        _running = new RunningParts(services, _work, Participants, requests);
    }

    /// <inheritdoc/>
    public DrainPhase Phase => (DrainPhase)Volatile.Read(ref _phase);

    /// <inheritdoc/>
    public bool IsDraining => Phase != DrainPhase.Running;

    /// <inheritdoc/>
    public CancellationToken Draining => _draining.Token;

    /// <inheritdoc/>
    public CancellationToken GraceOver => _graceOver.Token;

    /// <summary>Whether the host runs under a lifetime of ours, so that its end is the end of the process. Under a test's lifetime nothing here may end the process.</summary>
    public bool OwnsProcess { get; set; }

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
            _work.Start(name, work, GraceOver);
        }
    }

    /// <summary>Starts the sequence, or cuts a running delay short where the cause allows no delay. Everything that can begin a stop ends up here.</summary>
    public void Begin(DrainCause cause)
    {
        GracefulShutdownOptions options = Options;
        bool first;
        TimeSpan delay = TimeSpan.Zero;
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

            // Also for the signal that comes while somebody has stopped the host for reasons of his own: it is the process that ends now.
            if (OwnsProcess && cause.EndsProcess && (first || cause.IsSignal) && _deadline is null)
            {
                TimeSpan total = DrainBudget.Total(options, delay);
                _deadline = options.Process.ArmDeadline(total, () => DeadlineExceeded(total));
            }

            if (first) EnterAnnounce(options, delay);
        }

        if (!first)
        {
            if (!cause.HasDelay) EnterStop();
            return;
        }

        if (OwnsProcess && cause.EndsProcess) SystemdNotification.Stopping(options.Process, DrainBudget.Total(options, delay) + ForcedExit.Longest, _logger);
        _logger.DrainBegins(cause.Reason, delay, options.RequestTimeout, options.CleanupTimeout);
        Fire(_draining, nameof(Draining));
        if (delay == TimeSpan.Zero) EnterStop();
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
        lock (_gate) return _stopping ??= StopWorkOnceAsync();
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
        DrainPhase phase = options.LateRequests == LateRequests.Refuse && _requests is not null ? DrainPhase.Refuse : DrainPhase.Stop;
        lock (_gate)
        {
            if (Phase >= DrainPhase.Refuse) return;
            StopTimers();
            Enter(phase, options.RequestTimeout);
            After(options.RequestTimeout + DrainBudget.AbortNotice, Abort);
            After(options.RequestTimeout + DrainBudget.Overtime, ForceCleanUp);
            if (options.StreamTimeout is { } streamTimeout && streamTimeout < options.RequestTimeout) After(streamTimeout, AbortStreams);
            After(options.RequestTimeout, () => Fire(_graceOver, nameof(GraceOver)));
        }

        _logger.PhaseEntered(phase);
        try { Participants.StopIntake(options.Process.Time, GraceOver); }
        catch (Exception e) { Failed("stop the intake of the participants", e); }
        _lifetime.StopApplication();
    }

    private async Task StopWorkOnceAsync()
    {
        if (_requests is not null)
        {
            if (Phase == DrainPhase.Refuse)
            {
                await Try("wait for the requests in flight", () => _requests.WhenIdleAsync(_aborted.Token)).ConfigureAwait(false);
                if (Enter(DrainPhase.Stop, TimeSpan.Zero)) _logger.PhaseEntered(DrainPhase.Stop);
            }

            await Try("stop the server", () => _requests.StopServerAsync(_aborted.Token)).ConfigureAwait(false);
            _journal.Held("requests in flight");
        }

        await Try("wait for the participants", () => Participants.WhenIdleAsync(Options.Process.Time, GraceOver, _aborted.Token)).ConfigureAwait(false);
        await Try("wait for tracked work", () => _work.WhenIdleAsync(_aborted.Token)).ConfigureAwait(false);
        _journal.NothingInFlight();
    }

    private void AbortStreams()
    {
        if (Phase >= DrainPhase.CleanUp) return;
        Abort(r => r.AbortStreams(_journal.Aborted));
    }

    /// <summary>The time for requests and work is over: aborts and names what is left.</summary>
    private void Abort()
    {
        if (Phase >= DrainPhase.CleanUp) return;
        Abort(r => r.Abort(_journal.Aborted));
        _journal.LeftBehind(_work.Names);
        Participants.GiveUp();
        Fire(_aborted, "abort");
    }

    private void Abort(Action<IRequestDrain> abort)
    {
        if (_requests is null) return;
        try { abort(_requests); }
        catch (Exception e) { Failed("abort what is in flight", e); }
    }

    private void ForceCleanUp()
    {
        if (Phase >= DrainPhase.CleanUp) return;
        _logger.CleanupForced(_running.Show(_cleanup));
        _ = CleanUpAsync();
    }

    private async Task CleanUpOnceAsync()
    {
        GracefulShutdownOptions options = Options;
        // What hosted services tracked while they stopped; the time for it is still the requests'.
        await Try("wait for tracked work", () => _work.WhenIdleAsync(_aborted.Token)).ConfigureAwait(false);

        CleanupHandler[] handlers;
        lock (_gate)
        {
            Enter(DrainPhase.CleanUp, options.CleanupTimeout);
            StopTimers();
            handlers = [.. _handlers];
        }

        _logger.PhaseEntered(DrainPhase.CleanUp);
        _cleanup = new CleanupRunner(_services, options.Process.Time, _journal);
        await Try("run the cleanup handlers", () => _cleanup.RunAsync(handlers, options.CleanupTimeout, options.ParallelCleanup)).ConfigureAwait(false);
        await Try("report", () => Finish(options)).ConfigureAwait(false);
        if (Enter(DrainPhase.Exit, TimeSpan.Zero)) _logger.PhaseEntered(DrainPhase.Exit);
    }

    private Task Finish(GracefulShutdownOptions options)
    {
        foreach (BackgroundService service in _running.BackgroundServices().Where(s => s.ExecuteTask?.IsFaulted == true))
        {
            _journal.Faulted(service.GetType().ToString(), service.ExecuteTask!.Exception?.InnerException);
        }

        DrainReport report = Report();
        if (OwnsProcess && report.ExitCode != 0) options.Process.SetExitCode(report.ExitCode);
        _reporter.Write(report);
        return Task.CompletedTask;
    }

    private DrainReport Report(CutOff? cutOff = null) => _journal.Report(_requests?.Counts ?? default, Participants.Results, cutOff);

    private void DeadlineExceeded(TimeSpan deadline) => CutOff(ShutdownExitCodes.DeadlineExceeded, $"The hard deadline of {DurationText.Show(deadline)}", "is over");

    /// <summary>Ends the process. The last words go to the error stream first, since a logger's queue may die with the process; the report says what is known by now.</summary>
    private void CutOff(int exitCode, string what, string happened) => Options.Process.Exit(exitCode, () =>
    {
        string running = _running.Show(_cleanup);
        Console.Error.WriteLine($"{what} {happened} in phase {Phase}; still running: {running}. The process ends now.");
        _reporter.Write(Report(new CutOff(char.ToLowerInvariant(what[0]) + what[1..], exitCode, running)));
    });

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

    private void Fire(CancellationTokenSource source, string name)
    {
        try { source.Cancel(); }
        catch (AggregateException e) { _logger.CallbackFailed(e, name); }
    }

    /// <summary>A step that fails is reported; the ones behind it still have to run.</summary>
    private async Task Try(string step, Func<Task> action)
    {
        try { await action().ConfigureAwait(false); }
        catch (Exception e) { Failed(step, e); }
    }

    private void Failed(string step, Exception error)
    {
        _logger.StepFailed(error, step);
        _journal.Failed(step);
    }
}

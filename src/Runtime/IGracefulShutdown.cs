namespace ShutdownAnalyzers.Runtime;

/// <summary>The drain sequence of this host, as application code sees it: where it stands, how to start it, and what it has to wait for. A singleton; all members may be called from any thread.</summary>
public interface IGracefulShutdown
{
    /// <summary>The phase that the sequence is in; <see cref="DrainPhase.Running"/> until something starts it.</summary>
    DrainPhase Phase { get; }

    /// <summary>Whether the sequence has started: true from the first signal on, and never false again.</summary>
    bool IsDraining { get; }

    /// <summary>Fires when the sequence starts, ahead of <c>ApplicationStopping</c>: the process still serves, for the length of the drain delay.</summary>
    CancellationToken Draining { get; }

    /// <summary>Fires when requests and tracked work have used up <see cref="GracefulShutdownOptions.RequestTimeout"/> and what is still running is about to be aborted.</summary>
    CancellationToken GraceOver { get; }

    /// <summary>
    /// Starts the whole sequence, drain delay included, as a SIGTERM does. The task is complete when the sequence has started, not when it has ended, so that
    /// a request may await it; wait for the host's own completion to see the end. Does nothing when the sequence is already under way.
    /// </summary>
    /// <param name="reason">Why, for the log and the drain report.</param>
    /// <param name="cancellationToken">Observed before the sequence starts; a sequence that has started cannot be called off.</param>
    /// <exception cref="ArgumentException"><paramref name="reason"/> is null or blank.</exception>
    /// <exception cref="OperationCanceledException">The token was already cancelled.</exception>
    Task StartAsync(string reason, CancellationToken cancellationToken = default);

    /// <summary>
    /// Registers a cleanup handler, which runs after every request and every hosted service has ended. Handlers run in stages, within a stage in reverse order of
    /// registration, each isolated from the others: one that throws or hangs is reported and does not keep the next from running.
    /// </summary>
    /// <param name="name">Names the handler in the log and the drain report.</param>
    /// <param name="cleanup">The work. Its token fires when the handler's time is up.</param>
    /// <param name="stage">When to run; <see cref="CleanupStage.Close"/> by default.</param>
    /// <param name="timeout">The handler's own limit, within <see cref="GracefulShutdownOptions.CleanupTimeout"/>; 5 s where null.</param>
    /// <exception cref="ArgumentException"><paramref name="name"/> is null or blank.</exception>
    /// <exception cref="ArgumentNullException"><paramref name="cleanup"/> is null.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="timeout"/> is zero or negative, or <paramref name="stage"/> is not a stage.</exception>
    /// <exception cref="InvalidOperationException">Cleanup has already begun, so the handler would never run.</exception>
#pragma warning disable RS0026 // Overloads with optional parameters: a required one tells these two apart.
    void OnCleanup(string name, Func<CancellationToken, ValueTask> cleanup, CleanupStage stage = CleanupStage.Close, TimeSpan? timeout = null);

    /// <summary>
    /// Registers a cleanup handler in two steps: a graceful one, and a forced one that runs where the graceful one fails or does not end in its time. A quarter of the handler's time, at most
    /// 1 s, is set aside for the forced step; a graceful step that does not end is left behind and may still run beside it. The handler counts as failed even when the forced step succeeds: what the graceful
    /// one was to finish is not finished.
    /// </summary>
    /// <param name="name">Names the handler in the log and the drain report.</param>
    /// <param name="cleanup">The graceful step. Its token fires when its time is up.</param>
    /// <param name="forced">The forced step: gives back what it can without waiting for anybody.</param>
    /// <param name="stage">When to run; <see cref="CleanupStage.Close"/> by default.</param>
    /// <param name="timeout">The limit of both steps together, within <see cref="GracefulShutdownOptions.CleanupTimeout"/>; 5 s where null.</param>
    /// <exception cref="ArgumentException"><paramref name="name"/> is null or blank.</exception>
    /// <exception cref="ArgumentNullException"><paramref name="cleanup"/> or <paramref name="forced"/> is null.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="timeout"/> is zero or negative, or <paramref name="stage"/> is not a stage.</exception>
    /// <exception cref="InvalidOperationException">Cleanup has already begun, so the handler would never run.</exception>
    void OnCleanup(string name, Func<CancellationToken, ValueTask> cleanup, Func<CancellationToken, ValueTask> forced, CleanupStage stage = CleanupStage.Close, TimeSpan? timeout = null)
    {
        // For another implementation, such as a test's: what the drain sequence does, but for the time that it sets aside.
        ArgumentNullException.ThrowIfNull(cleanup);
        ArgumentNullException.ThrowIfNull(forced);
        OnCleanup(name, async token =>
        {
            try { await cleanup(token).ConfigureAwait(false); }
            catch
            {
                await forced(token).ConfigureAwait(false);
                throw;
            }
        }, stage, timeout);
    }
#pragma warning restore RS0026

    /// <summary>
    /// Starts background work that the drain waits for, within <see cref="GracefulShutdownOptions.RequestTimeout"/> and ahead of hosted services and cleanup. Its token fires with
    /// <see cref="GraceOver"/>. Work that fails is logged; work that does not end in time is named in the drain report and makes the exit code non-zero.
    /// </summary>
    /// <param name="name">Names the work in the log and the drain report.</param>
    /// <param name="work">The work; it runs on the thread pool.</param>
    /// <exception cref="ArgumentException"><paramref name="name"/> is null or blank.</exception>
    /// <exception cref="ArgumentNullException"><paramref name="work"/> is null.</exception>
    /// <exception cref="InvalidOperationException">Cleanup has already begun, so what the work needs may be closed.</exception>
    void Track(string name, Func<CancellationToken, Task> work);
}

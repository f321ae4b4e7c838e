namespace ShutdownAnalyzers.Runtime;

/// <summary>
/// A queue or consumer that takes part in the drain: it stops its intake, finishes what it holds, and only then are pools closed. Registered with <c>AddDrainParticipant</c> or as a singleton of this
/// interface.
/// </summary>
/// <remarks>
/// <para>Intake goes on during the drain delay and stops when that is over, just ahead of <c>ApplicationStopping</c>. A consumer needs no load balancer to take it out, and could stop at the signal. But
/// during the delay every request is still served, and requests lean on queues: they put work into them, and wait for answers out of them. A consumer that nobody leans on may stop
/// earlier by itself, on <see cref="IGracefulShutdown.Draining"/>.</para>
/// <para>All participants stop and are waited for at once, beside the requests in flight and within <see cref="GracefulShutdownOptions.RequestTimeout"/>. One that fails or hangs is named in the drain report, makes the
/// exit code <see cref="ShutdownExitCodes.WorkAborted"/> and keeps no other from ending.</para>
/// </remarks>
public interface IDrainParticipant
{
    /// <summary>Names it in the drain report. Read once, when the host starts.</summary>
    string Name { get; }

    /// <summary>Stops taking new work. What has been taken goes on.</summary>
    /// <param name="cancellationToken">Fires with <see cref="IGracefulShutdown.GraceOver"/>.</param>
    /// <returns>Completes when nothing new is taken any more.</returns>
    Task StopIntakeAsync(CancellationToken cancellationToken);

    /// <summary>Waits until everything that was taken is finished. Called after <see cref="StopIntakeAsync"/>, and once more when the requests have ended, since they may have added to it.</summary>
    /// <param name="cancellationToken">Fires with <see cref="IGracefulShutdown.GraceOver"/>; ending by it counts as not having finished.</param>
    /// <returns>Completes when nothing is held: at once where nothing is.</returns>
    Task WhenIdleAsync(CancellationToken cancellationToken);
}

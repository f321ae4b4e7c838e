using Microsoft.Extensions.Options;

namespace ShutdownAnalyzers.Runtime;

/// <summary>The request part of the drain, which the web assembly brings. The coordinator owns the phase and tells it; it never decides on a phase itself.</summary>
internal interface IRequestDrain
{
    /// <summary>A phase has been entered. Must not block or throw.</summary>
    /// <param name="phase">The phase.</param>
    /// <param name="length">How long it may last; zero where it is passed at once.</param>
    void OnPhase(DrainPhase phase, TimeSpan length);

    /// <summary>Completes when no request is in flight that the drain waits for, or when the token fires.</summary>
    Task WhenIdleAsync(CancellationToken giveUp);

    /// <summary>Closes the listener and waits for the requests in flight; when the token fires their connections are closed under them.</summary>
    Task StopServerAsync(CancellationToken giveUp);

    /// <summary>Aborts what is in flight.</summary>
    /// <param name="note">Takes the endpoints, ahead of the abort: with the last of them gone the drain goes on, maybe to its report.</param>
    void Abort(Action<IReadOnlyList<string>> note);

    /// <summary>Aborts the streams that are in flight.</summary>
    /// <param name="note">Takes their endpoints, ahead of the abort.</param>
    void AbortStreams(Action<IReadOnlyList<string>> note);

    /// <summary>Whether the requests come from a test in the same process, which goes on without its host.</summary>
    bool IsTestServer { get; }

    /// <summary>What was counted since the drain began.</summary>
    RequestCounts Counts { get; }

    /// <summary>The endpoints of the requests in flight.</summary>
    IReadOnlyList<string> InFlight();

    /// <summary>Another one, which no request reaches and which has no server to stop.</summary>
    IRequestDrain ForRehearsal(IOptions<GracefulShutdownOptions> options);
}

/// <summary>What the request part counted.</summary>
/// <param name="ServedInDelay">Requests that came during the delay and were served.</param>
/// <param name="Refused">Requests that were answered with 503.</param>
/// <param name="ClosesAsked">Connections that were asked to close.</param>
/// <param name="StreamsAsked">Streams that were asked to end.</param>
internal readonly record struct RequestCounts(long ServedInDelay, long Refused, long ClosesAsked, long StreamsAsked);

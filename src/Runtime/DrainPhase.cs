namespace ShutdownAnalyzers.Runtime;

/// <summary>The phases of the drain sequence, in the order in which they are passed. A phase that does not apply is skipped; none is entered twice.</summary>
public enum DrainPhase
{
    /// <summary>No signal has come: everything is served.</summary>
    Running,

    /// <summary>The signal has come: readiness answers 503 and everything is still served, so that load balancers can take the process out.</summary>
    Announce,

    /// <summary>The later part of the delay: requests are still served, and clients are asked to close their connections and streams.</summary>
    Shed,

    /// <summary>Only with <see cref="LateRequests.Refuse"/>: new requests are answered with 503 and <c>Retry-After</c> while those in flight end.</summary>
    Refuse,

    /// <summary>The listener is closed; requests in flight, tracked work and hosted services end.</summary>
    Stop,

    /// <summary>The cleanup handlers run.</summary>
    CleanUp,

    /// <summary>Everything has been done: the process is about to end.</summary>
    Exit,
}

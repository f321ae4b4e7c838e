namespace ShutdownAnalyzers.Runtime;

/// <summary>What happens to requests that arrive after the drain delay.</summary>
public enum LateRequests
{
    /// <summary>The listener closes at once, so that a late connection is refused, which every proxy retries elsewhere. The default.</summary>
    CloseListener,

    /// <summary>
    /// The listener stays open until the requests in flight have ended (at most <see cref="GracefulShutdownOptions.RequestTimeout"/>), and new requests
    /// are answered with 503 and <c>Retry-After</c>. For clients that know that header and for load balancers that need an answer.
    /// </summary>
    Refuse,
}

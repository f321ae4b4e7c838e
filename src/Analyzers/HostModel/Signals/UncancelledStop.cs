namespace ShutdownAnalyzers.HostModel;

/// <summary>A signal handler that asks for a stop without keeping the signal from killing the process first.</summary>
/// <param name="Target">What it asks to stop, for a message.</param>
/// <param name="Cancels">When it sets <c>Cancel</c>: never or too late.</param>
internal sealed record UncancelledStop(string Target, CancelAssignment Cancels)
{
    /// <summary>Null for a handler that is right: it sets <c>Cancel</c>, asks for nothing, ends the process itself, or blocks until the stop is done.</summary>
    public static UncancelledStop? Of(HostFacts host, DelegateBody handler)
    {
        var cancels = CancelAssignments.Of(host, handler);
        if (cancels == CancelAssignment.Set)
            return null;

        var requests = StopRequests.Of(host, handler);
        return requests is { Asks: true, Blocks: false, EndsProcess: false }
            ? new(requests.FirstTarget is { } name ? $"'{name}'" : "the program", cancels)
            : null;
    }

    /// <summary>What the handler fails to do, as a part of a message's sentence.</summary>
    public string Failing(string property) =>
        Cancels == CancelAssignment.AfterAwait ? $"sets '{property}' only after an await" : $"never sets '{property}'";
}

using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Http;

namespace ShutdownAnalyzers.Runtime.AspNetCore;

/// <summary>
/// The end of a stream whose drain token leaves its handler as an exception: an end like any other, where a server would log an unhandled exception and cut the connection. It is caught in three places, from the inside
/// to the outside: at the endpoint, where that is known to be a stream; by the exception handler of the application, which would answer 500; and around the whole pipeline.
/// </summary>
internal sealed class StreamEnd(RequestDrain requests) : IExceptionHandler
{
    /// <summary>The same endpoint, with the end of its streams.</summary>
    public Endpoint Follow(Endpoint endpoint) => StreamEndpoints.Around(endpoint, (request, call) => AwaitAsync(request, call(request)));

    /// <summary>Waits for what serves the request; where the drain has ended it, its client learns when to come again.</summary>
    public async Task AwaitAsync(HttpContext request, Task served)
    {
        try { await served.ConfigureAwait(false); }
        catch (OperationCanceledException e) when (IsByDrain(request, e))
        {
            await EndAsync(request).ConfigureAwait(false);
        }

        if (request.Features.Get<OpenStream>() is { IsAsked: true, IsTold: false } stream && !request.RequestAborted.IsCancellationRequested) await EventStreams.HintAsync(request, stream).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async ValueTask<bool> TryHandleAsync(HttpContext httpContext, Exception exception, CancellationToken cancellationToken)
    {
        if (!IsByDrain(httpContext, exception)) return false;
        await EndAsync(httpContext).ConfigureAwait(false);
        return true;
    }

    /// <summary>
    /// Whether it is the drain that has ended the request. Not where its client has left, not where something else took too long, and not where the length of the answer was promised: less than that must not look whole.
    /// </summary>
    private static bool IsByDrain(HttpContext request, Exception exception) =>
        exception is OperationCanceledException { InnerException: not TimeoutException }
        && request.Features.Get<OpenStream>() is { HasEndedByToken: true }
        && !request.RequestAborted.IsCancellationRequested
        && !(request.Response.HasStarted && request.Response.ContentLength is not null);

    /// <summary>A client that has seen nothing yet is told to come again; for all others the answer just ends.</summary>
    private Task EndAsync(HttpContext request)
    {
        if (request.Response.HasStarted) return Task.CompletedTask;
        request.Features.Get<OpenStream>()!.IsTold = true;
        request.Response.Clear();
        return EventStreams.IsEventSource(request) ? requests.SendElsewhere(request) : requests.Refuse(request);
    }
}

using Microsoft.Extensions.DependencyInjection;
using ShutdownAnalyzers.Runtime.AspNetCore;

namespace Microsoft.AspNetCore.Http;

/// <summary>The drain, as a request sees it.</summary>
public static class DrainHttpContextExtensions
{
    /// <summary>
    /// The request's own token for long work: fires when the client leaves, and when the drain asks streams to end. In the place of <see cref="HttpContext.RequestAborted"/> in everything that goes on until it is told to stop
    /// (server-sent events, web sockets, long polls). Costs nothing in requests that don't call it. Without the drain sequence it fires when the client leaves or the application stops.
    /// </summary>
    /// <param name="context">The request.</param>
    /// <returns>The token; the same one for every call within a request.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="context"/> is null.</exception>
    public static CancellationToken GetDrainToken(this HttpContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        return context.RequestServices.GetService<StreamRegistry>() is { } streams
            ? streams.Open(context).Token
            : StopToken.Of(context);
    }
}

using System.Globalization;
using Microsoft.AspNetCore.Http;

namespace ShutdownAnalyzers.Runtime.AspNetCore;

/// <summary>Server-sent events.</summary>
internal static class EventStreams
{
    private const string ContentType = "text/event-stream";

    /// <summary>Whether a browser's EventSource asks, or a client like it, which will connect anew when the stream ends. Whoever takes an event stream as one form of an answer is owed that answer.</summary>
    public static bool IsEventSource(HttpContext request) =>
        HttpMethods.IsGet(request.Request.Method) && string.Equals(request.Request.Headers.Accept, ContentType, StringComparison.OrdinalIgnoreCase);

    /// <summary>
    /// An empty stream with the wait before the next attempt. Not a 503: an EventSource gives up for good at any status but 200 (HTML, 9.2.3: "fail the connection"), and at an answer that lacks the CORS
    /// headers of another origin; there is nothing in this one that the origin may not see.
    /// </summary>
    public static Task SendElsewhereAsync(HttpContext request)
    {
        HttpResponse response = request.Response;
        response.ContentType = ContentType;
        response.Headers.CacheControl = "no-store";
        if (request.Request.Headers.Origin is { Count: 1 } origin)
        {
            response.Headers.AccessControlAllowOrigin = origin;
            response.Headers.AccessControlAllowCredentials = "true";
            response.Headers.Vary = "Origin";
        }

        return response.WriteAsync(Retry());
    }

    /// <summary>Tells the client of a stream that the drain has ended how long to wait before it connects anew: each a different time.</summary>
    public static async Task HintAsync(HttpContext request, OpenStream stream)
    {
        HttpResponse response = request.Response;
        if (!response.HasStarted || response.ContentType?.StartsWith(ContentType, StringComparison.OrdinalIgnoreCase) != true) return;
        stream.IsTold = true;
        try { await response.WriteAsync(Retry()).ConfigureAwait(false); }
        catch (Exception e) when (e is IOException or ObjectDisposedException or InvalidOperationException or OperationCanceledException)
        {
            // The application has completed the response, or the client has left: a hint less.
        }
    }

    private static string Retry() => "retry: " + Random.Shared.Next(200, 2000).ToString(CultureInfo.InvariantCulture) + "\n\n";
}

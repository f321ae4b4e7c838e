using System.Globalization;
using Microsoft.AspNetCore.Http;

namespace ShutdownAnalyzers.Runtime.AspNetCore;

/// <summary>Server-sent events.</summary>
internal static class EventStreams
{
    private const string ContentType = "text/event-stream";

    public static bool IsAsked(HttpContext request)
    {
        foreach (string? accepted in request.Request.Headers.Accept)
        {
            if (accepted is not null && accepted.Contains(ContentType, StringComparison.OrdinalIgnoreCase)) return true;
        }

        return false;
    }

    /// <summary>Serves the stream and, where the drain has ended it, tells the client how long to wait before it connects anew: each a different time.</summary>
    public static async Task ServeAsync(HttpContext request, RequestDelegate pipeline)
    {
        await pipeline(request).ConfigureAwait(false);
        if (request.Features.Get<OpenStream>() is not { IsAsked: true } || request.RequestAborted.IsCancellationRequested) return;
        HttpResponse response = request.Response;
        if (!response.HasStarted || response.ContentType?.StartsWith(ContentType, StringComparison.OrdinalIgnoreCase) != true) return;
        try
        {
            await response.WriteAsync("retry: " + Random.Shared.Next(200, 2000).ToString(CultureInfo.InvariantCulture) + "\n\n").ConfigureAwait(false);
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException or InvalidOperationException or OperationCanceledException)
        {
            // The application has completed the response, or the client has left: a hint less.
        }
    }
}

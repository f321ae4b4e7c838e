using System.Net.WebSockets;

namespace Quiet.Shipping;

/// <summary>Streams, which end with the drain and not with the client alone.</summary>
internal static partial class ParcelEndpoints
{
    private static async Task FeedAsync(HttpContext context, ParcelFeed feed)
    {
        context.Response.ContentType = "text/event-stream";
        var drain = context.GetDrainToken();
        var stop = drain;
        try
        {
            while (!stop.IsCancellationRequested)
            {
                await context.Response.WriteAsync($"data: {await feed.NextAsync(stop)}\n\n", stop);
                await context.Response.Body.FlushAsync(stop);
            }
        }
        catch (OperationCanceledException) when (drain.IsCancellationRequested)
        {
            // The client reconnects elsewhere.
        }
    }

    private static async Task LinesAsync(HttpContext context, ParcelFeed feed, IHostApplicationLifetime lifetime)
    {
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, lifetime.ApplicationStopping);
        var cancellationToken = linked.Token;
        context.Response.ContentType = "application/x-ndjson";
        try
        {
            await foreach (var line in feed.AllAsync(cancellationToken))
                await context.Response.WriteAsync(line + "\n", cancellationToken);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // As above.
        }
    }

    private static async Task SocketAsync(HttpContext context, Parcels parcels)
    {
        if (!context.WebSockets.IsWebSocketRequest)
        {
            context.Response.StatusCode = StatusCodes.Status400BadRequest;
            return;
        }

        using var socket = await context.WebSockets.AcceptWebSocketAsync();
        var drain = context.GetDrainToken();
        var buffer = new byte[1024];
        try
        {
            while (!drain.IsCancellationRequested)
            {
                var message = await socket.ReceiveAsync(buffer, drain);
                if (message.MessageType == WebSocketMessageType.Close)
                    break;
                parcels.Add(new Parcel(message.Count, "by socket"));
            }
        }
        catch (OperationCanceledException) when (drain.IsCancellationRequested)
        {
            // The drain has told the client already.
        }
    }
}

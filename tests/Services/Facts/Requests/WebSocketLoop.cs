using System.Net.WebSockets;

namespace ShutdownAnalyzers.Facts.Requests;

/// <summary>9.5: a WebSocket's receive loop that watches RequestAborted alone (shutdown timeout 2 s), or closes at the stop (20 s).</summary>
internal sealed class WebSocketLoop : IScenario
{
    public Task RunAsync(string[] args)
    {
        var closes = args is ["closes"];
        var app = Hosting.Web(shutdownTimeout: closes ? 20 : 2).Build();
        app.UseWebSockets();
        app.MapGet("/socket", async (HttpContext context) =>
        {
            using var socket = await context.WebSockets.AcceptWebSocketAsync();
            Console.WriteLine("connected");
            using var registration = closes
                ? app.Lifetime.ApplicationStopping.Register(() => socket.CloseOutputAsync(WebSocketCloseStatus.EndpointUnavailable, "stopping", CancellationToken.None).Wait())
                : default;
            var buffer = new byte[256];
            while ((await socket.ReceiveAsync(buffer, context.RequestAborted)).MessageType != WebSocketMessageType.Close)
                Console.WriteLine("message");
        });
        app.Run();
        return Task.CompletedTask;
    }
}

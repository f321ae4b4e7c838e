using System.Globalization;
using System.Net.WebSockets;
using Microsoft.AspNetCore.Mvc;
using Npgsql;
using ShutdownAnalyzers.Runtime;
using StackExchange.Redis;

namespace ShutdownAnalyzers.Shop;

internal static class ShopEndpoints
{
    /// <summary>What an order takes: long enough that some are always in flight under load.</summary>
    private static readonly TimeSpan Work = TimeSpan.FromMilliseconds(30);

    public static void MapShop(this IEndpointRouteBuilder endpoints)
    {
        endpoints.MapGet("/orders/{id}", async (string id) =>
        {
            await Task.Delay(Work);
            return Results.Text($"order {id}");
        });
        endpoints.MapPost("/orders", async (HttpRequest request) =>
        {
            using var reader = new StreamReader(request.Body);
            var id = await reader.ReadToEndAsync();
            await Task.Delay(Work);
            return Results.Text($"order {id}", statusCode: StatusCodes.Status201Created);
        });

        // Tells when it has begun, so that a test can send its signal into the middle of it.
        endpoints.MapGet("/slow/{id}/{milliseconds:int}", async (string id, int milliseconds) =>
        {
            Console.WriteLine($"slow {id} begins");
            await Task.Delay(milliseconds);
            return $"slow {id}";
        });

        // Ends well after the drain has begun, whenever that is.
        int held = 0;
        endpoints.MapGet("/held", async ([FromServices] IGracefulShutdown shutdown) =>
        {
            Interlocked.Increment(ref held);
            await Task.Delay(Timeout.Infinite, shutdown.Draining).ContinueWith(_ => { }, TaskScheduler.Default);
            await Task.Delay(TimeSpan.FromSeconds(3));
            return "held";
        });
        endpoints.MapGet("/held/count", () => Volatile.Read(ref held).ToString(CultureInfo.InvariantCulture));

        endpoints.MapGet("/stock/{id}", async (string id, [FromServices] NpgsqlDataSource database, [FromServices] IConnectionMultiplexer cache) =>
        {
            await using var command = database.CreateCommand("select pg_sleep(0.2), 7");
            await using var rows = await command.ExecuteReaderAsync();
            await rows.ReadAsync();
            return $"stock {id}: {rows.GetInt32(1)}, asked for {await cache.GetDatabase().StringIncrementAsync(id)} times";
        });
    }

    /// <summary>A web socket as people write it: its loop knows of no shutdown at all.</summary>
    public static void MapSocket(this IEndpointRouteBuilder endpoints) => endpoints.Map("/socket", async (HttpContext context) =>
    {
        using var socket = await context.WebSockets.AcceptWebSocketAsync();
        var buffer = new byte[1024];
        while (await socket.ReceiveAsync(buffer, CancellationToken.None) is { MessageType: not WebSocketMessageType.Close } message)
            await socket.SendAsync(buffer.AsMemory(0, message.Count), message.MessageType, message.EndOfMessage, CancellationToken.None);
        await socket.CloseAsync(WebSocketCloseStatus.NormalClosure, null, CancellationToken.None);
    });
}

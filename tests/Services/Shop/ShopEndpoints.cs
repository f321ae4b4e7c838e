using Microsoft.AspNetCore.Mvc;
using Npgsql;
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
        endpoints.MapGet("/stock/{id}", async (string id, [FromServices] NpgsqlDataSource database, [FromServices] IConnectionMultiplexer cache) =>
        {
            await using var command = database.CreateCommand("select pg_sleep(0.2), 7");
            await using var rows = await command.ExecuteReaderAsync();
            await rows.ReadAsync();
            return $"stock {id}: {rows.GetInt32(1)}, asked for {await cache.GetDatabase().StringIncrementAsync(id)} times";
        });
    }
}

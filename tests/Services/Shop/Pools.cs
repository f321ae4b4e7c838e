using Npgsql;
using ShutdownAnalyzers.Runtime;
using StackExchange.Redis;

namespace ShutdownAnalyzers.Shop;

/// <summary>The pools and what is done with them at the end, by configuration; each handler prints its name when it runs.</summary>
internal static class Pools
{
    public static void AddPools(this IServiceCollection services, IConfiguration configuration)
    {
        // By instance, as most applications do: the container disposes of neither.
        if (configuration.GetConnectionString("PostgreSql") is { } postgres)
            services.AddSingleton(NpgsqlDataSource.Create(postgres));
        if (configuration.GetConnectionString("Redis") is { } redis)
            services.AddSingleton<IConnectionMultiplexer>(ConnectionMultiplexer.Connect(redis));

        // Registered first, so it runs last of all.
        if (configuration["Cleanup:HoldUntil"] is { } file)
            services.AddShutdownCleanup<IConfiguration>("hold", (_, token) => HoldAsync(file, token), timeout: TimeSpan.FromMinutes(1));

        if (configuration.GetValue<bool>("Cleanup:ClosePools"))
        {
            services.AddShutdownCleanup<NpgsqlDataSource>("postgres", async (pool, _) =>
            {
                Console.WriteLine("cleanup: postgres");
                await pool.DisposeAsync();
            });
        }
    }

    public static void RegisterCleanup(this IServiceProvider services)
    {
        var configuration = services.GetRequiredService<IConfiguration>();
        var shutdown = services.GetRequiredService<IGracefulShutdown>();
        if (configuration.GetValue<bool>("Cleanup:ClosePools"))
        {
            var redis = services.GetRequiredService<IConnectionMultiplexer>();
            shutdown.OnCleanup("redis", async _ =>
            {
                Console.WriteLine("cleanup: redis");
                await redis.CloseAsync();
            });
        }

        // Out of their order on purpose: the stage decides.
        shutdown.OnCleanup("flush", _ => Print("flush"), CleanupStage.Flush);
        shutdown.OnCleanup("intake", _ => Print("intake"), CleanupStage.StopIntake);
        if (configuration.GetValue<bool>("Cleanup:Throw"))
        {
            shutdown.OnCleanup("throwing", async _ =>
            {
                await Print("throwing");
                throw new InvalidOperationException("the broker is gone");
            }, CleanupStage.Flush);
        }

        if (configuration.GetValue<bool>("Cleanup:Block"))
        {
            shutdown.OnCleanup("blocking", _ =>
            {
                Console.WriteLine("cleanup: blocking");
                Thread.Sleep(Timeout.Infinite);
                return ValueTask.CompletedTask;
            }, CleanupStage.StopIntake, TimeSpan.FromSeconds(1));
        }

        if (configuration.GetValue<bool>("Cleanup:Hang"))
        {
            shutdown.OnCleanup("hanging", async _ =>
            {
                await Print("hanging");
                await Task.Delay(Timeout.Infinite, CancellationToken.None);
            }, CleanupStage.StopIntake, TimeSpan.FromSeconds(1));
        }
    }

    private static ValueTask Print(string name)
    {
        Console.WriteLine($"cleanup: {name}");
        return ValueTask.CompletedTask;
    }

    private static async ValueTask HoldAsync(string file, CancellationToken token)
    {
        Console.WriteLine("cleanup: hold");
        while (!File.Exists(file))
            await Task.Delay(50, token);
    }
}

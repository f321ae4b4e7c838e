using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using ShutdownAnalyzers.Runtime;

namespace ShutdownAnalyzers.ShopJobs;

/// <summary>A worker on the generic host.</summary>
internal static class Worker
{
    public static void Run(string[] args)
    {
        var builder = Host.CreateApplicationBuilder(args);
        builder.AddGracefulShutdown();
        builder.Services.AddHostedService<Packing>();
        builder.Services.AddSingleton<Shelf>();
        builder.Services.AddShutdownCleanup<Shelf>("shelf", (shelf, _) => shelf.CloseAsync());
        var host = builder.Build();
        host.Services.GetRequiredService<IGracefulShutdown>().Draining.Register(() => Console.WriteLine("draining"));
        host.Run();
    }

    /// <summary>What the worker needs until its last item is done.</summary>
    internal sealed class Shelf
    {
        public ValueTask CloseAsync()
        {
            Console.WriteLine("shelf closed");
            return ValueTask.CompletedTask;
        }
    }

    /// <summary>Finishes the item that it has begun, and begins no other once it is asked to stop.</summary>
    private sealed class Packing : BackgroundService
    {
        protected override async Task ExecuteAsync(CancellationToken stoppingToken)
        {
            for (var item = 1; !stoppingToken.IsCancellationRequested; item++)
            {
                Console.WriteLine($"item {item} begins");
                await Task.Delay(700, CancellationToken.None);
                Console.WriteLine($"item {item} ends");
            }
        }
    }
}

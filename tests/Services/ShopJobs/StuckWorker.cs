using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace ShutdownAnalyzers.ShopJobs;

/// <summary>A worker whose stop never ends, on a thread pool that has no thread left.</summary>
internal static class StuckWorker
{
    public static void Run(string[] args)
    {
        var builder = Host.CreateApplicationBuilder(args);
        builder.AddGracefulShutdown();
        builder.Services.AddHostedService<Stuck>();
        builder.Build().Run();
    }

    private sealed class Stuck : IHostedService
    {
        public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken)
        {
            Console.WriteLine("the stop is stuck");
            for (var i = 0; i < 200; i++)
                ThreadPool.UnsafeQueueUserWorkItem(_ => Thread.Sleep(Timeout.Infinite), null);
            Thread.Sleep(Timeout.Infinite);
            return Task.CompletedTask;
        }
    }
}

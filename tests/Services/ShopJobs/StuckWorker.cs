using System.Runtime.CompilerServices;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace ShutdownAnalyzers.ShopJobs;

/// <summary>A worker whose stop never ends, on a thread pool that has no thread left, or with a finalizer that never ends either.</summary>
internal static class StuckWorker
{
    public static void Run(string[] args, bool finalizer = false)
    {
        var builder = Host.CreateApplicationBuilder(args);
        builder.AddGracefulShutdown();
        if (finalizer)
            builder.Services.AddHostedService<StuckFinalizer>();
        else
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

    private sealed class StuckFinalizer : IHostedService
    {
        public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken)
        {
            Leave();
            GC.Collect();
            Console.WriteLine("the stop is stuck");
            return Task.Delay(Timeout.Infinite, CancellationToken.None);
        }

        /// <summary>In a method of its own, so that nothing of the caller still holds it.</summary>
        [MethodImpl(MethodImplOptions.NoInlining)]
        private static void Leave() => _ = new Blocking();
    }

    private sealed class Blocking
    {
        ~Blocking()
        {
            Console.WriteLine("the finalizer is stuck");
            Thread.Sleep(Timeout.Infinite);
        }
    }
}

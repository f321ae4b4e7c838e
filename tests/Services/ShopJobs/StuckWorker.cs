using System.Runtime.CompilerServices;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace ShutdownAnalyzers.ShopJobs;

/// <summary>A worker whose stop never ends, on a thread pool that has no thread left, or with a finalizer that never ends either.</summary>
internal static class StuckWorker
{
    public static void Run<TService>(string[] args) where TService : class, IHostedService
    {
        var builder = Host.CreateApplicationBuilder(args);
        builder.AddGracefulShutdown();
        builder.Services.AddHostedService<TService>();
        builder.Build().Run();
    }

    private static void StarveThePool()
    {
        for (var i = 0; i < 200; i++)
            ThreadPool.UnsafeQueueUserWorkItem(_ => Thread.Sleep(Timeout.Infinite), null);
    }

    internal sealed class Stuck : IHostedService
    {
        public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken)
        {
            Console.WriteLine("the stop is stuck");
            StarveThePool();
            Thread.Sleep(Timeout.Infinite);
            return Task.CompletedTask;
        }
    }

    /// <summary>The pool has no thread left long before the signal comes.</summary>
    internal sealed class Starved(IHostApplicationLifetime application) : IHostedService
    {
        public Task StartAsync(CancellationToken cancellationToken)
        {
            application.ApplicationStarted.Register(StarveThePool);
            return Task.CompletedTask;
        }

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }

    /// <summary>The orderly end of the process hangs as well.</summary>
    internal sealed class StuckExit : IHostedService
    {
        public Task StartAsync(CancellationToken cancellationToken)
        {
            AppDomain.CurrentDomain.ProcessExit += (_, _) =>
            {
                Console.WriteLine("the exit is stuck");
                Thread.Sleep(Timeout.Infinite);
            };
            return Task.CompletedTask;
        }

        public Task StopAsync(CancellationToken cancellationToken)
        {
            Console.WriteLine("the stop is stuck");
            return Task.Delay(Timeout.Infinite, CancellationToken.None);
        }
    }

    internal sealed class StuckFinalizer : IHostedService
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

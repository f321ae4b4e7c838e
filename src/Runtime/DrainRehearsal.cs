using System.Runtime.CompilerServices;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace ShutdownAnalyzers.Runtime;

/// <summary>
/// A drain of nothing, once the application has started. The code of the drain runs once in the life of a process, so it would be compiled while the exit waits for it (some 300 methods);
/// this compiles it on a thread of its own while there is time. It shares nothing with the real drain but the code.
/// </summary>
internal static class DrainRehearsal
{
    private const string Name = "rehearsal";

    public static void Start(IServiceProvider services)
    {
        // Compiled ahead of time, nothing is left to compile.
        if (!RuntimeFeature.IsDynamicCodeCompiled) return;
        var reporter = services.GetRequiredService<DrainReporter>();
        var requests = services.GetService<IRequestDrain>();
        var thread = new Thread(() =>
        {
            try
            {
                reporter.Prepare();
                RunAsync(services, reporter, requests).GetAwaiter().GetResult();
            }
            // An exception would end the process, and nothing is lost but time at the exit.
            catch (Exception e) { reporter.Logger.RehearsalFailed(e); }
        })
        {
            IsBackground = true,
            Name = "Shutdown rehearsal",
            Priority = ThreadPriority.Lowest,
        };
        thread.UnsafeStart();
    }

    public static async Task RunAsync(IServiceProvider services, DrainReporter reporter, IRequestDrain? requests)
    {
        IOptions<GracefulShutdownOptions> options = Options.Create(new GracefulShutdownOptions
        {
            DrainDelay = TimeSpan.Zero,
            Process = new ProcessHooks { GetVariable = _ => null, Exit = (_, _) => { }, SetExitCode = _ => { }, ListenToSignals = false },
        });
        using DrainReporter unread = reporter.ForRehearsal();
        using var drain = new DrainCoordinator(services, options, new NoApplication(), unread, [], requests?.ForRehearsal(options)) { OwnsProcess = true };
        drain.Track(Name, _ => Task.CompletedTask);
        drain.OnCleanup(Name, _ => ValueTask.CompletedTask);
        await drain.StartAsync(Name).ConfigureAwait(false);
        await drain.StopWorkAsync().ConfigureAwait(false);
        await drain.CleanUpAsync().ConfigureAwait(false);
    }

    /// <summary>An application that has started, and that nothing stops.</summary>
    private sealed class NoApplication : IHostApplicationLifetime
    {
        /// <inheritdoc/>
        public CancellationToken ApplicationStarted { get; } = new(canceled: true);

        /// <inheritdoc/>
        public CancellationToken ApplicationStopping => CancellationToken.None;

        /// <inheritdoc/>
        public CancellationToken ApplicationStopped => CancellationToken.None;

        /// <inheritdoc/>
        public void StopApplication()
        {
        }
    }
}

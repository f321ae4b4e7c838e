using Hangfire;
using Microsoft.Extensions.Hosting;
using ShutdownAnalyzers.Runtime;

namespace HangfireWorker;

/// <summary>
/// A Hangfire server in the drain: it fetches no job any more, and those in work are waited for. In the place of AddHangfireServer, which cancels what is in work as soon as it is asked to stop, to be done again by another.
/// </summary>
internal sealed class HangfireParticipant(JobStorage storage) : IHostedService, IDrainParticipant, IDisposable
{
    private BackgroundJobServer? _server;
    private Task? _ended;

    public string Name => "Hangfire";

    public Task StartAsync(CancellationToken cancellationToken)
    {
        // Jobs have the time that the drain gives them, and none beyond it; both of Hangfire's own times begin with SendStop.
        var options = new BackgroundJobServerOptions { WorkerCount = 1, StopTimeout = TimeSpan.FromDays(1), ShutdownTimeout = TimeSpan.FromDays(1) };
        _server = new BackgroundJobServer(options, storage);
        return Task.CompletedTask;
    }

    public Task StopIntakeAsync(CancellationToken cancellationToken)
    {
        _server?.SendStop();
        return Task.CompletedTask;
    }

    /// <summary>Ended jobs and given-up ones alike end the server; given up, they are still in the storage, for another server.</summary>
    public Task WhenIdleAsync(CancellationToken cancellationToken) => _ended ??= _server?.WaitForShutdownAsync(cancellationToken) ?? Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public void Dispose() => _server?.Dispose();
}

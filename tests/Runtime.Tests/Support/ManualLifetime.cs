using Microsoft.Extensions.Hosting;

namespace ShutdownAnalyzers.Runtime.Tests;

/// <summary>A lifetime like the console's, with its signal under the test's hand.</summary>
internal sealed class ManualLifetime(IHostApplicationLifetime application) : IHostLifetime, IDisposable
{
    public bool IsDisposed { get; private set; }

    public bool IsStopped { get; private set; }

    public void RequestStop() => application.StopApplication();

    public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken)
    {
        IsStopped = true;
        return Task.CompletedTask;
    }

    public void Dispose() => IsDisposed = true;
}

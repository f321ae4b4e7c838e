using Microsoft.Extensions.Hosting;

namespace ShutdownAnalyzers.Runtime;

/// <summary>The application lifetime as the wrapped host lifetime sees it: its request to stop starts the drain, and reaches the application when the delay is over.</summary>
internal sealed class StopRequestLifetime(IHostApplicationLifetime application, Action stopRequested) : IHostApplicationLifetime
{
    /// <inheritdoc/>
    public CancellationToken ApplicationStarted => application.ApplicationStarted;

    /// <inheritdoc/>
    public CancellationToken ApplicationStopping => application.ApplicationStopping;

    /// <inheritdoc/>
    public CancellationToken ApplicationStopped => application.ApplicationStopped;

    /// <inheritdoc/>
    public void StopApplication() => stopRequested();
}

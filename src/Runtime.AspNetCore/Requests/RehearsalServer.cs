using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Http.Features;

namespace ShutdownAnalyzers.Runtime.AspNetCore;

/// <summary>The server of a rehearsal, and all that its container has: it takes no requests, and lets its stop be waited for, as a real one does.</summary>
internal sealed class RehearsalServer : IServer, IServiceProvider
{
    /// <inheritdoc/>
    public IFeatureCollection Features { get; } = new FeatureCollection();

    /// <inheritdoc/>
    public object? GetService(Type serviceType) => serviceType == typeof(IServer) ? this : null;

    /// <inheritdoc/>
    public Task StartAsync<TContext>(IHttpApplication<TContext> application, CancellationToken cancellationToken)
        where TContext : notnull => Task.CompletedTask;

    /// <inheritdoc/>
    public async Task StopAsync(CancellationToken cancellationToken) => await Task.Yield();

    /// <inheritdoc/>
    public void Dispose()
    {
    }
}

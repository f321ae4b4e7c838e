using System.IO.Pipelines;
using System.Net;
using System.Threading.Channels;
using Microsoft.AspNetCore.Connections;

namespace ShutdownAnalyzers.Benchmarks;

/// <summary>
/// A transport for Kestrel without sockets: what a client writes is read, served and answered on the client's own thread before its write returns. So that thread's processor time is all that a request costs, from the
/// parser to the end of the response.
/// </summary>
internal sealed class MemoryTransport : IConnectionListenerFactory, IConnectionListenerFactorySelector, IConnectionListener
{
    private readonly Channel<ConnectionContext> _connections = Channel.CreateUnbounded<ConnectionContext>();

    /// <inheritdoc/>
    public EndPoint EndPoint { get; } = new MemoryEndPoint();

    /// <summary>Opens a connection, and returns the client's end of it.</summary>
    public IDuplexPipe Connect()
    {
        var options = new PipeOptions(readerScheduler: PipeScheduler.Inline, writerScheduler: PipeScheduler.Inline, useSynchronizationContext: false);
        var (request, response) = (new Pipe(options), new Pipe(options));
        _connections.Writer.TryWrite(new DefaultConnectionContext("memory", new End(request.Reader, response.Writer), new End(response.Reader, request.Writer)));
        return new End(response.Reader, request.Writer);
    }

    /// <inheritdoc/>
    public bool CanBind(EndPoint endpoint) => endpoint is MemoryEndPoint;

    /// <inheritdoc/>
    public ValueTask<IConnectionListener> BindAsync(EndPoint endpoint, CancellationToken cancellationToken = default) => new(this);

    /// <inheritdoc/>
    public async ValueTask<ConnectionContext?> AcceptAsync(CancellationToken cancellationToken = default) =>
        await _connections.Reader.WaitToReadAsync(cancellationToken) && _connections.Reader.TryRead(out ConnectionContext? connection) ? connection : null;

    /// <inheritdoc/>
    public ValueTask UnbindAsync(CancellationToken cancellationToken = default)
    {
        _connections.Writer.TryComplete();
        return default;
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => default;

    private sealed class MemoryEndPoint : EndPoint;

    private sealed record End(PipeReader Input, PipeWriter Output) : IDuplexPipe;
}

using Microsoft.AspNetCore.Http;

namespace ShutdownAnalyzers.Runtime.AspNetCore;

/// <summary>One stream, with the ways in which it can be told to end. It is also the feature by which its request knows it.</summary>
internal sealed class OpenStream(HttpContext request) : IDisposable
{
    /// <summary>For the client to answer a close frame: ending the receive by its token would tear the socket down under the answer.</summary>
    private static readonly TimeSpan CloseAnswerTime = TimeSpan.FromMilliseconds(500);

    private readonly object _gate = new();
    private CancellationTokenSource? _source;
    private WebSocketStream? _socket;
    private bool _asked;
    private bool _tokenFired;
    private bool _disposed;

    /// <summary>Whether it has been asked to end.</summary>
    public bool IsAsked
    {
        get { lock (_gate) return _asked; }
    }

    /// <summary>Whether its token, which somebody has taken, has fired because it was asked to end.</summary>
    public bool HasEndedByToken
    {
        get { lock (_gate) return _tokenFired && _source is not null; }
    }

    /// <summary>Whether its client has been told to come again.</summary>
    public bool IsTold { get; set; }

    /// <summary>Fires when the client leaves or the stream is asked to end.</summary>
    public CancellationToken Token
    {
        get
        {
            lock (_gate)
            {
                if (_disposed) return new CancellationToken(canceled: true);
                if (_source is null)
                {
                    _source = CancellationTokenSource.CreateLinkedTokenSource(request.RequestAborted);
                    if (_tokenFired) _source.Cancel();
                }

                return _source.Token;
            }
        }
    }

    /// <summary>The request has become a web socket.</summary>
    public void Upgraded(WebSocketStream socket)
    {
        lock (_gate)
        {
            _socket = socket;
            if (_asked) _ = socket.SendCloseAsync();
        }
    }

    /// <summary>Asks the stream to end; the first time only.</summary>
    /// <returns>Whether this was the first time.</returns>
    public bool AskToEnd()
    {
        lock (_gate)
        {
            if (_asked || _disposed) return false;
            _asked = true;
        }

        // Elsewhere: a stream's own callbacks, or a client that doesn't read, must hold up neither the drain nor the other streams.
        _ = Task.Run(EndAsync);
        return true;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (_gate)
        {
            _disposed = true;
            _source?.Dispose();
        }
    }

    private async Task EndAsync()
    {
        WebSocketStream? socket;
        lock (_gate) socket = _socket;
        if (socket is not null)
        {
            await socket.SendCloseAsync().ConfigureAwait(false);
            await Task.Delay(CloseAnswerTime).ConfigureAwait(false);
        }

        CancellationTokenSource? source;
        lock (_gate)
        {
            _tokenFired = true;
            source = _source;
        }

        try { source?.Cancel(); }
        catch (Exception e) when (e is ObjectDisposedException or AggregateException)
        {
            // It ended by itself, or its own callback failed, which is its own loss.
        }
    }
}

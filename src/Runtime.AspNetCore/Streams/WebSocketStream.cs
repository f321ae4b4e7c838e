namespace ShutdownAnalyzers.Runtime.AspNetCore;

/// <summary>
/// The connection under a web socket, which can send the client a close frame (1001, going away) between the application's own frames. The client answers it, and the application's receive loop ends by that answer,
/// as it does whenever a client leaves. What the application still sends after the close frame is dropped: the protocol allows nothing there.
/// </summary>
internal sealed class WebSocketStream(Stream inner) : Stream
{
    /// <summary>A close frame, unmasked as a server sends it, with the status 1001.</summary>
    private static readonly byte[] CloseFrame = [0x88, 0x02, 0x03, 0xE9];

    private readonly SemaphoreSlim _writing = new(1, 1);
    private WebSocketFraming _framing = new();
    private bool _closeWanted;
    private bool _closed;

    /// <inheritdoc/>
    public override bool CanRead => true;

    /// <inheritdoc/>
    public override bool CanWrite => true;

    /// <inheritdoc/>
    public override bool CanSeek => false;

    /// <inheritdoc/>
    public override long Length => throw new NotSupportedException();

    /// <inheritdoc/>
    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <summary>Sends the close frame, now or when the frame that is being sent has ended. Never throws.</summary>
    public async Task SendCloseAsync()
    {
        await _writing.WaitAsync().ConfigureAwait(false);
        try
        {
            _closeWanted = true;
            if (_framing.IsAtBoundary) await CloseAtBoundaryAsync(CancellationToken.None).ConfigureAwait(false);
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException or OperationCanceledException or InvalidOperationException)
        {
            // The client is gone: there is nobody to tell.
        }
        finally
        {
            _writing.Release();
        }
    }

    /// <inheritdoc/>
    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        await _writing.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            while (buffer.Length > 0 && !_closed)
            {
                int frame = _framing.FollowFrame(buffer.Span);
                await inner.WriteAsync(buffer[..frame], cancellationToken).ConfigureAwait(false);
                buffer = buffer[frame..];
                if (!_framing.IsAtBoundary) continue;
                if (_framing.HasClosed) _closed = true;
                else if (_closeWanted) await CloseAtBoundaryAsync(cancellationToken).ConfigureAwait(false);
            }
        }
        finally
        {
            _writing.Release();
        }
    }

    /// <inheritdoc/>
    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) => WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    /// <inheritdoc/>
    public override void Write(byte[] buffer, int offset, int count) => WriteAsync(buffer, offset, count, CancellationToken.None).GetAwaiter().GetResult();

    /// <inheritdoc/>
    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) => inner.ReadAsync(buffer, cancellationToken);

    /// <inheritdoc/>
    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) => inner.ReadAsync(buffer, offset, count, cancellationToken);

    /// <inheritdoc/>
    public override int Read(byte[] buffer, int offset, int count) => inner.Read(buffer, offset, count);

    /// <inheritdoc/>
    public override void Flush() => inner.Flush();

    /// <inheritdoc/>
    public override Task FlushAsync(CancellationToken cancellationToken) => inner.FlushAsync(cancellationToken);

    /// <inheritdoc/>
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void SetLength(long value) => throw new NotSupportedException();

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing) inner.Dispose();
        base.Dispose(disposing);
    }

    private async ValueTask CloseAtBoundaryAsync(CancellationToken cancellationToken)
    {
        if (_closed) return;
        _closed = true;
        await inner.WriteAsync(CloseFrame, cancellationToken).ConfigureAwait(false);
        await inner.FlushAsync(cancellationToken).ConfigureAwait(false);
    }
}

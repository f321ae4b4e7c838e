using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace ShutdownAnalyzers.Runtime.AspNetCore;

/// <summary>
/// One gRPC stream. A client that loses it to the drain has to see UNAVAILABLE, which says "again, elsewhere": left alone, gRPC makes UNKNOWN of a handler that ends by a token, OK of one that returns, and INTERNAL of an
/// aborted connection.
/// </summary>
internal sealed class GrpcStream : IDisposable
{
    /// <summary>For a handler to end by its cancelled token, and for its last bytes to go out. Twice this is paid from the budget's margin.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(75);

    private readonly HttpContext _request;
    private readonly CancellationToken _left;
    private readonly CancellationTokenSource _cut;
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile bool _isCut;

    private GrpcStream(HttpContext request)
    {
        _request = request;
        _left = request.RequestAborted;
        _cut = CancellationTokenSource.CreateLinkedTokenSource(_left);
        // The token of gRPC's ServerCallContext.
        request.RequestAborted = _cut.Token;
        request.Features.Set(this);
        request.Response.OnCompleted(() =>
        {
            _ended.TrySetResult();
            return Task.CompletedTask;
        });
    }

    /// <summary>The same endpoint, with its streams followed.</summary>
    public static Endpoint Follow(Endpoint endpoint, IGracefulShutdown shutdown) => StreamEndpoints.Around(endpoint, (request, call) => ServeAsync(request, call, shutdown));

    /// <summary>Ends the stream from outside: by its token first, then over the handler's head. The client gets UNAVAILABLE either way.</summary>
    public async Task CutAsync()
    {
        _isCut = true;
        _ = CancelAsync();
        if (await EndsAsync().ConfigureAwait(false)) return;
        try
        {
            SetUnavailable();
            await _request.Response.CompleteAsync().WaitAsync(Patience).ConfigureAwait(false);
        }
        catch (Exception e) when (e is IOException or TimeoutException or OperationCanceledException or ObjectDisposedException or NullReferenceException or InvalidOperationException)
        {
            // It has ended meanwhile, or its client doesn't read: the abort is all that is left.
        }

        if (!_ended.Task.IsCompleted) RequestAbort.Try(_request);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _request.RequestAborted = _left;
        _cut.Dispose();
    }

    private static async Task ServeAsync(HttpContext request, RequestDelegate call, IGracefulShutdown shutdown)
    {
        using var stream = new GrpcStream(request);
        await call(request).ConfigureAwait(false);
        if (stream.IsLostTo(shutdown)) stream.SetUnavailable();
    }

    /// <summary>Nobody waits for it: what the application has registered on the token may block.</summary>
    private async Task CancelAsync()
    {
        try { await _cut.CancelAsync().ConfigureAwait(false); }
        catch (Exception e) when (e is ObjectDisposedException or AggregateException)
        {
            // It has just ended by itself, or its own callback failed, which is its own loss.
        }
    }

    private async Task<bool> EndsAsync() => await Task.WhenAny(_ended.Task, Task.Delay(Patience)).ConfigureAwait(false) == _ended.Task;

    /// <summary>Whether the drain has ended the stream, by whichever of its tokens. What else the handler said of its own accord stands.</summary>
    private bool IsLostTo(IGracefulShutdown shutdown)
    {
        if (!shutdown.IsDraining || _left.IsCancellationRequested) return false;
        string? status = Destination()["grpc-status"];
        const string Ok = "0", Cancelled = "1", Unknown = "2";
        bool tokenEnded = _isCut || _request.Features.Get<OpenStream>() is { HasEndedByToken: true };
        return status is Cancelled or Unknown || (status is Ok && tokenEnded);
    }

    private void SetUnavailable()
    {
        IHeaderDictionary destination = Destination();
        destination["grpc-status"] = "14";
        destination["grpc-message"] = "The process is shutting down.";
    }

    /// <summary>The status stands in the trailers, or in the headers of an answer that has nothing else.</summary>
    private IHeaderDictionary Destination() =>
        _request.Response.HasStarted && _request.Features.Get<IHttpResponseTrailersFeature>() is { } trailers ? trailers.Trailers : _request.Response.Headers;
}

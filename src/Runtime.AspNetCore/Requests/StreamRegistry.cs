using System.Collections.Concurrent;
using Microsoft.AspNetCore.Http;

namespace ShutdownAnalyzers.Runtime.AspNetCore;

/// <summary>The streams: requests that took a drain token, and are asked to end by it.</summary>
internal sealed class StreamRegistry
{
    private readonly ConcurrentDictionary<CancellationTokenSource, byte> _open = new();
    private volatile bool _ending;

    /// <summary>The request's own token: fires when its client leaves or streams are asked to end.</summary>
    public CancellationToken Open(HttpContext request)
    {
        if (request.Features.Get<DrainTokenFeature>() is { } known) return known.Token;

        var source = CancellationTokenSource.CreateLinkedTokenSource(request.RequestAborted);
        CancellationToken token = source.Token;
        request.Features.Set(new DrainTokenFeature(token));
        _open.TryAdd(source, 0);
        request.Response.OnCompleted(() =>
        {
            _open.TryRemove(source, out _);
            source.Dispose();
            return Task.CompletedTask;
        });
        if (_ending) End(source);
        return token;
    }

    public void OnPhase(DrainPhase phase, TimeSpan length)
    {
        if (phase < DrainPhase.Shed || _ending) return;
        _ending = true;
        foreach (CancellationTokenSource source in _open.Keys) End(source);
    }

    private static void End(CancellationTokenSource source)
    {
        // Elsewhere: a stream's own callbacks must hold up neither the drain nor the other streams.
        ThreadPool.UnsafeQueueUserWorkItem(
            static ending =>
            {
                try { ending.Cancel(); }
                catch (Exception e) when (e is ObjectDisposedException or AggregateException)
                {
                    // It ended by itself, or its own callback failed, which is its own loss.
                }
            },
            source,
            preferLocal: false);
    }

    /// <summary>Keeps the token with its request.</summary>
    private sealed record DrainTokenFeature(CancellationToken Token);
}

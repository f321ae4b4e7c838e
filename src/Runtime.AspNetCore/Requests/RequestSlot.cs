using Microsoft.AspNetCore.Http;

namespace ShutdownAnalyzers.Runtime.AspNetCore;

/// <summary>
/// The place of one request in flight. Slots are used again and never given back, so that the request path allocates nothing. A request whose end is seen by its task alone stays in its slot until the next one comes;
/// the host has taken its features from it by then, so that it keeps no connection.
/// </summary>
internal sealed class RequestSlot(Action<RequestSlot> left)
{
    private HttpContext? _request;
    private Task? _served;

    /// <summary>The request in flight, or null where there is none. By whichever thread.</summary>
    public HttpContext? Request => Volatile.Read(ref _served) is { IsCompleted: true } ? null : Volatile.Read(ref _request);

    /// <summary>What serves the request, where that is all that is known of its end.</summary>
    public Task? Served => Volatile.Read(ref _served);

    /// <summary>What to do when the request has left.</summary>
    public Action<RequestSlot> Left { get; } = left;

    /// <summary>Takes the slot, which holds no request in flight.</summary>
    public void Take(HttpContext request)
    {
        // Ahead of the request: whoever sees the new one must not think that it has ended.
        if (_served is not null) Volatile.Write(ref _served, null);
        Volatile.Write(ref _request, request);
    }

    /// <summary>The request has ended.</summary>
    public void Free() => Volatile.Write(ref _request, null);

    /// <summary>The request ends with this task, and is not told of it.</summary>
    public void FreeAfter(Task served) => Volatile.Write(ref _served, served);
}

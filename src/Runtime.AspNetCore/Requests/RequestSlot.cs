using Microsoft.AspNetCore.Http;

namespace ShutdownAnalyzers.Runtime.AspNetCore;

/// <summary>The place of one request in flight. Slots are reused and never given back, so that the request path allocates nothing; their number is the highest number of requests at one time.</summary>
internal sealed class RequestSlot(RequestRegistry registry, Action<RequestSlot> left)
{
    private HttpContext? _request;

    /// <summary>The request in flight, or null where the slot is free.</summary>
    public HttpContext? Request
    {
        get => Volatile.Read(ref _request);
        set => Volatile.Write(ref _request, value);
    }

    /// <summary>What to do when the request has left.</summary>
    public Action<RequestSlot> Left { get; } = left;

    public RequestRegistry Registry { get; } = registry;

    /// <summary>The next free slot, while this one is free.</summary>
    public RequestSlot? NextFree { get; set; }
}

using Microsoft.AspNetCore.Http;

namespace ShutdownAnalyzers.Runtime.AspNetCore;

/// <summary>
/// The requests in flight. Taking and giving back a slot costs a few nanoseconds and no allocation; who is in flight, and how many, is found out by looking through the slots, which only a drain does.
/// </summary>
internal sealed class RequestRegistry(Action<RequestSlot> left)
{
    /// <summary>One free slot per thread: most requests that end on a thread make room for the next one there.</summary>
    [ThreadStatic]
    private static RequestSlot? t_free;

    private readonly object _gate = new();
    private readonly List<RequestSlot> _slots = [];
    private RequestSlot? _free;

    /// <summary>How many requests have been in flight at one time, and a few more.</summary>
    public int Slots
    {
        get { lock (_gate) return _slots.Count; }
    }

    public RequestSlot Enter(HttpContext request)
    {
        // By reference: finding a thread's own field costs more than reading it.
        ref RequestSlot? free = ref t_free;
        RequestSlot? slot = free;
        if (slot is not null && ReferenceEquals(slot.Registry, this)) free = null;
        else slot = TakeShared();
        slot.Request = request;
        return slot;
    }

    public void Leave(RequestSlot slot)
    {
        slot.Request = null;
        ref RequestSlot? free = ref t_free;
        RequestSlot? kept = free;
        if (kept is not null && ReferenceEquals(kept.Registry, this))
        {
            GiveShared(slot);
            return;
        }

        free = slot;
        // Another host's in the same process.
        kept?.Registry.GiveShared(kept);
    }

    /// <summary>Whether the predicate holds for a request in flight.</summary>
    public bool Any(Func<HttpContext, bool> predicate)
    {
        lock (_gate)
        {
            foreach (RequestSlot slot in _slots)
            {
                if (slot.Request is { } request && predicate(request)) return true;
            }
        }

        return false;
    }

    public List<HttpContext> Snapshot()
    {
        List<HttpContext> requests = [];
        lock (_gate)
        {
            foreach (RequestSlot slot in _slots)
            {
                if (slot.Request is { } request) requests.Add(request);
            }
        }

        return requests;
    }

    private RequestSlot TakeShared()
    {
        lock (_gate)
        {
            if (_free is { } slot)
            {
                _free = slot.NextFree;
                slot.NextFree = null;
                return slot;
            }

            slot = new RequestSlot(this, left);
            _slots.Add(slot);
            return slot;
        }
    }

    private void GiveShared(RequestSlot slot)
    {
        lock (_gate)
        {
            slot.NextFree = _free;
            _free = slot;
        }
    }
}

using Microsoft.AspNetCore.Http;

namespace ShutdownAnalyzers.Runtime.AspNetCore;

/// <summary>
/// The requests in flight. Each thread has slots of its own for those that come in on it, so that taking and giving back one costs a few nanoseconds, no lock and no allocation; who is in flight is found out by
/// looking through them all, which only a drain does.
/// </summary>
internal sealed class RequestRegistry(Action<RequestSlot> left)
{
    [ThreadStatic]
    private static RequestSlots? t_slots;

    private readonly object _gate = new();
    private readonly List<RequestSlots> _threads = [];

    /// <summary>How many slots there are: a small multiple of the requests that have been in flight at one time.</summary>
    public int Slots
    {
        get { lock (_gate) return _threads.Sum(slots => slots.Count); }
    }

    /// <summary>A slot for the request, to be freed by its end.</summary>
    public RequestSlot Enter(HttpContext request)
    {
        RequestSlots? slots = t_slots;
        if (slots is null || !ReferenceEquals(slots.Registry, this)) t_slots = slots = OfThisThread();
        return slots.Take(request);
    }

    /// <summary>Whether the predicate holds for a request in flight.</summary>
    public bool Any(Func<HttpContext, bool> predicate)
    {
        lock (_gate)
        {
            foreach (RequestSlots slots in _threads)
            {
                foreach (RequestSlot slot in slots.All())
                {
                    if (slot.Request is { } request && predicate(request)) return true;
                }
            }
        }

        return false;
    }

    public List<HttpContext> Snapshot()
    {
        List<HttpContext> requests = [];
        Any(request =>
        {
            requests.Add(request);
            return false;
        });
        return requests;
    }

    /// <summary>What serves requests of whose end nobody is told.</summary>
    public List<Task> Served()
    {
        List<Task> served = [];
        lock (_gate)
        {
            foreach (RequestSlots slots in _threads)
            {
                foreach (RequestSlot slot in slots.All())
                {
                    if (slot.Served is { IsCompleted: false } task) served.Add(task);
                }
            }
        }

        return served;
    }

    /// <summary>A thread's first request, or its first after one of another host in the same process.</summary>
    private RequestSlots OfThisThread()
    {
        lock (_gate)
        {
            RequestSlots? slots = _threads.Find(slots => slots.Owner == Thread.CurrentThread) ?? _threads.Find(slots => !slots.Owner.IsAlive);
            if (slots is null) _threads.Add(slots = new RequestSlots(this, left));
            slots.Owner = Thread.CurrentThread;
            return slots;
        }
    }
}

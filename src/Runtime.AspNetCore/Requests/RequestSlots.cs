using Microsoft.AspNetCore.Http;

namespace ShutdownAnalyzers.Runtime.AspNetCore;

/// <summary>The slots that one thread takes for the requests that come in on it. Only that thread takes one; they are freed, and looked through, by any.</summary>
internal sealed class RequestSlots
{
    /// <summary>At random, so that slots which are taken for long don't stand in the way in a row: with so many looks, one slot more is made only where nearly all are taken.</summary>
    private const int Looks = 8;

    private readonly Action<RequestSlot> _left;
    private RequestSlot[] _slots;
    private RequestSlot _last;
    private int _count = 1;

    public RequestSlots(RequestRegistry registry, Action<RequestSlot> left)
    {
        Registry = registry;
        _left = left;
        _last = new RequestSlot(left);
        _slots = [_last, null!, null!, null!];
    }

    public RequestRegistry Registry { get; }

    /// <summary>The thread that takes them.</summary>
    public Thread Owner { get; set; } = Thread.CurrentThread;

    public int Count => Volatile.Read(ref _count);

    public RequestSlot Take(HttpContext request)
    {
        RequestSlot slot = _last;
        if (slot.Request is not null) _last = slot = Another();
        slot.Take(request);
        return slot;
    }

    /// <summary>Those that there are at this moment; one that is being added is free, or its request is new.</summary>
    public ReadOnlySpan<RequestSlot> All()
    {
        int count = Count;
        return Volatile.Read(ref _slots).AsSpan(0, count);
    }

    private RequestSlot Another()
    {
        for (int i = 0; i < Looks; i++)
        {
            RequestSlot slot = _slots[Random.Shared.Next(_count)];
            if (slot.Request is null) return slot;
        }

        if (_count == _slots.Length)
        {
            var more = new RequestSlot[_count * 2];
            _slots.CopyTo(more, 0);
            Volatile.Write(ref _slots, more);
        }

        var added = new RequestSlot(_left);
        _slots[_count] = added;
        Volatile.Write(ref _count, _count + 1);
        return added;
    }
}

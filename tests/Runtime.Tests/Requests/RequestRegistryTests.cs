using Microsoft.AspNetCore.Http;
using ShutdownAnalyzers.Runtime.AspNetCore;

namespace ShutdownAnalyzers.Runtime.Tests;

/// <summary>The slots of the requests in flight: seen while taken, and used again.</summary>
public sealed class RequestRegistryTests
{
    private readonly DefaultHttpContext _request = new();

    /// <summary>Each of two hosts finds the other's slots on its thread.</summary>
    [Fact]
    public void TwoHostsOnOneThreadLoseNoSlots()
    {
        RequestRegistry one = Registry(), two = Registry();
        for (int i = 0; i < 100; i++)
        {
            RequestSlot slot = one.Enter(_request), other = two.Enter(_request);
            Assert.Same(_request, Assert.Single(one.Snapshot()));
            slot.Free();
            other.Free();
        }

        Assert.Equal((1, 1), (one.Slots, two.Slots));
        Assert.Empty(one.Snapshot());
    }

    [Fact]
    public async Task RequestsThatEndOnOtherThreadsLoseNoSlots()
    {
        RequestRegistry registry = Registry();
        int threads = 0;
        for (int round = 0; round < 50; round++)
        {
            RequestSlot[] slots = await Task.Run(() => Enumerable.Range(0, 20).Select(_ => registry.Enter(_request)).ToArray());
            threads = Math.Max(threads, ThreadPool.ThreadCount);
            Assert.Equal(20, registry.Snapshot().Count);
            await Task.WhenAll(slots.Select(slot => Task.Run(slot.Free)));
            Assert.False(registry.Any(_ => true));
        }

        // Each thread has its own, and some more than are taken at a time.
        Assert.InRange(registry.Slots, 20, 200 * threads);
    }

    /// <summary>Threads come and go as a pool likes; what they leave is another's.</summary>
    [Fact]
    public void TheSlotsOfAThreadThatIsGoneAreTakenOver()
    {
        RequestRegistry registry = Registry();
        RequestSlot? kept = null;
        for (int i = 0; i < 20; i++)
        {
            var thread = new Thread(() =>
            {
                kept ??= registry.Enter(_request);
                registry.Enter(_request).Free();
            });
            thread.Start();
            thread.Join();
        }

        Assert.Equal(2, registry.Slots);
        Assert.Same(_request, Assert.Single(registry.Snapshot()));
    }

    /// <summary>A thread's requests that last don't make a slot of each that comes after them.</summary>
    [Fact]
    public void SlotsStayFewBehindRequestsThatLast()
    {
        RequestRegistry registry = Registry();
        for (int i = 0; i < 100; i++) registry.Enter(_request);
        for (int i = 0; i < 200_000; i++)
        {
            var served = new TaskCompletionSource();
            registry.Enter(_request).FreeAfter(served.Task);
            served.SetResult();
        }

        Assert.Equal(100, registry.Snapshot().Count);
        Assert.InRange(registry.Slots, 101, 500);
    }

    [Fact]
    public void ARequestIsInFlightUntilWhatServesItHasCompleted()
    {
        RequestRegistry registry = Registry();
        var served = new TaskCompletionSource();
        registry.Enter(_request).FreeAfter(served.Task);
        Assert.Same(_request, Assert.Single(registry.Snapshot()));
        Assert.Same(served.Task, Assert.Single(registry.Served()));

        served.SetException(new InvalidOperationException());
        Assert.Empty(registry.Snapshot());
        Assert.Empty(registry.Served());
        Assert.Same(_request, registry.Enter(_request).Request);
        Assert.Equal(1, registry.Slots);
    }

    private static RequestRegistry Registry() => new(_ => { });
}

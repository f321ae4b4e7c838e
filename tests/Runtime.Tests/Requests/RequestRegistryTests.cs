using Microsoft.AspNetCore.Http;
using ShutdownAnalyzers.Runtime.AspNetCore;

namespace ShutdownAnalyzers.Runtime.Tests;

/// <summary>The slots of the requests in flight: seen while taken, and used again.</summary>
public sealed class RequestRegistryTests
{
    private readonly DefaultHttpContext _request = new();

    /// <summary>Each of two hosts finds the other's slot on its thread.</summary>
    [Fact]
    public void TwoHostsOnOneThreadLoseNoSlots()
    {
        RequestRegistry one = new(_ => { }), two = new(_ => { });
        for (int i = 0; i < 100; i++)
        {
            RequestSlot slot = one.Enter(_request), other = two.Enter(_request);
            Assert.Same(_request, Assert.Single(one.Snapshot()));
            one.Leave(slot);
            two.Leave(other);
        }

        Assert.Equal((1, 1), (one.Slots, two.Slots));
        Assert.Empty(one.Snapshot());
    }

    [Fact]
    public async Task RequestsThatEndOnOtherThreadsLoseNoSlots()
    {
        var registry = new RequestRegistry(_ => { });
        for (int round = 0; round < 50; round++)
        {
            RequestSlot[] slots = await Task.Run(() => Enumerable.Range(0, 20).Select(_ => registry.Enter(_request)).ToArray());
            Assert.Equal(20, registry.Snapshot().Count);
            await Task.WhenAll(slots.Select(slot => Task.Run(() => registry.Leave(slot))));
            Assert.False(registry.Any(_ => true));
        }

        // Each thread keeps one for itself.
        Assert.InRange(registry.Slots, 20, 20 + ThreadPool.ThreadCount);
    }
}

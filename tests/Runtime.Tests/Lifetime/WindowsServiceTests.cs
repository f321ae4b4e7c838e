using Microsoft.Extensions.Hosting.WindowsServices;

namespace ShutdownAnalyzers.Runtime.Tests;

/// <summary>The stop of a Windows service, as far as it can be seen elsewhere: its base class has no instances outside Windows.</summary>
public sealed class WindowsServiceTests
{
    [Fact]
    public void TheMethodThatAsksForTimeIsTheOneOfTheLifetimesBaseClass()
    {
        Assert.NotNull(WindowsServiceStop.RequestAdditionalTime);
        Assert.True(WindowsServiceStop.RequestAdditionalTime.DeclaringType!.IsAssignableFrom(typeof(WindowsServiceLifetime)));
        Assert.Equal(typeof(void), WindowsServiceStop.RequestAdditionalTime.ReturnType);
    }

    [Fact]
    public async Task OtherLifetimesAreNoService()
    {
        await using DrainHost host = await DrainHost.StartAsync();
        Assert.Null(WindowsServiceStop.Of(host.Lifetime.Inner, host.Application));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task ItsStopAsksForTheTimeAndIsHeldUntilTheDelayIsOver(bool isMachineShutdown)
    {
        var asked = new TaskCompletionSource<int>();
        await using DrainHost host = await DrainHost.StartAsync();
        var stop = new WindowsServiceStop(
            milliseconds =>
            {
                asked.SetResult(milliseconds);
                if (isMachineShutdown) throw new InvalidOperationException("The service is not in a pending state.");
            },
            host.Application);
        host.Signal();
        Task held = Task.Run(() => stop.Hold(TimeSpan.FromSeconds(27)));
        Assert.Equal(27_000, await asked.Task);
        host.Process.Advance(9.9);
        Assert.False(held.IsCompleted);
        host.Process.Advance(0.1);
        await held.WaitAsync(Eventually.Patience);
        await host.EndAsync();
    }
}

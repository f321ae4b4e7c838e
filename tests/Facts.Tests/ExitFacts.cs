using static ShutdownAnalyzers.Facts.Tests.Scenario;

namespace ShutdownAnalyzers.Facts.Tests;

/// <summary>Section 4: Environment.Exit.</summary>
public sealed class ExitFacts
{
    [Fact]
    [Shows("4.1", "Environment.Exit in a request drops every request in flight and skips the host's stop: no callbacks, no StopAsync, no disposal", "SHUT103")]
    public async Task InARequest()
    {
        await using var process = Start("ExitInHandler");
        var address = await process.AddressAsync();
        var other = await InFlightAsync(process, address, 5000);

        await FailsAsync(GetAsync(address, "/exit"));

        await FailsAsync(other);
        Assert.Equal(3, await process.ExitAsync());
        Assert.Contains("ProcessExit", process.Output);
        foreach (var never in new[] { "stopping", "stopped", "witness" })
            Assert.DoesNotContain(never, process.Output);
    }

    [Fact]
    [Shows("4.2", "Environment.Exit in a callback on ApplicationStopping drops the requests in flight, and callbacks that were registered earlier never run", "SHUT103")]
    public async Task InAStoppingCallback()
    {
        await using var process = Start("ExitInCallback", "stopping");
        var request = await InFlightAsync(process, await process.AddressAsync(), 5000);

        process.Signal();

        await FailsAsync(request);
        Assert.Equal(3, await process.ExitAsync());
        Assert.DoesNotContain("earlier callback", process.Output);
        Assert.DoesNotContain("witness", process.Output);
    }

    [Fact]
    [Shows("4.3", "Environment.Exit in a callback on ApplicationStopped comes after the drain, and skips the disposal", "SHUT103")]
    public async Task InAStoppedCallback()
    {
        await using var process = Start("ExitInCallback", "stopped");
        var request = await InFlightAsync(process, await process.AddressAsync(), 700);

        process.Signal();

        Assert.Equal("slow", await request);
        Assert.Equal(3, await process.ExitAsync());
        Assert.Contains("witness stopped", process.Output);
        Assert.DoesNotContain("witness disposed", process.Output);
    }

    [Fact]
    [Shows("4.4", "Environment.Exit in a hosted service skips the host's stop", "SHUT103")]
    public async Task InAHostedService() => Assert.DoesNotContain("witness", await RunAsync(4, "ExitInService"));

    [Fact]
    [Shows("4.6", "A ProcessExit handler that waits for the host waits in vain for the request that called Environment.Exit", "SHUT113")]
    public async Task ProcessExitWaitsInVain()
    {
        await using var process = Start("ProcessExitWaitsForHost");

        await FailsAsync(GetAsync(await process.AddressAsync(), "/exit"));

        Assert.Equal(3, await process.ExitAsync());
        Assert.Contains("host stopped: False", process.Output);
    }
}

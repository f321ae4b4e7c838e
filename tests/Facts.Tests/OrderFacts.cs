using System.Diagnostics;
using static ShutdownAnalyzers.Facts.Tests.Scenario;

namespace ShutdownAnalyzers.Facts.Tests;

/// <summary>Section 8: the order of the stop.</summary>
public sealed class OrderFacts
{
    [Fact]
    [Shows("8.1", "At a signal: ApplicationStopping, then StoppingAsync, StopAsync and StoppedAsync in reverse order of registration, ApplicationStopped, disposal")]
    public async Task OrderAtASignal() => InOrder(
        await SignalAsync(Started, SigTerm, 0, "StopOrder", "signal"),
        "ApplicationStopping", "b stopping, ApplicationStopping True", "a stopping", "b stop,", "a stop,", "b stopped", "a stopped", "ApplicationStopped", "disposed");

    [Fact]
    [Shows("8.2", "At a direct StopAsync StoppingAsync comes first, when ApplicationStopping hasn't fired yet", "SHUT111")]
    public async Task OrderAtADirectStop() => InOrder(
        await RunAsync(0, "StopOrder", "direct"),
        "b stopping, ApplicationStopping False", "a stopping, ApplicationStopping False", "b stop,", "a stop,", "ApplicationStopped");

    [Fact]
    [Shows("8.3", "StopAsync beside Run runs the whole stop sequence twice", "SHUT111")]
    public async Task StopBesideRunRunsTwice()
    {
        var output = await RunAsync(0, "StopOrder", "beside-run");
        foreach (var step in new[] { "b stopping", "a stopping", "b stop,", "a stop,", "b stopped", "a stopped" })
            Assert.True(Count(output, step) == 2, $"'{step}' doesn't come twice in:\n{output}");
    }

    [Fact]
    [Shows("8.4", "A request that awaits the host's StopAsync waits for itself until the timeout, and is dropped", "SHUT111")]
    public async Task ARequestThatAwaitsTheStopDeadlocks()
    {
        await using var process = Start("StopInRequest");
        var request = GetAsync(await process.AddressAsync(), "/wait");
        await process.LineAsync("stop begins");
        var clock = Stopwatch.StartNew();

        await FailsAsync(request);

        Assert.Equal(0, await process.ExitAsync());
        Assert.InRange(clock.Elapsed.TotalSeconds, 1.8, 20);
    }

    [Fact]
    [Shows("8.4", "A request that asks for the stop is answered", "SHUT103", "SHUT111")]
    public async Task ARequestThatAsksForTheStopIsAnswered()
    {
        await using var process = Start("StopInRequest");

        Assert.Equal("asked", await GetAsync(await process.AddressAsync(), "/ask"));

        Assert.Equal(0, await process.ExitAsync());
    }

    [Theory]
    [InlineData("minimal", "slow ends", "witness stops")]
    [InlineData("generic", "witness stopped", "slow ends")]
    [InlineData("concurrent", "witness stopped", "slow ends")]
    [Shows("8.5, 8.7", "A WebApplication's server stops and drains before any hosted service; services that are registered after ConfigureWebHostDefaults, or stopped concurrently, are gone while requests still run", "SHUT211")]
    public async Task ServicesAndServer(string form, params string[] order)
    {
        await using var process = Start("ServicesAndServer", form);
        var request = await InFlightAsync(process, await process.AddressAsync(), 2500);

        process.Signal();

        Assert.Equal("slow", await request);
        Assert.Equal(0, await process.ExitAsync());
        InOrder(process.Output, order);
    }

    [Fact]
    [Shows("8.5", "The server accepts and serves during StoppingAsync", "SHUT110")]
    public async Task TheServerServesDuringStoppingAsync()
    {
        await using var process = Start("DelayInStoppingAsync", "20", "3");
        var address = await process.AddressAsync();

        process.Signal();
        await process.LineAsync("delay begins");

        Assert.Equal("slow", await GetAsync(address, "/slow/100"));
        Assert.Equal(0, await process.ExitAsync());
    }

    [Fact]
    [Shows("8.6", "A delay in StoppingAsync pays from the shutdown timeout: when it is longer, the requests in flight are dropped at its end", "SHUT110")]
    public async Task ADelayInStoppingAsyncPaysFromTheTimeout()
    {
        await using var process = Start("DelayInStoppingAsync", "5", "6");
        var request = await InFlightAsync(process, await process.AddressAsync(), 9500);

        process.Signal();

        await FailsAsync(request);
        Assert.Equal(0, await process.ExitAsync());
        Assert.DoesNotContain("slow ends", process.Output);
    }
}

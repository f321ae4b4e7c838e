using static ShutdownAnalyzers.Facts.Tests.Scenario;

namespace ShutdownAnalyzers.Facts.Tests;

/// <summary>Section 7: callbacks on ApplicationStopping; and section 11, what probes see meanwhile.</summary>
public sealed class CallbackFacts
{
    [Fact]
    [Shows("7.1", "Nobody awaits an async callback: what follows its await is lost, the exit code is 0 and nothing is logged", "SHUT108")]
    public async Task NobodyAwaitsAnAsyncCallback()
    {
        var output = await SignalAsync(Started, SigTerm, 0, "AsyncCallback", "ends");
        Assert.Contains("callback begins", output);
        Assert.DoesNotContain("callback ends", output);
        LogsNoComplaint(output);
    }

    [Fact]
    [Shows("7.1", "An async callback that throws after its await aborts the process (134) and drops the requests in flight", "SHUT108")]
    public async Task AFailedAsyncCallbackAborts()
    {
        await using var process = Start("AsyncCallback", "throws");
        var request = await InFlightAsync(process, await process.AddressAsync(), 5000);

        process.Signal();

        await FailsAsync(request);
        Assert.Equal(Aborted, await process.ExitAsync());
    }

    [Fact]
    [Shows("7.2", "A synchronous callback that throws is logged, and the others run")]
    public async Task AThrowingCallbackIsLogged()
    {
        var output = await SignalAsync(Started, SigTerm, 0, "SynchronousCallbacks");
        Assert.Contains("first callback", output);
        Complains(output);
    }

    [Fact]
    [Shows("7.3", "Callbacks run in reverse order of registration, and the token has fired in the first already")]
    public async Task CallbacksRunInReverse() =>
        InOrder(await SignalAsync(Started, SigTerm, 0, "SynchronousCallbacks"), "last callback, stopping True", "first callback");

    [Fact]
    [Shows("7.4", "While a callback blocks, the server serves new requests", "SHUT110")]
    public async Task TheServerServesMeanwhile()
    {
        await using var process = Start("BlockingCallback", "20", "3");
        var address = await process.AddressAsync();

        process.Signal();
        await process.LineAsync("callback blocks");

        Assert.Equal("slow", await GetAsync(address, "/slow/100"));
        Assert.Equal(0, await process.ExitAsync());
    }

    [Fact]
    [Shows("7.5", "A callback that blocks pays from the shutdown timeout: when it is longer, the requests in flight are dropped at its end", "SHUT110")]
    public async Task ABlockingCallbackPaysFromTheTimeout()
    {
        await using var process = Start("BlockingCallback", "5", "6");
        var request = await InFlightAsync(process, await process.AddressAsync(), 9500);

        process.Signal();

        // 9.5 s long: with a timeout of 5 s that began after the 6 s of the callback it would have been served.
        await FailsAsync(request);
        Assert.Equal(0, await process.ExitAsync());
        Assert.DoesNotContain("slow ends", process.Output);
    }

    [Fact]
    [Shows("11.1", "Health checks as they come answer 200 while the host stops", "SHUT401", "SHUT402")]
    public async Task StockHealthStaysHealthy()
    {
        await using var process = Start("BlockingCallback", "20", "3");
        var address = await process.AddressAsync();

        process.Signal();
        await process.LineAsync("callback blocks");

        Assert.Equal("Healthy", await GetAsync(address, "/health/ready"));
    }
}

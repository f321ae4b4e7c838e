using System.Diagnostics;
using static ShutdownAnalyzers.Facts.Tests.Scenario;

namespace ShutdownAnalyzers.Facts.Tests;

/// <summary>Section 6: hosted services.</summary>
public sealed class HostedServiceFacts
{
    [Fact]
    [Shows("6.1", "An endless loop without its token holds the stop for the whole shutdown timeout, and nothing is logged", "SHUT201", "SHUT202")]
    public async Task ALoopWithoutItsTokenHoldsTheStop()
    {
        await using var process = await ReadyAsync(Started, "LoopIgnoresToken");
        var clock = Stopwatch.StartNew();

        process.Signal();

        Assert.Equal(0, await process.ExitAsync());
        Assert.InRange(clock.Elapsed.TotalSeconds, 1.8, 20);
        Assert.Contains("run returned", process.Output);
        LogsNoComplaint(process.Output);
    }

    [Fact]
    [Shows("6.2", "A catch-all around a cancelled wait in an endless loop spins until the timeout", "SHUT203")]
    public async Task ASwallowedCancellationSpins()
    {
        var output = await SignalAsync(Started, SigTerm, 0, "SwallowedCancellation");
        var swallowed = output.Split('\n').Single(line => line.StartsWith("swallowed: ", StringComparison.Ordinal))["swallowed: ".Length..];
        Assert.True(int.Parse(swallowed) > 500, $"Only {swallowed} cancellations were swallowed.");
        LogsNoComplaint(output);
    }

    [Fact]
    [Shows("6.3", "ExecuteAsync that blocks before its first await doesn't hold the start: .NET 10 runs it on the thread pool")]
    public async Task ABlockingFirstStepDoesNotHoldTheStart()
    {
        await using var process = await ReadyAsync("first step is done", "SleepsBeforeFirstAwait");
        InOrder(process.Output, Started, "first step is done");
    }

    [Fact]
    [Shows("6.4", "ExecuteAsync that throws stops the host, is logged, and the exit code is 0")]
    public async Task AFailedServiceStopsTheHostWithCode0()
    {
        var output = await RunAsync(0, "ServiceThrows");
        InOrder(output, "witness stopped", "witness disposed");
        Assert.Contains("the work failed", output);
        Complains(output);
    }

    [Fact]
    [Shows("6.5", "StopAsync that doesn't call its base neither cancels nor awaits ExecuteAsync: its last step is lost, nothing is logged", "SHUT205")]
    public async Task ASkippedBaseLosesTheLastStep()
    {
        var output = await SignalAsync(Started, SigTerm, 0, "StopAsyncSkipsBase", "skip");
        Assert.DoesNotContain("flush ends", output);
        LogsNoComplaint(output);
    }

    [Fact]
    [Shows("6.5", "With the base call the last step is awaited", "SHUT205")]
    public async Task ACalledBaseAwaitsTheLastStep() =>
        InOrder(await SignalAsync(Started, SigTerm, 0, "StopAsyncSkipsBase", "base"), "flush begins", "flush ends");

    [Fact]
    [Shows("6.6", "An item that takes longer than the timeout is cut off: exit code 0, nothing is logged", "SHUT209")]
    public async Task AnItemIsCutOff()
    {
        var output = await SignalAsync(Started, SigTerm, 0, "ItemLongerThanTimeout");
        Assert.Contains("item begins", output);
        Assert.DoesNotContain("item ends", output);
        LogsNoComplaint(output);
    }

    [Fact]
    [Shows("6.7", "The token of StartAsync never fires once the start is over", "SHUT207")]
    public async Task TheStartTokenNeverFires() =>
        Assert.Contains("start token fired: False", await SignalAsync(Started, SigTerm, 0, "CapturedStartToken"));

    [Theory]
    [InlineData("fails")]
    [InlineData("timeout")]
    [Shows("6.8", "StopAsync that throws, also by the cancellation at its timeout, aborts the process (134) after the other services have stopped; code after Run never runs", "SHUT208", "SHUT214")]
    public async Task AThrowingStopAborts(string way)
    {
        var output = await SignalAsync(Started, SigTerm, Aborted, "StopAsyncThrows", way);
        Assert.Contains("Unhandled exception", output);
        Assert.Contains("witness stopped", output);
        Assert.DoesNotContain("cleanup after run", output);
    }

    [Fact]
    [Shows("6.9", "The shutdown timeout only cancels a token: a StopAsync that ignores it holds the stop for as long as it likes", "SHUT208")]
    public async Task TheTimeoutForcesNothing() =>
        InOrder(await SignalAsync(Started, SigTerm, 0, "StopAsyncIgnoresToken"), "slow stops, token False", "slow stopped", "next stopped");

    [Fact]
    [Shows("6.10", "The timeout is shared: after a slow service the next one gets a token that has fired", "SHUT208")]
    public async Task TheTimeoutIsShared() =>
        Assert.Contains("next stops, token True", await SignalAsync(Started, SigTerm, 0, "StopAsyncIgnoresToken"));

    [Fact]
    [Shows("6.11", "A foreground thread keeps the process alive after Main", "SHUT212")]
    public async Task AForegroundThreadKeepsTheProcess() =>
        InOrder(await SignalAsync(Started, SigTerm, 0, "ForegroundThread", "foreground"), "run returned", "thread ends");

    [Fact]
    [Shows("6.11", "A background thread ends with the process", "SHUT212")]
    public async Task ABackgroundThreadDoesNot() =>
        Assert.DoesNotContain("thread ends", await SignalAsync(Started, SigTerm, 0, "ForegroundThread", "background"));

    [Fact]
    [Shows("6.11", "A task that a request starts and nobody awaits is lost at the stop: exit code 0, nothing is logged", "SHUT206", "SHUT502")]
    public async Task UntrackedWorkIsLost()
    {
        await using var process = Start("UntrackedWork");
        await GetAsync(await process.AddressAsync(), "/order");
        await process.LineAsync("mail begins");

        process.Signal();

        Assert.Equal(0, await process.ExitAsync());
        Assert.DoesNotContain("mail ends", process.Output);
        LogsNoComplaint(process.Output);
    }
}

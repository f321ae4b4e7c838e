using static ShutdownAnalyzers.Facts.Tests.Scenario;

namespace ShutdownAnalyzers.Facts.Tests;

/// <summary>Section 10: hosts that are run wrongly.</summary>
public sealed class HostFacts
{
    [Theory]
    [InlineData("run")]
    [InlineData("start")]
    [Shows("10.1", "A host that runs unawaited, or is started, ends with Main: exit code 0, no stop, no disposal", "SHUT109")]
    public async Task MainEndsUnderTheHost(string form)
    {
        var output = await RunAsync(0, "NotAwaited", form);
        Assert.Contains("main ends", output);
        Assert.DoesNotContain("witness", output);
    }

    [Fact]
    [Shows("10.2", "A started host swallows SIGTERM: the server goes on serving, Main goes on, and nothing is stopped or disposed", "SHUT109", "SHUT115")]
    public async Task AStartedHostSwallowsTheSignal()
    {
        await using var process = Start("StartedWithoutWait");
        var address = await process.AddressAsync();

        process.Signal();
        await process.LineAsync("stopping");

        Assert.Equal("slow", await GetAsync(address, "/slow/100"));
        Assert.Equal(0, await process.ExitAsync());
        Assert.Contains("main ends", process.Output);
        Assert.DoesNotContain("witness", process.Output);
    }

    [Theory]
    [InlineData(SigTerm)]
    [InlineData(SigInt)]
    [Shows("10.3", "Signals that come while the host stops are ignored", "SHUT114")]
    public async Task FurtherSignalsAreIgnored(int signal)
    {
        await using var process = await ReadyAsync(Started, "SecondSignal");
        process.Signal();
        await process.LineAsync("witness stops");

        process.Signal(signal);

        Assert.Equal(0, await process.ExitAsync());
        InOrder(process.Output, "witness stopped", "witness disposed");
    }
}

using static ShutdownAnalyzers.Facts.Tests.Scenario;

namespace ShutdownAnalyzers.Facts.Tests;

/// <summary>Section 1: a program without a host.</summary>
public sealed class RawProcessFacts
{
    [Theory]
    [InlineData(SigTerm)]
    [InlineData(SigInt)]
    [InlineData(SigQuit)]
    [InlineData(SigHup)]
    [Shows("1.1", "Since .NET 10 a signal ends a program without a handler at once: no ProcessExit, no Unloading, no finally, and the exit code that was set is ignored", "SHUT102", "SHUT104")]
    public async Task ASignalRunsNoHook(int signal)
    {
        var output = await SignalAsync("ready", signal, 128 + signal, "PlainProgram");
        Assert.Equal("ready", output);
    }

    [Fact]
    [Shows("1.1", "A host that is built and doesn't run yet handles no signal", "SHUT109")]
    public async Task AHostThatDoesNotRunHandlesNothing() =>
        Assert.Equal("ready", await SignalAsync("ready", SigTerm, KilledBySigTerm, "HostBuiltOnly"));

    [Fact]
    [Shows("1.2", "ProcessExit that cancels a source and waits for Main never runs on SIGTERM", "SHUT104")]
    public async Task ProcessExitIsNoSignalHandler() =>
        Assert.Equal("ready", await SignalAsync("ready", SigTerm, KilledBySigTerm, "WaitsInProcessExit"));

    [Theory]
    [InlineData("return", 0, "finally", "Unloading", "ProcessExit")]
    [InlineData("exit", 6, "Unloading", "ProcessExit")]
    [Shows("1.2", "ProcessExit and Unloading run when Main ends and on Environment.Exit; finally doesn't run on Environment.Exit", "SHUT103", "SHUT104")]
    public async Task AnOrderlyEndRunsTheHooks(string way, int code, params string[] hooks)
    {
        var output = await RunAsync(code, "EndsByItself", way);
        Assert.Equal(hooks.Order(), output.Split('\n').Order());
    }

    [Fact]
    [Shows("1.2", "FailFast runs no hook and aborts the process (134)", "SHUT103")]
    public async Task FailFastRunsNoHook()
    {
        var output = await RunAsync(Aborted, "EndsByItself", "failfast");
        Assert.DoesNotContain("ProcessExit", output);
        Assert.DoesNotContain("finally", output);
    }

    [Fact]
    [Shows("1.3", "After Run has returned a second SIGTERM kills the cleanup in its middle", "SHUT114")]
    public async Task CleanupAfterRunIsKilledByTheNextSignal()
    {
        await using var process = await ReadyAsync(Started, "CleanupAfterRun");
        process.Signal();
        await process.LineAsync("cleanup begins");

        process.Signal();

        Assert.Equal(KilledBySigTerm, await process.ExitAsync());
        Assert.DoesNotContain("cleanup ends", process.Output);
    }
}

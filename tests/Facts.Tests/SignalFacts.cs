using static ShutdownAnalyzers.Facts.Tests.Scenario;

namespace ShutdownAnalyzers.Facts.Tests;

/// <summary>Section 3: PosixSignalRegistration.</summary>
public sealed class SignalFacts
{
    [Fact]
    [Shows("3.1", "A registration that nothing keeps is gone after a garbage collection: the signal kills, the handler never runs", "SHUT106")]
    public async Task ADroppedRegistrationIsCollected() =>
        Assert.Equal("ready", await SignalAsync("ready", SigTerm, KilledBySigTerm, "RegistrationDropped", "collect"));

    [Fact]
    [Shows("3.1", "Until a collection comes the dropped registration works, so that tests pass", "SHUT106")]
    public async Task ADroppedRegistrationWorksUntilThen() =>
        InOrder(await SignalAsync("ready", SigTerm, 0, "RegistrationDropped"), "handler", "asked to stop", "finally");

    [Fact]
    [Shows("3.2", "A registration in a using which spans the wait survives collections", "SHUT106")]
    public async Task AKeptRegistrationHolds() =>
        InOrder(await SignalAsync("ready", SigTerm, 0, "RegistrationKept", "main"), "handler", "asked to stop", "finally");

    [Fact]
    [Shows("3.2", "A registration in a using of a method that returns before the wait is gone", "SHUT106")]
    public async Task ARegistrationEndsWithItsUsing() =>
        Assert.Equal("ready", await SignalAsync("ready", SigTerm, KilledBySigTerm, "RegistrationKept", "helper"));

    [Fact]
    [Shows("3.3", "A handler without Cancel runs to its end, then the signal kills: no finally, no ProcessExit", "SHUT107")]
    public async Task WithoutCancelTheSignalKills()
    {
        var output = await SignalAsync("ready", SigTerm, KilledBySigTerm, "SignalHandler", "never");
        Assert.Contains("handler", output);
        Assert.DoesNotContain("finally", output);
        Assert.DoesNotContain("ProcessExit", output);
    }

    [Fact]
    [Shows("3.4", "Cancel that is set after an await comes too late: nothing after the await runs", "SHUT107")]
    public async Task CancelAfterAnAwaitIsTooLate() =>
        Assert.Equal("ready", await SignalAsync("ready", SigTerm, KilledBySigTerm, "SignalHandler", "after-await"));

    [Fact]
    [Shows("3.4", "Cancel that is set before the first await holds", "SHUT107")]
    public async Task CancelBeforeAnAwaitHolds() =>
        InOrder(await SignalAsync("ready", SigTerm, 0, "SignalHandler", "before-await"), "handler", "finally", "ProcessExit");

    [Fact]
    [Shows("3.5", "A handler that throws aborts the process (134), also after Cancel")]
    public async Task AThrowingHandlerAborts() =>
        Assert.Contains("the handler failed", await SignalAsync("ready", SigTerm, Aborted, "SignalHandler", "throws"));

    [Fact]
    [Shows("3.6", "Environment.Exit in a handler of a program without a host ends it with its code and runs ProcessExit", "SHUT103")]
    public async Task AHandlerMayExit()
    {
        var output = await SignalAsync("ready", SigTerm, 7, "SignalHandler", "exits");
        Assert.Contains("ProcessExit", output);
        Assert.DoesNotContain("finally", output);
    }

    [Fact]
    [Shows("3.7", "Beside a host no handler needs Cancel: all run, the latest first, and the host stops in order", "SHUT107")]
    public async Task TheHostCancelsForAll() =>
        InOrder(await SignalAsync("ready", SigTerm, 0, "HandlerBesideHost"), "late handler, cancel False", "early handler, cancel True", "witness stopped", "witness disposed");

    [Theory]
    [InlineData(SigTerm)]
    [InlineData(SigInt)]
    [InlineData(SigQuit)]
    [Shows("3.8", "A host handles SIGTERM, SIGINT and SIGQUIT", "SHUT613", "SHUT631")]
    public async Task TheHostHandles(int signal) =>
        InOrder(await SignalAsync(Started, signal, 0, "StockHost"), "witness stopped", "witness disposed");

    [Fact]
    [Shows("3.8", "A host doesn't handle SIGHUP: it kills at once", "SHUT613", "SHUT631")]
    public async Task SigHupKillsTheHost() =>
        Assert.DoesNotContain("witness", await SignalAsync(Started, SigHup, KilledBySigHup, "StockHost"));
}

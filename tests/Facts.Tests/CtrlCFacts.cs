using static ShutdownAnalyzers.Facts.Tests.Scenario;

namespace ShutdownAnalyzers.Facts.Tests;

/// <summary>Section 2: Console.CancelKeyPress.</summary>
public sealed class CtrlCFacts
{
    [Fact]
    [Shows("2.1", "A handler without Cancel runs to its end, then the process dies: no finally, no ProcessExit", "SHUT105")]
    public async Task WithoutCancelTheProcessDies()
    {
        var output = await SignalAsync("ready", SigInt, KilledBySigInt, "CtrlC", "never");
        Assert.Contains("handler", output);
        Assert.DoesNotContain("finally", output);
        Assert.DoesNotContain("ProcessExit", output);
    }

    [Fact]
    [Shows("2.2", "With Cancel the program ends in order", "SHUT105")]
    public async Task WithCancelItEndsInOrder() =>
        InOrder(await SignalAsync("ready", SigInt, 0, "CtrlC", "first"), "handler", "asked to stop", "finally", "ProcessExit");

    [Fact]
    [Shows("2.3", "Cancel that is set after an await comes too late: nothing after the await runs", "SHUT105")]
    public async Task CancelAfterAnAwaitIsTooLate() =>
        Assert.Equal("ready", await SignalAsync("ready", SigInt, KilledBySigInt, "CtrlC", "after-await"));

    [Fact]
    [Shows("2.3", "Cancel that is set before the first await holds", "SHUT105")]
    public async Task CancelBeforeAnAwaitHolds() =>
        InOrder(await SignalAsync("ready", SigInt, 0, "CtrlC", "before-await"), "handler", "finally");

    [Fact]
    [Shows("2.4", "CancelKeyPress doesn't hear SIGTERM", "SHUT102")]
    public async Task SigTermIsNotHeard() =>
        Assert.Equal("ready", await SignalAsync("ready", SigTerm, KilledBySigTerm, "CtrlC", "first"));

    [Fact]
    [Shows("2.4", "CancelKeyPress hears SIGQUIT", "SHUT102")]
    public async Task SigQuitIsHeard() =>
        InOrder(await SignalAsync("ready", SigQuit, 0, "CtrlC", "first"), "handler", "finally");

    [Fact]
    [Shows("2.5", "Beside a host a handler needs no Cancel: the host stops in order", "SHUT105")]
    public async Task BesideAHostBothRun()
    {
        var output = await SignalAsync(Started, SigInt, 0, "CtrlCBesideHost");
        Assert.Contains("handler", output);
        InOrder(output, "witness stopped", "witness disposed");
    }
}

using Microsoft.Extensions.Logging;

namespace ShutdownAnalyzers.Runtime.Tests;

public sealed class TrackedWorkTests
{
    [Fact]
    public async Task TheStopWaitsForTrackedWork()
    {
        var work = new TaskCompletionSource();
        bool cleaned = false;
        await using DrainHost host = await DrainHost.StartAsync();
        host.Shutdown.OnCleanup("pool", _ =>
        {
            cleaned = true;
            return ValueTask.CompletedTask;
        });
        host.Shutdown.Track("mail", _ => work.Task);
        host.Application.StopApplication();
        await Task.Delay(50);
        Assert.False(cleaned);
        Assert.Equal(DrainPhase.Stop, host.Phase);
        work.SetResult();
        await host.EndAsync();
        Assert.True(cleaned);
        Assert.Equal(0, host.Process.ExitCode);
    }

    [Fact]
    public async Task WorkThatDoesNotEndIsToldThenLeftBehindAndNamed()
    {
        var never = new TaskCompletionSource();
        CancellationToken seen = default;
        await using DrainHost host = await DrainHost.StartAsync();
        host.Shutdown.Track("import", token =>
        {
            seen = token;
            return never.Task;
        });
        host.Application.StopApplication();
        await Eventually.IsTrue(() => seen.CanBeCanceled, "the work starts");
        host.Process.Advance(9.9);
        Assert.False(seen.IsCancellationRequested);
        host.Process.Advance(0.1);
        Assert.True(seen.IsCancellationRequested);
        Assert.Equal(DrainPhase.Stop, host.Phase);
        host.Process.Advance(0.25);
        await host.EndAsync();
        Assert.Equal(ShutdownExitCodes.WorkAborted, host.Process.ExitCode);
        Assert.Contains(host.Logs.Ours(LogLevel.Error), l => l.Contains("Work left behind: import"));
        never.SetResult();
    }

    [Fact]
    public async Task WorkThatFailsIsLogged()
    {
        await using DrainHost host = await DrainHost.StartAsync();
        host.Shutdown.Track("mail", _ => throw new InvalidOperationException("no server"));
        await Eventually.IsTrue(() => host.Logs.Ours(LogLevel.Error).Any(l => l.Contains("mail") && l.Contains("no server")), "the failure is logged");
    }
}

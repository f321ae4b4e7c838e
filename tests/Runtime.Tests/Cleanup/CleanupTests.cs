using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace ShutdownAnalyzers.Runtime.Tests;

public sealed class CleanupTests
{
    [Fact]
    public async Task HandlersRunInStagesAndWithinAStageInReverseOrder()
    {
        List<string> order = [];
        await using DrainHost host = await DrainHost.StartAsync(build: b => b.Services
            .AddSingleton<List<string>>(order)
            .AddShutdownCleanup<List<string>>("registered close", (o, _) => Note(o, "registered close"))
            .AddShutdownCleanup<List<string>>("registered flush", (o, _) => Note(o, "registered flush"), CleanupStage.Flush));
        host.Shutdown.OnCleanup("first close", _ => Note(order, "first close"));
        host.Shutdown.OnCleanup("intake", _ => Note(order, "intake"), CleanupStage.StopIntake);
        host.Shutdown.OnCleanup("second close", _ => Note(order, "second close"));

        host.Application.StopApplication();
        await host.EndAsync();
        Assert.Equal(["intake", "registered flush", "second close", "first close", "registered close"], order);
        Assert.Equal(0, host.Process.ExitCode);

        static ValueTask Note(List<string> order, string name)
        {
            order.Add(name);
            return ValueTask.CompletedTask;
        }
    }

    [Fact]
    public async Task AHandlerThatThrowsIsReportedAndTheNextOneRuns()
    {
        bool ran = false;
        await using DrainHost host = await DrainHost.StartAsync();
        host.Shutdown.OnCleanup("good", _ =>
        {
            ran = true;
            return ValueTask.CompletedTask;
        });
        host.Shutdown.OnCleanup("bad", _ => throw new InvalidOperationException("no such pool"));

        host.Application.StopApplication();
        await host.EndAsync();
        Assert.True(ran);
        Assert.Equal(ShutdownExitCodes.CleanupFailed, host.Process.ExitCode);
        Assert.Contains(host.Logs.Ours(LogLevel.Error), l => l.Contains("'bad' (Close) failed") && l.Contains("no such pool"));
    }

    [Fact]
    public async Task AHandlerThatHangsLosesItsTimeAndTheOthersStillRun()
    {
        List<string> ran = [];
        var hanging = new TaskCompletionSource();
        CancellationToken seen = default;
        await using DrainHost host = await DrainHost.StartAsync();
        host.Shutdown.OnCleanup("last", _ => Note("last"));
        host.Shutdown.OnCleanup("middle", _ => Note("middle"));
        host.Shutdown.OnCleanup("hanging", async token =>
        {
            seen = token;
            await hanging.Task;
        });

        host.Application.StopApplication();
        await Eventually.IsTrue(() => seen.CanBeCanceled, "the hanging handler starts");
        host.Process.Advance(3);
        Assert.Empty(ran);
        // Half of the 5 s is set aside for the three, so the first may take 5 - 2 * 5/6 = 3.33 s.
        host.Process.Advance(0.4);
        await host.EndAsync();
        Assert.Equal(["middle", "last"], ran);
        await Eventually.IsTrue(() => seen.IsCancellationRequested, "the token fires when the time is up");
        Assert.Equal(ShutdownExitCodes.CleanupFailed, host.Process.ExitCode);
        Assert.Contains(host.Logs.Ours(LogLevel.Error), l => l.Contains("'hanging' (Close) did not end"));
        hanging.SetResult();

        ValueTask Note(string name)
        {
            ran.Add(name);
            return ValueTask.CompletedTask;
        }
    }

    [Fact]
    public async Task AHandlerThatBlocksItsThreadIsLeftBehindToo()
    {
        using var release = new ManualResetEventSlim();
        bool started = false;
        await using DrainHost host = await DrainHost.StartAsync();
        host.Shutdown.OnCleanup("blocking", _ =>
        {
            started = true;
            release.Wait();
            return ValueTask.CompletedTask;
        }, timeout: TimeSpan.FromSeconds(1));

        host.Application.StopApplication();
        await Eventually.IsTrue(() => started, "the handler starts");
        host.Process.Advance(1);
        await host.EndAsync();
        Assert.Equal(ShutdownExitCodes.CleanupFailed, host.Process.ExitCode);
        release.Set();
    }

    [Fact]
    public async Task WhatComesTooLateIsRefusedWithTheRemedy()
    {
        InvalidOperationException? handler = null, work = null;
        await using DrainHost host = await DrainHost.StartAsync();
        host.Shutdown.OnCleanup("early", _ =>
        {
            handler = Assert.Throws<InvalidOperationException>(() => host.Shutdown.OnCleanup("late", _ => default));
            work = Assert.Throws<InvalidOperationException>(() => host.Shutdown.Track("late work", _ => Task.CompletedTask));
            return ValueTask.CompletedTask;
        });
        host.Application.StopApplication();
        await host.EndAsync();
        Assert.Contains("'late'", handler!.Message);
        Assert.Contains("OnCleanup", work!.Message);
    }

    [Fact]
    public async Task ArgumentsAreChecked()
    {
        await using DrainHost host = await DrainHost.StartAsync();
        Assert.ThrowsAny<ArgumentException>(() => host.Shutdown.OnCleanup("", _ => default));
        Assert.Throws<ArgumentNullException>(() => host.Shutdown.OnCleanup("x", null!));
        Assert.Throws<ArgumentOutOfRangeException>(() => host.Shutdown.OnCleanup("x", _ => default, timeout: TimeSpan.Zero));
        Assert.Throws<ArgumentOutOfRangeException>(() => host.Shutdown.OnCleanup("x", _ => default, (CleanupStage)9));
        Assert.ThrowsAny<ArgumentException>(() => host.Shutdown.Track(" ", _ => Task.CompletedTask));
        Assert.Throws<ArgumentNullException>(() => host.Shutdown.Track("x", null!));
    }

    [Fact]
    public async Task ACleanupServiceThatIsNotRegisteredIsAnErrorAtStart()
    {
        await using DrainHost host = DrainHost.Build(build: b => b.Services.AddShutdownCleanup<List<string>>("pool", (_, _) => default));
        var error = await Assert.ThrowsAsync<InvalidOperationException>(host.StartAsync);
        Assert.Contains("'pool'", error.Message);
        Assert.Contains("List", error.Message);
    }
}

using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace ShutdownAnalyzers.Runtime.Tests;

/// <summary>Handlers with a forced step, and handlers side by side.</summary>
public sealed class CleanupStepsTests
{
    [Fact]
    public async Task TheForcedStepDoesNotRunWhereTheGracefulOneSucceeds()
    {
        bool forced = false;
        await using DrainHost host = await DrainHost.StartAsync();
        host.Shutdown.OnCleanup("consumer", _ => ValueTask.CompletedTask, _ =>
        {
            forced = true;
            return ValueTask.CompletedTask;
        });
        host.Application.StopApplication();
        await host.EndAsync();
        Assert.False(forced);
        Assert.Equal(0, host.Process.ExitCode);
        Assert.Equal("'consumer' (Close) done in 0 s", Assert.Single(host.Logs.Reports)["Cleanup"]);
    }

    [Fact]
    public async Task TheForcedStepRunsWhereTheGracefulOneFailsAndTheHandlerStillCountsAsFailed()
    {
        bool forced = false;
        await using DrainHost host = await DrainHost.StartAsync();
        host.Shutdown.OnCleanup("consumer", _ => throw new InvalidOperationException("no broker"), _ =>
        {
            forced = true;
            return ValueTask.CompletedTask;
        });
        host.Application.StopApplication();
        await host.EndAsync();
        Assert.True(forced);
        Assert.Equal(ShutdownExitCodes.CleanupFailed, host.Process.ExitCode);
        Assert.Equal("'consumer' (Close) failed, its forced step done in 0 s", Assert.Single(host.Logs.Reports)["Cleanup"]);
        Assert.Contains(host.Logs.Ours(LogLevel.Error), l => l.Contains("no broker"));
    }

    [Fact]
    public async Task TheForcedStepHasItsTimeWhereTheGracefulOneHangs()
    {
        CancellationToken graceful = default;
        bool forced = false;
        await using DrainHost host = await DrainHost.StartAsync();
        host.Shutdown.OnCleanup(
            "consumer",
            async token =>
            {
                graceful = token;
                await Task.Delay(Timeout.Infinite, CancellationToken.None);
            },
            _ =>
            {
                forced = true;
                return ValueTask.CompletedTask;
            },
            timeout: TimeSpan.FromSeconds(2));
        host.Application.StopApplication();
        await Eventually.IsTrue(() => graceful.CanBeCanceled, "the graceful step runs");
        host.Process.Advance(1.4);
        Assert.False(forced);
        // A quarter of the two seconds is the forced step's.
        host.Process.Advance(0.1);
        await host.EndAsync();
        Assert.True(forced);
        await Eventually.IsTrue(() => graceful.IsCancellationRequested, "the graceful step is told");
        Assert.Equal(ShutdownExitCodes.CleanupFailed, host.Process.ExitCode);
        Assert.Equal("'consumer' (Close) did not end, its forced step done in 1.5 s", Assert.Single(host.Logs.Reports)["Cleanup"]);
    }

    [Fact]
    public async Task AForcedStepThatHangsIsLeftBehindAndTheNextHandlerRuns()
    {
        bool forced = false, next = false;
        await using DrainHost host = await DrainHost.StartAsync();
        host.Shutdown.OnCleanup("pool", _ =>
        {
            next = true;
            return ValueTask.CompletedTask;
        });
        host.Shutdown.OnCleanup("consumer", _ => throw new InvalidOperationException("no broker"), async _ =>
        {
            forced = true;
            await Task.Delay(Timeout.Infinite, CancellationToken.None);
        }, timeout: TimeSpan.FromSeconds(1));
        host.Application.StopApplication();
        await Eventually.IsTrue(() => forced, "the forced step runs");
        host.Process.Advance(1);
        await host.EndAsync();
        Assert.True(next);
        Assert.Equal("'consumer' (Close) failed, its forced step did not end in 1 s, 'pool' (Close) done in 0 s", Assert.Single(host.Logs.Reports)["Cleanup"]);
    }

    [Fact]
    public async Task BothErrorsAreReportedWhereTheForcedStepFailsToo()
    {
        await using DrainHost host = await DrainHost.StartAsync(build: b => b.Services
            .AddSingleton<List<string>>()
            .AddShutdownCleanup<List<string>>("pool", (_, _) => throw new InvalidOperationException("graceful reason"), (_, _) => throw new InvalidOperationException("forced reason")));
        host.Application.StopApplication();
        await host.EndAsync();
        string line = Assert.Single(host.Logs.Ours(LogLevel.Error));
        Assert.Contains("its forced step failed", line);
        Assert.Contains("graceful reason", line);
        Assert.Contains("forced reason", line);
    }

    [Fact]
    public async Task InParallelTheHandlersOfAStageRunTogetherAndTheStagesFollowEachOther()
    {
        using var together = new Barrier(3);
        bool flushed = false, flushedFirst = true;
        await using DrainHost host = await DrainHost.StartAsync(options => options.ParallelCleanup = true);
        foreach (string name in new[] { "one", "two", "three" })
        {
            host.Shutdown.OnCleanup(name, _ =>
            {
                if (!flushed) flushedFirst = false;
                Assert.True(together.SignalAndWait(Eventually.Patience));
                return ValueTask.CompletedTask;
            });
        }

        host.Shutdown.OnCleanup("flush", async _ =>
        {
            await Task.Delay(50);
            flushed = true;
        }, CleanupStage.Flush);
        host.Application.StopApplication();
        await host.EndAsync();
        Assert.True(flushedFirst);
        Assert.Equal(0, host.Process.ExitCode);
    }

    [Fact]
    public async Task InParallelAStageThatHangsLeavesTimeForTheNext()
    {
        int hanging = 0;
        bool closed = false;
        await using DrainHost host = await DrainHost.StartAsync(settings: new() { ["GracefulShutdown:ParallelCleanup"] = "true" });
        for (int i = 0; i < 3; i++)
        {
            host.Shutdown.OnCleanup($"flush {i}", async _ =>
            {
                Interlocked.Increment(ref hanging);
                await Task.Delay(Timeout.Infinite, CancellationToken.None);
            }, CleanupStage.Flush);
        }

        host.Shutdown.OnCleanup("close", _ =>
        {
            closed = true;
            return ValueTask.CompletedTask;
        });
        host.Application.StopApplication();
        await Eventually.IsTrue(() => hanging == 3, "all three run at once");
        // Half of the 5 s is set aside for the two stages, so the first may take 5 - 5/4 = 3.75 s.
        host.Process.Advance(3.7);
        Assert.False(closed);
        host.Process.Advance(0.1);
        await host.EndAsync();
        Assert.True(closed);
        Assert.Equal(ShutdownExitCodes.CleanupFailed, host.Process.ExitCode);
    }

    [Fact]
    public async Task AValueOfParallelCleanupThatCannotBeReadIsAnErrorAtStart()
    {
        await using DrainHost host = DrainHost.Build(settings: new() { ["GracefulShutdown:ParallelCleanup"] = "yes" });
        var error = await Assert.ThrowsAnyAsync<Exception>(host.StartAsync);
        Assert.Contains("GracefulShutdown:ParallelCleanup is 'yes'", error.Message);
    }

    [Fact]
    public async Task ArgumentsAreChecked()
    {
        await using DrainHost host = await DrainHost.StartAsync();
        Assert.Throws<ArgumentNullException>(() => host.Shutdown.OnCleanup("x", null!, _ => default));
        Assert.Throws<ArgumentNullException>(() => host.Shutdown.OnCleanup("x", _ => default, forced: null!));
        Assert.Throws<ArgumentNullException>(() => new ServiceCollection().AddShutdownCleanup<List<string>>("x", (_, _) => default, forced: null!));
    }
}

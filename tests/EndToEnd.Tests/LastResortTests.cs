using ShutdownAnalyzers.TestSupport;

namespace ShutdownAnalyzers.EndToEnd.Tests;

/// <summary>What ends a process whose stop never would: the hard deadline, and a second signal.</summary>
public sealed class LastResortTests
{
    [Fact]
    public async Task TheHardDeadlineEndsAProcessWhoseThreadPoolIsStarved()
    {
        await using var worker = Start(requestTimeout: "1", cleanupTimeout: "1");
        await worker.LineAsync("Application started");

        worker.Signal();

        Assert.Equal(84, await worker.ExitAsync());
        Assert.Contains("the stop is stuck", worker.Output);
        Assert.Contains("The hard deadline of 4 s is over", worker.Output);
    }

    [Fact]
    public async Task TheHardDeadlineEndsAProcessWhoseFinalizersAreBlocked()
    {
        await using var worker = Start(requestTimeout: "1", cleanupTimeout: "1", form: "finalizer");
        await worker.LineAsync("Application started");

        worker.Signal();

        Assert.Equal(84, await worker.ExitAsync());
        Assert.Contains("the finalizer is stuck", worker.Output);
        Assert.Contains("The hard deadline of 4 s is over", worker.Output);
    }

    /// <summary>From its start on, so that not even the signal finds a thread there.</summary>
    [Fact]
    public async Task TheHardDeadlineEndsAProcessWhoseThreadPoolWasStarvedBefore()
    {
        await using var worker = Start(requestTimeout: "1", cleanupTimeout: "1", form: "starved");
        await worker.LineAsync("Application started");

        worker.Signal();

        Assert.Equal(84, await worker.ExitAsync());
        Assert.Contains("The hard deadline of 4 s is over", worker.Output);
    }

    /// <summary>A handler of ProcessExit that never returns keeps <c>Environment.Exit</c> from ending the process: then by force, and with the same code.</summary>
    [Fact]
    public async Task TheHardDeadlineEndsAProcessWhoseExitHangs()
    {
        await using var worker = Start(requestTimeout: "1", cleanupTimeout: "1", form: "exit-hangs");
        await worker.LineAsync("Application started");

        worker.Signal();

        Assert.Equal(84, await worker.ExitAsync());
        Assert.Contains("the exit is stuck", worker.Output);
        Assert.Contains("The hard deadline of 4 s is over", worker.Output);
    }

    [Theory]
    [InlineData("stuck")]
    [InlineData("exit-hangs")]
    public async Task ASecondSignalEndsItAtOnce(string form)
    {
        await using var worker = Start(requestTimeout: "60", cleanupTimeout: "60", form);
        await worker.LineAsync("Application started");

        worker.Signal();
        await worker.LineAsync("the stop is stuck");
        // Within a second the same wish may come several times over.
        await Task.Delay(1500);
        worker.Signal();

        Assert.Equal(85, await worker.ExitAsync(TimeSpan.FromSeconds(30)));
        Assert.Contains("A second signal", worker.Output);
    }

    private static ServiceProcess Start(string requestTimeout, string cleanupTimeout, string form = "stuck") => ServiceUnderTest.Start("ShopJobs", form, new Dictionary<string, string>
    {
        ["SHUTDOWN_DRAIN_DELAY"] = "0",
        ["GracefulShutdown__RequestTimeout"] = requestTimeout,
        ["GracefulShutdown__CleanupTimeout"] = cleanupTimeout,
    });
}

using System.Runtime.InteropServices;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace ShutdownAnalyzers.Runtime.Tests;

/// <summary>The log record of the report: its sentence and its properties.</summary>
public sealed class ReportTests
{
    [Fact]
    public async Task ACleanDrainIsOneLineWithThePhases()
    {
        await using DrainHost host = await DrainHost.StartAsync();
        host.Shutdown.OnCleanup("pool", _ => ValueTask.CompletedTask);
        host.Signal();
        host.Process.Advance(5);
        host.Process.Advance(5);
        await host.EndAsync();

        IReadOnlyDictionary<string, object?> report = Assert.Single(host.Logs.Reports);
        Assert.Equal("Drained in 10 s, exit code 0. Cause: SIGTERM. Phases: Announce 5 s, Shed 5 s, Stop 0 s, CleanUp 0 s. Cleanup: 'pool' (Close) done in 0 s.", report["Report"]);
        Assert.Equal("SIGTERM", report["Cause"]);
        Assert.Equal(0, report["ExitCode"]);
        Assert.Equal(10.0, report["DurationSeconds"]);
        Assert.Equal(5.0, report["AnnounceSeconds"]);
        Assert.Equal(5.0, report["ShedSeconds"]);
        Assert.Equal(0.0, report["RefuseSeconds"]);
        Assert.Equal("{Report}", report["{OriginalFormat}"]);
        // Readers see the beginning and the report, and nothing between.
        Assert.Equal(2, host.Logs.Ours(LogLevel.Information).Count());
    }

    [Fact]
    public async Task RequestsAreCountedAndTheAbortedOnesNamed()
    {
        using var entered = new CountdownEvent(2);
        await using DrainHost host = await DrainHost.StartWebAsync(map: app =>
        {
            app.MapGet("/quick", () => "ok");
            app.MapGet("/slow/{id}", async (HttpContext context) =>
            {
                entered.Signal();
                await Task.Delay(Timeout.Infinite, context.RequestAborted);
            });
        });
        using var client = new HttpClient { BaseAddress = new Uri(host.Url) };
        Task[] slow = [client.GetAsync("/slow/1"), client.GetAsync("/slow/2")];
        await Eventually.IsTrue(() => entered.IsSet, "both requests are in flight");

        host.Signal();
        await client.GetStringAsync("/quick");
        host.Process.Advance(10);
        await Eventually.IsTrue(() => host.IsStopping, "the delay is over");
        host.Process.Advance(10);
        host.Process.Advance(0.25);
        await host.EndAsync();
        foreach (Task request in slow) await Assert.ThrowsAnyAsync<HttpRequestException>(() => request);

        IReadOnlyDictionary<string, object?> report = Assert.Single(host.Logs.Reports);
        Assert.Equal(1L, report["RequestsServed"]);
        Assert.Equal(2, report["RequestsAborted"]);
        Assert.Equal("2 x GET /slow/{id}", report["AbortedEndpoints"]);
        Assert.Equal(ShutdownExitCodes.WorkAborted, report["ExitCode"]);
        Assert.Equal("requests in flight, 10.25 s", report["LongestWait"]);
        Assert.Contains("Requests: 1 served during the delay", (string)report["Report"]!);
    }

    [Fact]
    public async Task RefusedRequestsAreCounted()
    {
        var release = new TaskCompletionSource();
        bool entered = false;
        await using DrainHost host = await DrainHost.StartWebAsync(
            options => options.LateRequests = LateRequests.Refuse,
            map: app => app.MapGet("/slow", async () =>
            {
                entered = true;
                await release.Task;
                return "done";
            }));
        using var client = new HttpClient { BaseAddress = new Uri(host.Url) };
        Task<string> slow = client.GetStringAsync("/slow");
        await Eventually.IsTrue(() => entered, "the request is in flight");
        host.Signal(PosixSignal.SIGINT);
        Assert.Equal(System.Net.HttpStatusCode.ServiceUnavailable, (await client.GetAsync("/slow")).StatusCode);
        host.Process.Advance(2);
        release.SetResult();
        await slow;
        await host.EndAsync();

        IReadOnlyDictionary<string, object?> report = Assert.Single(host.Logs.Reports);
        Assert.Equal(1L, report["RequestsRefused"]);
        Assert.Equal(2.0, report["RefuseSeconds"]);
        Assert.Equal(0, report["ExitCode"]);
    }

    [Fact]
    public async Task WhatHeldTheExitLongestIsNamed()
    {
        var mail = new TaskCompletionSource();
        var pool = new TaskCompletionSource();
        bool closing = false;
        await using DrainHost host = await DrainHost.StartAsync();
        host.Shutdown.Track("mail", _ => mail.Task);
        host.Shutdown.OnCleanup("pool", async _ =>
        {
            closing = true;
            await pool.Task;
        });
        host.Application.StopApplication();
        host.Process.Advance(3);
        mail.SetResult();
        await Eventually.IsTrue(() => closing, "cleanup begins");
        host.Process.Advance(1);
        pool.SetResult();
        await host.EndAsync();
        Assert.Equal("work 'mail', 3 s", Assert.Single(host.Logs.Reports)["LongestWait"]);
    }

    [Fact]
    public async Task AHostedServiceThatIsSlowToStopIsWhatHeldTheExit()
    {
        var slow = new SlowToStop();
        await using DrainHost host = await DrainHost.StartAsync(build: b => b.Services.AddSingleton<IHostedService>(slow));
        host.Application.StopApplication();
        await Eventually.IsTrue(() => slow.IsStopping, "the service is asked to stop");
        host.Process.Advance(4);
        slow.Release.SetResult();
        await host.EndAsync();
        Assert.Equal("hosted services, 4 s", Assert.Single(host.Logs.Reports)["LongestWait"]);
    }

    [Fact]
    public async Task WorkThatGaveUpIsNamed()
    {
        await using DrainHost host = await DrainHost.StartAsync();
        host.Shutdown.Track("import", token => Task.Delay(Timeout.Infinite, token));
        host.Application.StopApplication();
        host.Process.Advance(10);
        await host.EndAsync();
        Assert.Equal("import", Assert.Single(host.Logs.Reports)["WorkThatGaveUp"]);
    }

    [Fact]
    public async Task AFailedBackgroundServiceIsNamedWithItsError()
    {
        await using DrainHost host = await DrainHost.StartAsync(build: b => b.Services.AddHostedService<Failing>());
        await host.EndAsync();
        string line = Assert.Single(host.Logs.Ours(LogLevel.Error));
        Assert.Contains(nameof(Failing), line);
        Assert.Contains("broken service", line);
        Assert.Contains("exit code 83", line);
    }

    [Fact]
    public async Task SeveralErrorsComeTogether()
    {
        await using DrainHost host = await DrainHost.StartAsync();
        host.Shutdown.OnCleanup("one", _ => throw new InvalidOperationException("first reason"));
        host.Shutdown.OnCleanup("two", _ => throw new InvalidOperationException("second reason"));
        host.Application.StopApplication();
        await host.EndAsync();
        string line = Assert.Single(host.Logs.Ours(LogLevel.Error));
        Assert.Contains("first reason", line);
        Assert.Contains("second reason", line);
    }

    [Fact]
    public async Task ASecondSignalReportsWhatIsKnownByThen()
    {
        await using DrainHost host = await DrainHost.StartAsync();
        host.Shutdown.Track("import", _ => Task.Delay(Timeout.Infinite, CancellationToken.None));
        host.Signal();
        host.Process.Advance(5);
        host.Process.Advance(2);
        host.Signal(PosixSignal.SIGINT);

        Assert.Equal([ShutdownExitCodes.ForcedBySignal], host.Process.Exits);
        IReadOnlyDictionary<string, object?> report = Assert.Single(host.Logs.Reports);
        Assert.Equal("a second signal (SIGINT)", report["CutOffBy"]);
        Assert.Equal("work 'import'", report["StillRunning"]);
        Assert.Equal(ShutdownExitCodes.ForcedBySignal, report["ExitCode"]);
        Assert.Equal(5.0, report["AnnounceSeconds"]);
        Assert.Equal(2.0, report["ShedSeconds"]);
        Assert.StartsWith("Drain cut off after 7 s by a second signal (SIGINT), exit code 85. ", Assert.Single(host.Logs.Ours(LogLevel.Critical)));
    }

    [Fact]
    public async Task ASecondSignalDuringCleanupReportsTheHandlersThatHaveEnded()
    {
        bool hanging = false;
        var never = new TaskCompletionSource();
        await using DrainHost host = await DrainHost.StartAsync();
        host.Shutdown.OnCleanup("hanging", async _ =>
        {
            hanging = true;
            await never.Task;
        });
        host.Shutdown.OnCleanup("quick", _ => default, CleanupStage.Flush);
        host.Signal(PosixSignal.SIGINT);
        await Eventually.IsTrue(() => hanging, "the last handler runs");
        host.Process.Advance(2);
        host.Signal(PosixSignal.SIGINT);

        IReadOnlyDictionary<string, object?> report = Assert.Single(host.Logs.Reports);
        Assert.Equal("'quick' (Flush) done in 0 s", report["Cleanup"]);
        Assert.Equal("cleanup handler 'hanging'", report["StillRunning"]);
        Assert.Equal(2.0, report["CleanUpSeconds"]);
        never.SetResult();
    }

    /// <summary>A hosted service, or a disposal, that never ends: the drain is done beside it, and its report written, when the deadline ends the process.</summary>
    [Fact]
    public async Task TheHardDeadlineAfterTheReportLeavesASecondRecord()
    {
        var stuck = new SlowToStop();
        await using DrainHost host = await DrainHost.StartAsync(build: b => b.Services.AddSingleton<IHostedService>(stuck));
        host.Application.StopApplication();
        await Eventually.IsTrue(() => stuck.IsStopping, "the service is asked to stop");
        host.Process.Advance(11.5);
        await Eventually.IsTrue(() => host.Logs.Reports.Count == 1, "the drain ends beside the host");
        Assert.Empty(host.Process.Exits);
        host.Process.Advance(5.5);

        Assert.Equal([ShutdownExitCodes.DeadlineExceeded], host.Process.Exits);
        Assert.Equal("the hard deadline of 17 s", host.Logs.Reports[^1]["CutOffBy"]);
        Assert.Equal(ShutdownExitCodes.DeadlineExceeded, host.Logs.Reports[^1]["ExitCode"]);
        Assert.Equal($"something unknown to the drain sequence (the StopAsync of {typeof(SlowToStop)}, a Dispose, a thread)", host.Logs.Reports[^1]["StillRunning"]);
        stuck.Release.SetResult();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task ALoggerThatThrowsBreaksNothing(bool alreadyWhenAsked)
    {
        await using DrainHost host = await DrainHost.StartAsync(build: b => b.Logging.AddProvider(new BrokenProvider(alreadyWhenAsked)));
        host.Shutdown.OnCleanup("bad", _ => throw new InvalidOperationException("no such pool"));
        host.Signal(PosixSignal.SIGINT);
        await host.EndAsync();
        Assert.Equal(DrainPhase.Exit, host.Phase);
        Assert.Equal(ShutdownExitCodes.CleanupFailed, host.Process.ExitCode);
    }

    /// <summary>The sentence alone costs more than all the rest of an idle process's drain, and a log level above it is common.</summary>
    [Fact]
    public async Task WhereTheLevelIsOffNothingIsWrittenAndWhatFailedStillIs()
    {
        await using DrainHost clean = await DrainHost.StartAsync(build: b => b.Logging.SetMinimumLevel(LogLevel.Warning));
        clean.Signal(PosixSignal.SIGINT);
        await clean.EndAsync();
        Assert.Equal(DrainPhase.Exit, clean.Phase);
        Assert.Empty(clean.Logs.Reports);

        await using DrainHost failed = await DrainHost.StartAsync(build: b => b.Logging.SetMinimumLevel(LogLevel.Warning));
        failed.Shutdown.OnCleanup("bad", _ => throw new InvalidOperationException("no such pool"));
        failed.Signal(PosixSignal.SIGINT);
        await failed.EndAsync();
        Assert.Equal(ShutdownExitCodes.CleanupFailed, Assert.Single(failed.Logs.Reports)["ExitCode"]);
    }

    private sealed class Failing : BackgroundService
    {
        protected override async Task ExecuteAsync(CancellationToken stoppingToken)
        {
            await Task.Yield();
            throw new InvalidOperationException("broken service");
        }
    }

    private sealed class BrokenProvider(bool alreadyWhenAsked) : ILoggerProvider, ILogger
    {
        public ILogger CreateLogger(string categoryName) => categoryName == DrainLog.Category ? this : Microsoft.Extensions.Logging.Abstractions.NullLogger.Instance;

        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => alreadyWhenAsked ? throw new ObjectDisposedException("sink") : true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) => throw new ObjectDisposedException("sink");

        public void Dispose()
        {
        }
    }
}

using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Runtime.InteropServices;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace ShutdownAnalyzers.Runtime.Tests;

/// <summary>The report's metrics and activity, heard as exporters hear them.</summary>
public sealed class TelemetryTests
{
    [Fact]
    public async Task EverythingIsRecordedBeforeTheContainerIsDisposedOf()
    {
        DrainHost host = await DrainHost.StartAsync(build: b => b.Services.AddMetrics());
        object factory = host.Services.GetRequiredService<IMeterFactory>();
        using var telemetry = new Telemetry("rollout", scope => ReferenceEquals(scope, factory));
        host.Shutdown.OnCleanup("pool", _ => ValueTask.CompletedTask);
        host.Shutdown.OnCleanup("broken", _ => throw new InvalidOperationException("no broker"), CleanupStage.Flush);
        await host.Shutdown.StartAsync("rollout");
        Assert.Empty(telemetry.Measurements);
        host.Process.Advance(5);
        host.Process.Advance(5);
        await host.EndAsync();

        // The host has stopped, and nothing is disposed of yet.
        Assert.Equal(10, telemetry.Value("shutdown.drain.duration", ("shutdown.cause", "rollout"), ("process.exit.code", 81), ("error.type", "cleanup_failed")));
        Assert.Equal(5, telemetry.Value("shutdown.phase.duration", ("shutdown.phase", "announce")));
        Assert.Equal(5, telemetry.Value("shutdown.phase.duration", ("shutdown.phase", "shed")));
        Assert.Equal(0, telemetry.Value("shutdown.requests.served"));
        Assert.Equal(0, telemetry.Value("shutdown.cleanup.duration", ("shutdown.cleanup.name", "pool"), ("shutdown.cleanup.stage", "close"), ("shutdown.cleanup.result", "done")));
        Assert.Equal(0, telemetry.Value("shutdown.cleanup.duration", ("shutdown.cleanup.name", "broken"), ("shutdown.cleanup.stage", "flush"), ("shutdown.cleanup.result", "failed")));

        Activity activity = Assert.Single(telemetry.Activities);
        Assert.Equal("shutdown.drain", activity.OperationName);
        Assert.Null(activity.Parent);
        Assert.Equal(default, activity.ParentSpanId);
        Assert.Equal(ActivityStatusCode.Error, activity.Status);
        Assert.Equal(new DateTime(2026, 1, 1, 0, 0, 0, DateTimeKind.Utc), activity.StartTimeUtc);
        Assert.Equal(TimeSpan.FromSeconds(10), activity.Duration);
        Assert.Equal(81, activity.GetTagItem("process.exit.code"));
        Assert.Equal("cleanup_failed", activity.GetTagItem("error.type"));
        Assert.Equal(["announce", "shed", "stop", "clean_up"], activity.Events.Where(e => e.Name == "shutdown.phase").Select(e => e.Tags.Single(t => t.Key == "shutdown.phase").Value));
        Assert.Equal(activity.StartTimeUtc.AddSeconds(5), activity.Events.Where(e => e.Name == "shutdown.phase").ElementAt(1).Timestamp.UtcDateTime);
        Assert.Equal(["broken", "pool"], activity.Events.Where(e => e.Name == "shutdown.cleanup").Select(e => e.Tags.Single(t => t.Key == "shutdown.cleanup.name").Value));

        // And nothing is recorded again.
        int count = telemetry.Measurements.Count;
        await host.DisposeAsync();
        Assert.Equal(count, telemetry.Measurements.Count);
        Assert.Single(telemetry.Activities);
    }

    /// <summary>The names, units and kinds are what dashboards are built on.</summary>
    [Fact]
    public async Task InstrumentsHaveTheirUnits()
    {
        await using DrainHost host = await DrainHost.StartAsync(build: b => b.Services.AddMetrics());
        object factory = host.Services.GetRequiredService<IMeterFactory>();
        using var telemetry = new Telemetry("units", scope => ReferenceEquals(scope, factory));
        await host.Shutdown.StartAsync("units");
        host.Process.Advance(10);
        await host.EndAsync();
        Assert.Equal(
            [
                "shutdown.cleanup.duration s", "shutdown.connections.close_asked {connection}", "shutdown.drain.duration s", "shutdown.participant.duration s", "shutdown.phase.duration s",
                "shutdown.requests.aborted {request}", "shutdown.requests.refused {request}", "shutdown.requests.served {request}", "shutdown.streams.end_asked {stream}", "shutdown.work.abandoned {work}",
            ],
            telemetry.Instruments.Values.Select(i => $"{i.Name} {i.Unit}").Order(StringComparer.Ordinal));
        Assert.All(telemetry.Instruments.Values, i => Assert.False(string.IsNullOrEmpty(i.Description)));
    }

    [Fact]
    public void WithoutAMeterFactoryTheMeterIsItsOwn()
    {
        using var telemetry = new Telemetry("own meter", scope => scope is null);
        var time = new FakeTimeProvider();
        var journal = new DrainJournal();
        journal.Begin(DrainCause.Requested("own meter"), time);
        time.Advance(TimeSpan.FromSeconds(3));
        using (var reporter = new DrainReporter(NullLoggerFactory.Instance)) reporter.Write(journal.Report(default, []));
        Assert.Equal(3, telemetry.Value("shutdown.drain.duration", ("shutdown.cause", "own meter")));
        Assert.Equal(ActivityStatusCode.Unset, Assert.Single(telemetry.Activities).Status);
    }

    [Fact]
    public async Task AForcedExitRecordsWhatIsKnownAndCountsOnce()
    {
        await using DrainHost host = await DrainHost.StartAsync(build: b => b.Services.AddMetrics());
        object factory = host.Services.GetRequiredService<IMeterFactory>();
        using var telemetry = new Telemetry("forced", scope => ReferenceEquals(scope, factory));
        host.Shutdown.Track("import", _ => Task.Delay(Timeout.Infinite, CancellationToken.None));
        await host.Shutdown.StartAsync("forced");
        host.Signal();
        host.Process.Advance(2);
        host.Signal(PosixSignal.SIGINT);
        Assert.Equal(2, telemetry.Value("shutdown.drain.duration", ("process.exit.code", 85), ("error.type", "forced_by_signal")));
        Assert.Equal(ActivityStatusCode.Error, Assert.Single(telemetry.Activities).Status);

        // The pretended process goes on to the end of its drain: that is in the log, and counts no second time.
        host.Process.Advance(8);
        await Eventually.IsTrue(() => host.IsStopping, "the delay is over");
        host.Process.Advance(10.25);
        await host.EndAsync();
        Assert.Single(telemetry.Activities);
        Assert.Equal(2, host.Logs.Reports.Count);
    }

    [Fact]
    public async Task AListenerThatThrowsBreaksNothing()
    {
        using var listener = new MeterListener { InstrumentPublished = static (instrument, l) => l.EnableMeasurementEvents(instrument) };
        await using DrainHost host = await DrainHost.StartAsync(build: b => b.Services.AddMetrics());
        object factory = host.Services.GetRequiredService<IMeterFactory>();
        listener.SetMeasurementEventCallback<double>((instrument, _, _, _) =>
        {
            if (ReferenceEquals(instrument.Meter.Scope, factory)) throw new InvalidOperationException("exporter gone");
        });
        listener.Start();
        host.Application.StopApplication();
        await host.EndAsync();
        Assert.Equal(DrainPhase.Exit, host.Phase);
        Assert.Equal(0, host.Process.ExitCode);
        Assert.Contains(host.Logs.Ours(LogLevel.Error), l => l.Contains("exporter gone"));
        Assert.Single(host.Logs.Reports);
    }
}

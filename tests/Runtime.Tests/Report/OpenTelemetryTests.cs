using System.Collections.Concurrent;
using System.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;

namespace ShutdownAnalyzers.Runtime.Tests;

/// <summary>The report reaches exporters that send only now and then: what they hold when the container closes them, they send.</summary>
public sealed class OpenTelemetryTests
{
    [Fact]
    public async Task ProvidersOfTheContainerExportTheReport()
    {
        var metrics = new Exporter<Metric>(metric => metric.Name);
        var activities = new Exporter<Activity>(activity => $"{activity.DisplayName} {activity.GetTagItem("shutdown.cause")}");
        DrainHost host = await DrainHost.StartAsync(build: b => b.Services
            .AddMetrics()
            .AddSingleton(_ => Sdk.CreateMeterProviderBuilder().AddMeter("ShutdownAnalyzers.Runtime").AddReader(new PeriodicExportingMetricReader(metrics, Timeout.Infinite)).Build())
            .AddSingleton(_ => Sdk.CreateTracerProviderBuilder().AddSource("ShutdownAnalyzers.Runtime").AddProcessor(new BatchActivityExportProcessor(activities)).Build()));
        host.Services.GetRequiredService<MeterProvider>();
        host.Services.GetRequiredService<TracerProvider>();
        await host.Shutdown.StartAsync("export");
        host.Process.Advance(10);
        await host.EndAsync();
        await host.DisposeAsync();

        Assert.Contains("shutdown.drain.duration", metrics.Sent);
        Assert.Contains("shutdown.requests.served", metrics.Sent);
        // Sources are the process's: other tests' drains may be among them.
        Assert.Contains("shutdown.drain export", activities.Sent);
    }

    private sealed class Exporter<T>(Func<T, string> name) : BaseExporter<T> where T : class
    {
        public ConcurrentBag<string> Sent { get; } = [];

        public override ExportResult Export(in Batch<T> batch)
        {
            foreach (T item in batch) Sent.Add(name(item));
            return ExportResult.Success;
        }
    }
}

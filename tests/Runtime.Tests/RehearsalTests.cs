using System.Diagnostics.Metrics;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace ShutdownAnalyzers.Runtime.Tests;

/// <summary>The rehearsal runs the code of the drain and touches nothing of the real one.</summary>
public sealed class RehearsalTests
{
    [Fact]
    public async Task NobodyHearsOfIt()
    {
        await using DrainHost host = await DrainHost.StartWebAsync(build: b => b.Services.AddMetrics(), map: app => app.MapGet("/hello", () => "hello"));
        object factory = host.Services.GetRequiredService<IMeterFactory>();
        using var telemetry = new Telemetry("rehearsal", scope => ReferenceEquals(scope, factory));
        int lines = host.Logs.Lines.Count(l => l.Category == DrainLog.Category);

        await RehearseAsync(host);

        Assert.Equal(lines, host.Logs.Lines.Count(l => l.Category == DrainLog.Category));
        Assert.Empty(telemetry.Measurements);
        Assert.Empty(telemetry.Activities);
        Assert.Empty(host.Process.Deadlines);
        Assert.Empty(host.Process.Exits);
        Assert.Equal(DrainPhase.Running, host.Phase);
        Assert.False(host.Shutdown.Draining.IsCancellationRequested);
        Assert.False(host.IsStopping);
        using var client = new HttpClient();
        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync(host.Url + "/hello")).StatusCode);
    }

    [Fact]
    public async Task TheDrainBehindItIsWhole()
    {
        await using DrainHost host = await DrainHost.StartAsync(options => options.DrainDelay = TimeSpan.Zero);
        await RehearseAsync(host);
        bool isCleanedUp = false;
        host.Shutdown.OnCleanup("pool", _ =>
        {
            isCleanedUp = true;
            return ValueTask.CompletedTask;
        });

        host.Signal();
        await host.EndAsync();

        Assert.True(isCleanedUp);
        Assert.Equal(0, host.Process.ExitCode);
        Assert.Equal("SIGTERM", Assert.Single(host.Logs.Reports)["Cause"]);
    }

    /// <summary>It runs all the way to the report, and so compiles it.</summary>
    [Fact]
    public async Task ItGetsToItsReport()
    {
        await using DrainHost host = await DrainHost.StartAsync();
        var reporter = host.Services.GetRequiredService<DrainReporter>();
        var requests = new Requests();

        await DrainRehearsal.RunAsync(host.Services, reporter, requests);

        Assert.Equal([DrainPhase.Announce, DrainPhase.Stop, DrainPhase.CleanUp, DrainPhase.Exit], requests.Phases);
        Assert.True(requests.IsServerStopped);
        Assert.True(requests.IsCounted);
    }

    [Fact]
    public async Task TheStartedApplicationRehearses()
    {
        await using DrainHost host = await DrainHost.StartAsync(build: b => b.Services.AddMetrics());
        object factory = host.Services.GetRequiredService<IMeterFactory>();
        using var telemetry = new Telemetry("rehearsal", scope => ReferenceEquals(scope, factory));
        // Its first step: who listens knows the instruments ahead of the drain.
        await Eventually.IsTrue(() => telemetry.Instruments.Count == 10, "the instruments are there");
    }

    private static Task RehearseAsync(DrainHost host) =>
        DrainRehearsal.RunAsync(host.Services, host.Services.GetRequiredService<DrainReporter>(), host.Services.GetService<IRequestDrain>());

    private sealed class Requests : IRequestDrain
    {
        public List<DrainPhase> Phases { get; } = [];

        public bool IsServerStopped { get; private set; }

        public bool IsCounted { get; private set; }

        public bool IsTestServer => false;

        public RequestCounts Counts
        {
            get
            {
                IsCounted = true;
                return default;
            }
        }

        public void OnPhase(DrainPhase phase, TimeSpan length) => Phases.Add(phase);

        public Task WhenIdleAsync(CancellationToken giveUp) => Task.CompletedTask;

        public Task StopServerAsync(CancellationToken giveUp)
        {
            IsServerStopped = true;
            return Task.CompletedTask;
        }

        public void Abort(Action<IReadOnlyList<string>> note) => throw new InvalidOperationException("Nothing is in flight.");

        public void AbortStreams(Action<IReadOnlyList<string>> note) => throw new InvalidOperationException("Nothing is in flight.");

        public IReadOnlyList<string> InFlight() => [];

        public IRequestDrain ForRehearsal(Microsoft.Extensions.Options.IOptions<GracefulShutdownOptions> options) => this;
    }
}

using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace ShutdownAnalyzers.Runtime.Tests;

/// <summary>The delay that ends before its time, and all that keeps it from doing so.</summary>
public sealed class EarlyEndTests : IDisposable
{
    private readonly HttpClient _client = new();

    public void Dispose() => _client.Dispose();

    [Fact]
    public async Task EndsWhenTheProbesHaveSeenItAndNobodyHasComeForAWhile()
    {
        await using DrainHost host = await StartAsync();
        await ProbeAsync(host, 3);
        host.Signal();
        host.Process.Advance(1);
        await ProbeAsync(host, 1);
        host.Process.Advance(2);
        // Long quiet, and one probe short.
        Assert.False(host.IsStopping);
        await ProbeAsync(host, 1);
        Assert.False(host.IsStopping);
        host.Process.Advance(0.1);
        Assert.True(host.IsStopping);
        await host.EndAsync();
        Assert.Contains(host.Logs.Lines, l => l.Text.StartsWith("The drain delay ends early, after 00:00:03.1", StringComparison.Ordinal));
        Assert.Equal(0, host.Process.ExitCode);
    }

    [Fact]
    public async Task ARequestBeginsTheQuietAnewAndAProbeDoesNot()
    {
        await using DrainHost host = await StartAsync();
        host.Signal();
        await ProbeAsync(host, 2);
        host.Process.Advance(1.4);
        Assert.Equal(HttpStatusCode.OK, await Get(host, "/hello"));
        host.Process.Advance(1);
        await ProbeAsync(host, 2);
        Assert.Equal(HttpStatusCode.OK, await Get(host, "/health/live"));
        Assert.Equal(HttpStatusCode.OK, await Get(host, "/metrics"));
        host.Process.Advance(0.4);
        Assert.False(host.IsStopping);
        host.Process.Advance(0.1);
        Assert.True(host.IsStopping);
        await host.EndAsync();
    }

    [Fact]
    public async Task LastsItsLeastWhateverTheEvidence()
    {
        await using DrainHost host = await StartAsync(options => options.EarlyEnd.MinDelay = TimeSpan.FromSeconds(4));
        host.Signal();
        await ProbeAsync(host, 5);
        host.Process.Advance(3.9);
        Assert.False(host.IsStopping);
        host.Process.Advance(0.1);
        Assert.True(host.IsStopping);
        await host.EndAsync();
    }

    [Fact]
    public async Task TheDelayIsTheCeiling()
    {
        await using DrainHost host = await StartAsync();
        host.Signal();
        for (int i = 0; i < 9; i++)
        {
            host.Process.Advance(1.05);
            Assert.Equal(HttpStatusCode.OK, await Get(host, "/hello"));
        }

        Assert.False(host.IsStopping);
        host.Process.Advance(0.55);
        Assert.True(host.IsStopping);
        await host.EndAsync();
        Assert.DoesNotContain(host.Logs.Lines, l => l.Text.Contains("ends early"));
    }

    [Fact]
    public async Task AnOpenStreamIsSomebodyWhoIsStillThere()
    {
        bool begun = false;
        await using DrainHost host = await StartAsync(map: app => app.MapGet("/events", async (HttpContext context) =>
        {
            CancellationToken token = context.GetDrainToken();
            begun = true;
            await Task.Delay(Timeout.Infinite, token).ContinueWith(_ => { }, TaskScheduler.Default);
        }));
        Task<string> events = _client.GetStringAsync(host.Url + "/events");
        await Eventually.IsTrue(() => begun, "the stream begins");
        host.Signal();
        await ProbeAsync(host, 2);
        host.Process.Advance(4.9);
        Assert.False(host.IsStopping);
        // Asked to end in the Shed phase.
        host.Process.Advance(0.1);
        host.Process.Advance(0.1);
        await events.WaitAsync(Eventually.Patience);
        await Eventually.IsTrue(() => host.InFlight.Count == 0, "the stream has ended");
        Assert.False(host.IsStopping);
        host.Process.Advance(0.1);
        Assert.True(host.IsStopping);
        await host.EndAsync();
    }

    [Fact]
    public async Task AStreamThatKnowsNoTokenIsOneToo()
    {
        var release = new TaskCompletionSource();
        bool begun = false;
        await using DrainHost host = await StartAsync(map: app => app.MapGet("/poll", [LongRunning] async () =>
        {
            begun = true;
            await release.Task;
        }));
        Task<string> poll = _client.GetStringAsync(host.Url + "/poll");
        await Eventually.IsTrue(() => begun, "the poll begins");
        host.Signal();
        await ProbeAsync(host, 2);
        host.Process.Advance(9.9);
        Assert.False(host.IsStopping);
        release.SetResult();
        await poll;
        host.Process.Advance(0.1);
        await host.EndAsync();
    }

    [Fact]
    public async Task IsOffByDefault()
    {
        await using DrainHost host = await DrainHost.StartWebAsync(map: Map);
        host.Signal();
        await ProbeAsync(host, 20);
        host.Process.Advance(9.9);
        Assert.False(host.IsStopping);
        host.Process.Advance(0.1);
        Assert.True(host.IsStopping);
        await host.EndAsync();
    }

    [Fact]
    public async Task AnApplicationsOwnReadinessEndpointCountsToo()
    {
        await using DrainHost host = await StartAsync(
            build: b => b.Services.AddHealthChecks().AddShutdownCheck(),
            map: app => app.MapHealthChecks("/checks").ExemptFromDrain());
        host.Signal();
        Assert.Equal(HttpStatusCode.ServiceUnavailable, await Get(host, "/checks"));
        Assert.Equal(HttpStatusCode.ServiceUnavailable, await Get(host, "/checks"));
        host.Process.Advance(2);
        Assert.True(host.IsStopping);
        await host.EndAsync();
    }

    /// <summary>Quiet for 1.5 s, two probes, at least 2 s.</summary>
    private static Task<DrainHost> StartAsync(Action<GracefulShutdownOptions>? configure = null, Action<WebApplicationBuilder>? build = null, Action<WebApplication>? map = null) => DrainHost.StartWebAsync(
        options =>
        {
            options.EarlyEnd.QuietTime = TimeSpan.FromSeconds(1.5);
            options.EarlyEnd.UnreadyProbes = 2;
            configure?.Invoke(options);
        },
        build,
        app =>
        {
            Map(app);
            map?.Invoke(app);
        });

    private static void Map(WebApplication app)
    {
        app.MapReadiness();
        app.MapLiveness();
        app.MapGet("/hello", () => "hello");
        app.MapGet("/metrics", () => "1").ExemptFromDrain();
    }

    private async Task ProbeAsync(DrainHost host, int times)
    {
        for (int i = 0; i < times; i++) await Get(host, "/health/ready");
    }

    private async Task<HttpStatusCode> Get(DrainHost host, string path)
    {
        using HttpResponseMessage response = await _client.GetAsync(host.Url + path);
        return response.StatusCode;
    }
}

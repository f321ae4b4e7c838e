using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace ShutdownAnalyzers.Runtime.Tests;

/// <summary>What comes when the time for it is over: nothing that was accepted is dropped without a line in the report.</summary>
public sealed class LateArrivalTests
{
    [Fact]
    public async Task WorkTrackedAfterTheAbortIsNamed()
    {
        var slow = new SlowToStop();
        var never = new TaskCompletionSource();
        await using DrainHost host = await DrainHost.StartAsync(build: b => b.Services.AddSingleton<IHostedService>(slow));
        host.Shutdown.Track("early", _ => never.Task);
        host.Application.StopApplication();
        host.Process.Advance(10);
        host.Process.Advance(0.25);
        await Eventually.IsTrue(() => slow.IsStopping, "nobody waits for the work any more");
        host.Shutdown.Track("late", _ => never.Task);
        slow.Release.SetResult();
        await host.EndAsync();
        Assert.Equal("early, late", Assert.Single(host.Logs.Reports)["AbandonedWork"]);
        Assert.Equal(ShutdownExitCodes.WorkAborted, host.Process.ExitCode);
        never.SetResult();
    }

    /// <summary>What a hosted service tracks in its own stop is waited for like any other.</summary>
    [Fact]
    public async Task WorkTrackedByAHostedServiceThatStopsIsWaitedFor()
    {
        var work = new TaskCompletionSource();
        await using DrainHost host = await DrainHost.StartAsync(build: b => b.Services.AddSingleton<IHostedService>(p => new TracksAtStop(p.GetRequiredService<IGracefulShutdown>(), work.Task)));
        bool closed = false;
        host.Shutdown.OnCleanup("pool", _ =>
        {
            closed = true;
            return ValueTask.CompletedTask;
        });
        host.Application.StopApplication();
        await Eventually.IsTrue(() => host.Services.GetServices<IHostedService>().OfType<TracksAtStop>().Single().HasTracked, "the service stops");
        Assert.False(closed);
        Assert.Equal(DrainPhase.Stop, host.Phase);
        work.SetResult();
        await host.EndAsync();
        Assert.True(closed);
        Assert.Equal(0, host.Process.ExitCode);
    }

    [Fact]
    public async Task ARequestAfterTheAbortIsRefusedAndCounted()
    {
        var slow = new SlowToStop();
        bool entered = false;
        await using DrainHost host = await DrainHost.StartWebAsync(
            build: b =>
            {
                b.WebHost.UseTestServer();
                b.Services.AddSingleton<IHostedService>(slow);
            },
            map: app =>
            {
                app.MapGet("/hello", () => "hello");
                app.MapGet("/held", async (HttpContext context) =>
                {
                    entered = true;
                    await Task.Delay(Timeout.Infinite, context.RequestAborted);
                });
            });
        using HttpClient client = host.Host.GetTestClient();
        Task held = client.GetAsync("/held");
        await Eventually.IsTrue(() => entered, "the request is in flight");
        host.Application.StopApplication();
        host.Process.Advance(10);
        // The connection is still there, and so is the server.
        Assert.Equal(200, (int)(await client.GetAsync("/hello")).StatusCode);
        // The client has its answer a little before the server is through with it.
        await Eventually.IsTrue(() => host.InFlight is ["GET /held"], "the answered request has left");
        host.Process.Advance(0.25);
        await Assert.ThrowsAnyAsync<Exception>(() => held);
        Assert.Equal(503, (int)(await client.GetAsync("/hello")).StatusCode);
        slow.Release.SetResult();
        await host.EndAsync();
        IReadOnlyDictionary<string, object?> report = Assert.Single(host.Logs.Reports);
        Assert.Equal(1L, report["RequestsRefused"]);
        Assert.Equal("GET /held", report["AbortedEndpoints"]);
    }

    private sealed class TracksAtStop(IGracefulShutdown shutdown, Task work) : IHostedService
    {
        private volatile bool _hasTracked;

        public bool HasTracked => _hasTracked;

        public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken)
        {
            shutdown.Track("last mail", _ => work);
            _hasTracked = true;
            return Task.CompletedTask;
        }
    }
}

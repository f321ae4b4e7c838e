using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace ShutdownAnalyzers.Runtime.Tests;

/// <summary>What clients see at each phase, on Kestrel.</summary>
public sealed class RequestTests : IDisposable
{
    private readonly HttpClient _client = new();

    public void Dispose() => _client.Dispose();

    [Fact]
    public async Task DuringTheDelayEverythingIsServedAndReadinessSaysNo()
    {
        await using DrainHost host = await DrainHost.StartWebAsync(map: MapAll);
        Assert.Equal(HttpStatusCode.OK, await Get(host, "/health/ready"));

        host.Signal();
        foreach (double step in new[] { 0.0, 4.0, 2.0, 3.4 })
        {
            host.Process.Advance(step);
            Assert.Equal(HttpStatusCode.ServiceUnavailable, await Get(host, "/health/ready"));
            Assert.Equal(HttpStatusCode.OK, await Get(host, "/health/live"));
            Assert.Equal(HttpStatusCode.OK, await Get(host, "/hello"));
        }

        string url = host.Url;
        host.Process.Advance(0.6);
        await host.EndAsync();
        await Assert.ThrowsAsync<HttpRequestException>(() => _client.GetAsync(url + "/hello"));
        Assert.Equal(0, host.Process.ExitCode);
    }

    [Fact]
    public async Task ARequestInFlightEndsAfterTheListenerHasClosed()
    {
        var release = new TaskCompletionSource();
        await using DrainHost host = await DrainHost.StartWebAsync(map: app => app.MapGet("/held", async () =>
        {
            await release.Task;
            return "done";
        }));
        bool cleaned = false;
        host.Shutdown.OnCleanup("pool", _ =>
        {
            cleaned = true;
            return ValueTask.CompletedTask;
        });
        string url = host.Url;
        Task<HttpResponseMessage> held = _client.GetAsync(url + "/held");
        await Eventually.IsTrue(() => host.InFlight is [var name] && !name.Contains("no endpoint"), "the request arrives");

        host.Signal();
        host.Process.Advance(10);
        await Eventually.IsTrue(() => Refuses(url), "the listener closes");
        Assert.Equal(DrainPhase.Stop, host.Phase);
        Assert.False(cleaned);

        release.SetResult();
        Assert.Equal("done", await (await held).Content.ReadAsStringAsync());
        await host.EndAsync();
        Assert.True(cleaned);
        Assert.Equal(0, host.Process.ExitCode);
    }

    [Fact]
    public async Task ARequestThatOutstaysItsTimeIsAbortedNamedAndCounted()
    {
        var never = new TaskCompletionSource();
        bool entered = false, graceOver = false;
        await using DrainHost host = await DrainHost.StartWebAsync(map: app => app.MapGet("/orders/{id}", async (string id, IGracefulShutdown shutdown) =>
        {
            shutdown.GraceOver.Register(() => graceOver = true);
            entered = true;
            await never.Task;
            return id;
        }));
        Task<HttpResponseMessage> stuck = _client.GetAsync(host.Url + "/orders/7");
        await Eventually.IsTrue(() => entered && host.InFlight.SequenceEqual(["GET /orders/{id}"]), "the request arrives, and is named by its route");

        host.Signal();
        host.Process.Advance(10);
        Assert.False(stuck.IsCompleted);
        host.Process.Advance(10);
        Assert.True(graceOver);
        Assert.False(stuck.IsCompleted);
        host.Process.Advance(0.25);
        await Assert.ThrowsAsync<HttpRequestException>(() => stuck);

        // Kestrel gives a handler that ignores its abort one more second, in real time.
        await host.EndAsync();
        Assert.Equal(DrainPhase.Exit, host.Phase);
        Assert.Equal(ShutdownExitCodes.WorkAborted, host.Process.ExitCode);
        Assert.Contains(host.Logs.Ours(LogLevel.Error), l => l.Contains("Aborted: GET /orders/{id}") && !l.Contains("/orders/7"));
        never.SetResult();
    }

    [Fact]
    public async Task RefuseAnswers503UntilTheLastRequestHasEnded()
    {
        var release = new TaskCompletionSource();
        await using DrainHost host = await DrainHost.StartWebAsync(
            options => options.LateRequests = LateRequests.Refuse,
            map: app =>
            {
                MapAll(app);
                app.MapGet("/metrics/{name}", () => "1").ExemptFromDrain();
                app.MapGet("/held", async () =>
                {
                    await release.Task;
                    return "done";
                });
            });
        string url = host.Url;
        Task<HttpResponseMessage> held = _client.GetAsync(url + "/held");
        await Eventually.IsTrue(() => host.InFlight is [var name] && !name.Contains("no endpoint"), "the request arrives");
        host.Signal();
        host.Process.Advance(10);
        Assert.Equal(DrainPhase.Refuse, host.Phase);
        Assert.True(host.IsStopping);

        using HttpResponseMessage refused = await _client.GetAsync(url + "/hello");
        Assert.Equal(HttpStatusCode.ServiceUnavailable, refused.StatusCode);
        Assert.InRange(refused.Headers.RetryAfter!.Delta!.Value.TotalSeconds, 1, 5);
        Assert.True(refused.Headers.ConnectionClose);
        Assert.Equal(HttpStatusCode.OK, await Get(host, "/health/live"));
        Assert.Equal(HttpStatusCode.ServiceUnavailable, await Get(host, "/health/ready"));
        Assert.Equal(HttpStatusCode.OK, await Get(host, "/metrics/requests"));
        Assert.Equal(DrainPhase.Refuse, host.Phase);

        release.SetResult();
        Assert.Equal(HttpStatusCode.OK, (await held).StatusCode);
        await host.EndAsync();
        Assert.Equal(DrainPhase.Exit, host.Phase);
        Assert.Equal(0, host.Process.ExitCode);
    }

    [Fact]
    public async Task AnExemptRequestIsNotWaitedFor()
    {
        var never = new TaskCompletionSource();
        await using DrainHost host = await DrainHost.StartWebAsync(map: app => app.MapGet("/tail", async (HttpContext context) =>
        {
            await Task.WhenAny(never.Task, Task.Delay(Timeout.Infinite, context.RequestAborted));
        }).ExemptFromDrain());
        Task<HttpResponseMessage> tail = _client.GetAsync(host.Url + "/tail");
        await Eventually.IsTrue(() => host.InFlight is [var name] && !name.Contains("no endpoint"), "the request arrives");
        host.Application.StopApplication();
        await host.EndAsync();
        Assert.Equal(0, host.Process.ExitCode);
        await Assert.ThrowsAnyAsync<HttpRequestException>(() => tail);
    }

    [Theory]
    [InlineData(ReadinessMode.Immediate, 503, 503)]
    [InlineData(ReadinessMode.AfterDelay, 200, 503)]
    [InlineData(ReadinessMode.Never, 200, 200)]
    public async Task ReadinessTurnsByItsMode(ReadinessMode mode, int inDelay, int afterDelay)
    {
        var release = new TaskCompletionSource();
        await using DrainHost host = await DrainHost.StartWebAsync(
            options =>
            {
                options.ReadinessMode = mode;
                options.LateRequests = LateRequests.Refuse;
            },
            b => b.Services.AddHealthChecks().AddShutdownCheck("stopping", "mine"),
            app =>
            {
                app.MapReadiness();
                app.MapHealthChecks("/checks").ExemptFromDrain();
                app.MapGet("/held", () => release.Task);
            });
        _ = _client.GetAsync(host.Url + "/held");
        await Eventually.IsTrue(() => host.InFlight is [var name] && !name.Contains("no endpoint"), "the request arrives");
        host.Signal();
        Assert.Equal(inDelay, (int)await Get(host, "/health/ready"));
        Assert.Equal(inDelay, (int)await Get(host, "/checks"));
        host.Process.Advance(10);
        Assert.Equal(afterDelay, (int)await Get(host, "/health/ready"));
        Assert.Equal(afterDelay, (int)await Get(host, "/checks"));
        release.SetResult();
        await host.EndAsync();
    }

    [Fact]
    public async Task ReadinessRunsTheChecksTaggedReadyAndLivenessRunsNone()
    {
        await using DrainHost host = await DrainHost.StartWebAsync(
            build: b => b.Services.AddHealthChecks()
                .AddCheck("db", () => Microsoft.Extensions.Diagnostics.HealthChecks.HealthCheckResult.Unhealthy(), ["ready"])
                .AddCheck("other", () => throw new InvalidOperationException("must not run"), ["other"]),
            map: MapAll);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, await Get(host, "/health/ready"));
        Assert.Equal(HttpStatusCode.OK, await Get(host, "/health/live"));
    }

    [Fact]
    public async Task TheDrainTokenFiresWhenStreamsAreAskedToEnd()
    {
        CancellationToken token = default;
        await using DrainHost host = await DrainHost.StartWebAsync(map: app => app.MapGet("/events", async (HttpContext context) =>
        {
            token = context.GetDrainToken();
            Assert.Equal(token, context.GetDrainToken());
            try { await Task.Delay(Timeout.Infinite, token); }
            catch (OperationCanceledException) when (!context.RequestAborted.IsCancellationRequested) { await context.Response.WriteAsync("bye"); }
        }));
        Task<string> events = _client.GetStringAsync(host.Url + "/events");
        await Eventually.IsTrue(() => token.CanBeCanceled, "the stream begins");
        host.Signal();
        Assert.False(token.IsCancellationRequested);
        host.Process.Advance(10);
        Assert.Equal("bye", await events);
        await host.EndAsync();
        Assert.Equal(0, host.Process.ExitCode);
    }

    [Fact]
    public async Task TheDrainTokenFiresWhenTheClientLeaves()
    {
        CancellationToken token = default;
        await using DrainHost host = await DrainHost.StartWebAsync(map: app => app.MapGet("/events", async (HttpContext context) =>
        {
            token = context.GetDrainToken();
            await Task.Delay(Timeout.Infinite, token).ContinueWith(_ => { }, TaskScheduler.Default);
        }));
        using var leave = new CancellationTokenSource();
        Task<string> events = _client.GetStringAsync(host.Url + "/events", leave.Token);
        await Eventually.IsTrue(() => token.CanBeCanceled, "the stream begins");
        await leave.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => events);
        await Eventually.IsTrue(() => token.IsCancellationRequested, "the token fires");
    }

    [Fact]
    public async Task APatternMappedTwiceIsAnErrorThatNamesIt()
    {
        InvalidOperationException? error = null;
        await using DrainHost host = await DrainHost.StartWebAsync(map: app =>
        {
            app.MapReadiness("/health");
            error = Assert.Throws<InvalidOperationException>(() => app.MapLiveness("health/"));
            app.MapGroup("/other").MapLiveness("/health");
        });
        Assert.Contains("health", error!.Message);
        Assert.Equal(HttpStatusCode.OK, await Get(host, "/other/health"));
    }

    [Fact]
    public void ProbesWithoutTheDrainSequenceAreAnErrorThatNamesTheCall()
    {
        WebApplication app = WebApplication.CreateSlimBuilder().Build();
        Assert.Contains("AddGracefulShutdown", Assert.Throws<InvalidOperationException>(() => app.MapReadiness()).Message);
    }

    private static void MapAll(WebApplication app)
    {
        app.MapReadiness();
        app.MapLiveness();
        app.MapGet("/hello", () => "hello");
    }

    private static bool Refuses(string url)
    {
        try
        {
            using var socket = new System.Net.Sockets.TcpClient("127.0.0.1", new Uri(url).Port);
            return false;
        }
        catch (System.Net.Sockets.SocketException)
        {
            return true;
        }
    }

    private async Task<HttpStatusCode> Get(DrainHost host, string path)
    {
        using HttpResponseMessage response = await _client.GetAsync(host.Url + path);
        return response.StatusCode;
    }
}

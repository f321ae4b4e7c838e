using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Grpc.Core;
using Grpc.Net.Client;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using ShutdownAnalyzers.Runtime;
using ShutdownAnalyzers.Runtime.Tests;
using ShutdownAnalyzers.TestSupport;
using Xunit;

namespace ShutdownAnalyzers.Http3;

/// <summary>The drain of one host on Kestrel's HTTP/3, phase by phase. Each check returns what was seen.</summary>
internal static class DrainChecks
{
    public static async Task<string> InFlightAsync()
    {
        var release = new TaskCompletionSource();
        await using var host = await StartAsync(map: app => app.MapGet("/held", async () => { await release.Task; return "done"; }));
        using var client = Clients.Http3(host.Url);
        var held = client.GetAsync("/held");
        await BeginsAsync(host, "GET /held");
        host.Signal();
        host.Process.Advance(10);
        await Eventually.IsTrue(() => host.Phase == DrainPhase.Stop, "the stop begins");
        var inFlight = Assert.Single(host.InFlight);
        release.SetResult();
        using var answer = await held;
        Assert.Equal((HttpStatusCode.OK, HttpVersion.Version30), (answer.StatusCode, answer.Version));
        return $"{inFlight}, then {(int)answer.StatusCode} over HTTP/{answer.Version}; {await ReportAsync(host, 0)}";
    }

    public static async Task<string> CutOffAsync()
    {
        await using var host = await StartAsync(map: app => app.MapGet("/held", (HttpContext context) => Task.Delay(Timeout.Infinite, context.RequestAborted)));
        using var client = Clients.Http3(host.Url);
        var held = client.GetAsync("/held");
        await BeginsAsync(host, "GET /held");
        host.Signal();
        await OutOfTimeAsync(host, held);
        var lost = await Assert.ThrowsAsync<HttpRequestException>(() => held);
        var report = await ReportAsync(host, ShutdownExitCodes.WorkAborted);
        Assert.Contains("Aborted: GET /held", report);
        return $"{lost.HttpRequestError}; {report}";
    }

    public static async Task<string> DelayAsync()
    {
        // Long, so that its last moment but one is as good as its end: every request has its connection asked to close.
        await using var host = await StartAsync(options => options.DrainDelay = TimeSpan.FromSeconds(80_000));
        using var client = Clients.Http3(host.Url);
        var first = await client.GetStringAsync("/id");
        host.Signal();
        Assert.Equal(first, await client.GetStringAsync("/id"));
        host.Process.Advance(40_000);
        host.Process.Advance(39_999.4);
        HashSet<string> connections = [];
        for (var number = 0; number < 50; number++)
        {
            using var answer = number % 2 == 0 ? await client.GetAsync("/id") : await client.PostAsync("/id", new StringContent("order"));
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
            connections.Add(await answer.Content.ReadAsStringAsync());
            // For the GOAWAY to arrive: HttpClient does not repeat a POST that crosses with it.
            await Task.Delay(50);
        }

        Assert.True(connections.Count > 45, $"50 requests came on {connections.Count} connections");
        host.Process.Advance(1);
        return $"50 requests on {connections.Count} connections; {await ReportAsync(host, 0)}";
    }

    public static async Task<string> RefuseAsync()
    {
        var release = new TaskCompletionSource();
        await using var host = await StartAsync(options => options.LateRequests = LateRequests.Refuse, app => app.MapGet("/held", async () => { await release.Task; return "done"; }));
        using var client = Clients.Http3(host.Url);
        var held = client.GetAsync("/held");
        await BeginsAsync(host, "GET /held");
        host.Signal();
        host.Process.Advance(10);
        await Eventually.IsTrue(() => host.Phase == DrainPhase.Refuse, "late requests are refused");
        using var newcomer = Clients.Http3(host.Url);
        using var late = await newcomer.GetAsync("/id");
        Assert.Equal(HttpStatusCode.ServiceUnavailable, late.StatusCode);
        Assert.NotNull(late.Headers.RetryAfter);
        release.SetResult();
        Assert.Equal(HttpStatusCode.OK, (await held).StatusCode);
        return $"{(int)late.StatusCode}, Retry-After: {late.Headers.RetryAfter}; {await ReportAsync(host, 0)}";
    }

    public static async Task<string> LastCallAsync()
    {
        await using var host = await StartAsync();
        using var client = Clients.Http3(host.Url);
        await client.GetStringAsync("/id");
        host.Signal();
        host.Process.Advance(9.6);
        using var tcp = new Socket(SocketType.Stream, ProtocolType.Tcp);
        Assert.Equal(SocketError.ConnectionRefused, (await Assert.ThrowsAsync<SocketException>(() => tcp.ConnectAsync(IPAddress.Loopback, new Uri(host.Url).Port))).SocketErrorCode);
        Assert.NotEmpty(await client.GetStringAsync("/id"));
        using var newcomer = Clients.Http3(host.Url);
        Assert.NotEmpty(await newcomer.GetStringAsync("/id"));
        Assert.DoesNotContain(host.Logs.Lines, line => line.Text.Contains("shut to newcomers", StringComparison.Ordinal));
        host.Process.Advance(1);
        return $"TCP refused, QUIC served; {await ReportAsync(host, 0)}";
    }

    public static async Task<string> StopAsync()
    {
        var release = new TaskCompletionSource();
        await using var host = await StartAsync(map: app => app.MapGet("/held", async () => { await release.Task; return "done"; }));
        using var client = Clients.Http3(host.Url);
        using var idle = Clients.Http3(host.Url);
        await idle.GetStringAsync("/id");
        var held = client.GetStringAsync("/held");
        await BeginsAsync(host, "GET /held");
        host.Signal();
        host.Process.Advance(10);
        await Eventually.IsTrue(() => host.Phase == DrainPhase.Stop, "the stop begins");
        using var newcomer = Clients.Http3(host.Url);
        var refusals = await Task.WhenAll(RefusalAsync(idle), RefusalAsync(newcomer));
        Assert.False(held.IsCompleted);
        release.SetResult();
        Assert.Equal("done", await held);
        return $"the idle client got {refusals[0]}, a newcomer {refusals[1]}, the request in flight its answer; {await ReportAsync(host, 0)}";

        static async Task<string> RefusalAsync(HttpClient other)
        {
            var clock = Stopwatch.StartNew();
            while (true)
            {
                try
                {
                    await other.GetStringAsync("/id");
                }
                catch (HttpRequestException e)
                {
                    return $"{e.HttpRequestError} ({e.Message}) in {clock.ElapsedMilliseconds} ms";
                }
            }
        }
    }

    public static async Task<string> EventStreamAsync()
    {
        await using var host = await StartAsync(map: app => app.MapGet("/events", async (HttpContext context) =>
        {
            var drain = context.GetDrainToken();
            context.Response.ContentType = "text/event-stream";
            await context.Response.WriteAsync("data: 1\n\n", drain);
            await Task.Delay(Timeout.Infinite, drain);
        }));
        using var client = Clients.Http3(host.Url);
        client.DefaultRequestHeaders.Accept.ParseAdd("text/event-stream");
        using var answer = await client.GetAsync("/events", HttpCompletionOption.ResponseHeadersRead);
        await BeginsAsync(host, "GET /events");
        host.Signal();
        host.Process.Advance(5);
        host.Process.Advance(4.9999);
        var text = await answer.Content.ReadAsStringAsync();
        Assert.Matches("^data: 1\n\nretry: [0-9]+\n\n$", text);
        host.Process.Advance(1);
        return $"'{text.Trim().ReplaceLineEndings(" ")}'; {await ReportAsync(host, 0)}";
    }

    public static async Task<string> GrpcAsync()
    {
        await using var host = await StartAsync(map: app => app.MapGrpcService<GrpcStreamTests.FeedService>(), build: services => services.AddGrpc());
        using var channel = GrpcChannel.ForAddress(host.Url, new GrpcChannelOptions { HttpHandler = Clients.Handler(), DisposeHttpClient = true, HttpVersion = HttpVersion.Version30, HttpVersionPolicy = HttpVersionPolicy.RequestVersionExact });
        var client = new Feed.FeedClient(channel);
        using var asked = client.Watch(new Word { Text = "drain token, cancelled" });
        using var unaware = client.Watch(new Word { Text = "context token, cancelled" });
        Assert.True(await asked.ResponseStream.MoveNext(CancellationToken.None));
        Assert.True(await unaware.ResponseStream.MoveNext(CancellationToken.None));
        host.Signal();
        var ending = EndAsync(asked);
        var cutting = EndAsync(unaware);
        await OutOfTimeAsync(host, cutting);
        var (ended, cut) = (await ending, await cutting);
        Assert.Equal(StatusCode.Unavailable, ended);
        // Kestrel closes the connection behind its last stream, and what the client has not read of that by then is gone.
        Assert.True(cut is StatusCode.Unavailable or StatusCode.Internal, $"cut off with {cut}");
        return $"{ended} and {cut}; {await ReportAsync(host, ShutdownExitCodes.WorkAborted)}";

        static async Task<StatusCode> EndAsync(AsyncServerStreamingCall<Word> call)
        {
            while (true)
            {
                var next = call.ResponseStream.MoveNext(CancellationToken.None).WaitAsync(Eventually.Patience);
                try
                {
                    if (!await next)
                        return StatusCode.OK;
                }
                catch (RpcException e)
                {
                    return e.StatusCode;
                }
            }
        }
    }

    private static Task<DrainHost> StartAsync(Action<GracefulShutdownOptions>? configure = null, Action<WebApplication>? map = null, Action<IServiceCollection>? build = null) => DrainHost.StartWebAsync(
        configure,
        builder =>
        {
            builder.WebHost.UseKestrelHttpsConfiguration().UseQuic();
            // A port of its own: with a dynamic one Kestrel leaves HTTP/3 out.
            builder.WebHost.ConfigureKestrel(kestrel => kestrel.ListenLocal(LoopbackPort.Take()));
            build?.Invoke(builder.Services);
        },
        app =>
        {
            app.MapMethods("/id", ["GET", "POST"], (HttpContext context) => context.Connection.Id);
            map?.Invoke(app);
        });

    private static void ListenLocal(this KestrelServerOptions kestrel, int port) => kestrel.Listen(IPAddress.Loopback, port, endpoint =>
    {
        endpoint.Protocols = HttpProtocols.Http1AndHttp2AndHttp3;
        endpoint.UseHttps(Clients.CreateCertificate());
    });

    private static Task BeginsAsync(DrainHost host, string request) => Eventually.IsTrue(() => host.InFlight.SequenceEqual([request]), $"{request} begins");

    /// <summary>Until the task is complete, at the pace of a real clock: the last words of what is cut off take real time.</summary>
    private static async Task OutOfTimeAsync(DrainHost host, Task cut)
    {
        host.Process.Advance(5);
        host.Process.Advance(5);
        await Eventually.IsTrue(() => host.Phase == DrainPhase.Stop, "the stop begins");
        for (var tenths = 0; tenths < 150 && !cut.IsCompleted; tenths++)
        {
            host.Process.Advance(0.1);
            await Task.WhenAny(cut, Task.Delay(100));
        }
    }

    private static async Task<string> ReportAsync(DrainHost host, int exitCode)
    {
        await host.EndAsync();
        Assert.Equal(exitCode, host.Process.ExitCode);
        return (string)Assert.Single(host.Logs.Reports)["Report"]!;
    }
}

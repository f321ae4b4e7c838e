using System.Net;
using System.Net.WebSockets;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.SignalR;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace ShutdownAnalyzers.Runtime.Tests;

/// <summary>Connections and streams in the Shed phase and after it.</summary>
public sealed class ShedTests : IDisposable
{
    private readonly HttpClient _client = new();

    public void Dispose() => _client.Dispose();

    [Fact]
    public async Task ConnectionsAreAskedToCloseTheMoreTheLaterItIs()
    {
        // Long, so that its last moment but one, after which nobody comes in any more, is as good as its end.
        await using DrainHost host = await DrainHost.StartWebAsync(LongDelay, map: app => app.MapGet("/hello", () => "hello"));
        host.Signal();
        Assert.Equal(0, await Closes(20));
        host.Process.Advance(40_000);
        Assert.Equal(0, await Closes(20));
        host.Process.Advance(20_000);
        int middle = await Closes(100);
        Assert.InRange(middle, 25, 75);
        host.Process.Advance(19_999.4);
        Assert.Equal(20, await Closes(20));
        RequestCounts counts = host.Services.GetRequiredService<IRequestDrain>().Counts;
        Assert.Equal(160, counts.ServedInDelay);
        Assert.Equal(20 + middle, counts.ClosesAsked);

        async Task<int> Closes(int requests)
        {
            int closes = 0;
            for (int i = 0; i < requests; i++)
            {
                using HttpResponseMessage response = await _client.GetAsync(host.Url + "/hello");
                Assert.Equal(HttpStatusCode.OK, response.StatusCode);
                if (response.Headers.ConnectionClose == true) closes++;
            }

            return closes;
        }
    }

    [Fact]
    public async Task Http2ConnectionsAreToldToGoAndTheRequestStillEnds()
    {
        await using DrainHost host = await DrainHost.StartWebAsync(
            LongDelay,
            b => b.WebHost.ConfigureKestrel(k => k.ConfigureEndpointDefaults(e => e.Protocols = Microsoft.AspNetCore.Server.Kestrel.Core.HttpProtocols.Http2)),
            app => app.MapGet("/id", (HttpContext context) => context.Connection.Id));
        _client.DefaultRequestVersion = HttpVersion.Version20;
        _client.DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact;
        string first = await _client.GetStringAsync(host.Url + "/id");
        Assert.Equal(first, await _client.GetStringAsync(host.Url + "/id"));
        host.Signal();
        host.Process.Advance(40_000);
        host.Process.Advance(39_999.4);
        Assert.Equal(first, await _client.GetStringAsync(host.Url + "/id"));
        Assert.NotEqual(first, await _client.GetStringAsync(host.Url + "/id"));
    }

    [Fact]
    public async Task NewStreamsAreRefusedFromShedOn()
    {
        await using DrainHost host = await DrainHost.StartWebAsync(
            build: b => b.Services.AddSignalR(),
            map: app =>
            {
                app.MapGet("/poll", [LongRunning] () => "long");
                app.MapHub<EmptyHub>("/hub");
                app.MapGet("/plain", () => "plain");
            });
        host.Signal();
        Assert.Equal("200 200 200", await AskAll());
        host.Process.Advance(5);
        Assert.Equal("503 503 200", await AskAll());

        using var grpc = new HttpRequestMessage(HttpMethod.Get, host.Url + "/poll") { Content = new ByteArrayContent([]) };
        grpc.Content.Headers.ContentType = new("application/grpc");
        using HttpResponseMessage answer = await _client.SendAsync(grpc);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal("14", Assert.Single(answer.Headers.GetValues("grpc-status")));

        async Task<string> AskAll()
        {
            int[] statuses =
            [
                (int)(await _client.GetAsync(host.Url + "/poll")).StatusCode,
                (int)(await _client.PostAsync(host.Url + "/hub/negotiate?negotiateVersion=1", null)).StatusCode,
                (int)(await _client.GetAsync(host.Url + "/plain")).StatusCode,
            ];
            return string.Join(' ', statuses);
        }
    }

    /// <summary>An EventSource gives up for good at any status but 200; at the end of a stream it connects anew.</summary>
    [Theory]
    [InlineData(null)]
    [InlineData("https://shop.example")]
    public async Task AnEventSourceIsSentElsewhereFromShedOn(string? origin)
    {
        int served = 0;
        await using DrainHost host = await DrainHost.StartWebAsync(map: app => app.MapGet("/events", () => $"event {Interlocked.Increment(ref served)}"));
        host.Signal();
        Assert.Equal("event 1", await (await Ask()).Content.ReadAsStringAsync());
        host.Process.Advance(5);
        using HttpResponseMessage answer = await Ask();
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal("text/event-stream", answer.Content.Headers.ContentType!.MediaType);
        Assert.Matches("^retry: [0-9]+\n\n$", await answer.Content.ReadAsStringAsync());
        Assert.True(answer.Headers.ConnectionClose);
        Assert.Equal(origin is not null, answer.Headers.TryGetValues("Access-Control-Allow-Origin", out IEnumerable<string>? allowed));
        if (origin is not null) Assert.Equal([origin], allowed);
        Assert.Equal(1, served);
        Assert.Equal(1, host.Services.GetRequiredService<IRequestDrain>().Counts.Refused);

        async Task<HttpResponseMessage> Ask()
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, host.Url + "/events");
            request.Headers.Accept.ParseAdd("text/event-stream");
            if (origin is not null) request.Headers.Add("Origin", origin);
            return await _client.SendAsync(request);
        }
    }

    /// <summary>Who takes an event stream as one form of an answer (a streamed completion, a call of MCP) has asked for something, and gets it.</summary>
    [Theory]
    [InlineData("POST", "text/event-stream")]
    [InlineData("POST", "application/json, text/event-stream")]
    [InlineData("GET", "application/json, text/event-stream")]
    public async Task AnAnswerThatMayBeAnEventStreamIsServedUntilTheDelayIsOver(string method, string accept)
    {
        await using DrainHost host = await DrainHost.StartWebAsync(map: app => app.Map("/answer", () => "42"));
        host.Signal();
        host.Process.Advance(9.4);
        using var request = new HttpRequestMessage(new HttpMethod(method), host.Url + "/answer");
        request.Headers.TryAddWithoutValidation("Accept", accept);
        using HttpResponseMessage answer = await _client.SendAsync(request);
        Assert.Equal("42", await answer.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task StreamsAreAskedToEndSpreadOverThePhase()
    {
        int ended = 0, begun = 0;
        await using DrainHost host = await DrainHost.StartWebAsync(map: app => app.MapGet("/events", async (HttpContext context) =>
        {
            CancellationToken token = context.GetDrainToken();
            Interlocked.Increment(ref begun);
            await Task.Delay(Timeout.Infinite, token).ContinueWith(_ => { }, TaskScheduler.Default);
            Interlocked.Increment(ref ended);
        }));
        Task<string>[] streams = [.. Enumerable.Range(0, 10).Select(_ => _client.GetStringAsync(host.Url + "/events"))];
        await Eventually.IsTrue(() => begun == 10, "the streams begin");
        host.Signal();
        host.Process.Advance(5);
        Assert.Equal(0, ended);
        for (int asked = 2; asked <= 8; asked += 2)
        {
            host.Process.Advance(1);
            Assert.Equal(asked, host.Services.GetRequiredService<IRequestDrain>().Counts.StreamsAsked);
            await Eventually.IsTrue(() => ended == asked, $"{asked} streams end");
        }

        host.Process.Advance(1);
        await Task.WhenAll(streams);
        await host.EndAsync();
        Assert.Equal(0, host.Process.ExitCode);
    }

    [Fact]
    public async Task AnEventStreamThatIsAskedToEndTellsItsClientHowLongToWait()
    {
        bool begun = false;
        await using DrainHost host = await DrainHost.StartWebAsync(map: app => app.MapGet("/events", async (HttpContext context) =>
        {
            context.Response.ContentType = "text/event-stream";
            await context.Response.WriteAsync("data: 1\n\n");
            CancellationToken token = context.GetDrainToken();
            begun = true;
            await Task.Delay(Timeout.Infinite, token).ContinueWith(_ => { }, TaskScheduler.Default);
        }));
        using var request = new HttpRequestMessage(HttpMethod.Get, host.Url + "/events");
        request.Headers.Accept.ParseAdd("text/event-stream");
        Task<HttpResponseMessage> response = _client.SendAsync(request);
        await Eventually.IsTrue(() => begun, "the stream begins");
        host.Application.StopApplication();
        Assert.Matches("^data: 1\n\nretry: [0-9]+\n\n$", await (await response).Content.ReadAsStringAsync());
        await host.EndAsync();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task AWebSocketGetsACloseFrameAndItsLoopEndsByTheAnswer(bool compressed)
    {
        bool ended = false;
        await using DrainHost host = await DrainHost.StartWebAsync(map: app =>
        {
            app.UseWebSockets();
            app.Map("/socket", async (HttpContext context) =>
            {
                // As people write it: the loop knows of no shutdown at all.
                using WebSocket socket = await context.WebSockets.AcceptWebSocketAsync(new WebSocketAcceptContext { DangerousEnableCompression = compressed });
                var buffer = new byte[70_000];
                while (true)
                {
                    WebSocketReceiveResult result = await socket.ReceiveAsync(buffer, CancellationToken.None);
                    if (result.MessageType == WebSocketMessageType.Close) break;
                    await socket.SendAsync(buffer.AsMemory(0, result.Count), result.MessageType, result.EndOfMessage, CancellationToken.None);
                }

                await socket.CloseAsync(WebSocketCloseStatus.NormalClosure, null, CancellationToken.None);
                ended = true;
            });
        });
        using var socket = new ClientWebSocket();
        if (compressed) socket.Options.DangerousDeflateOptions = new WebSocketDeflateOptions();
        await socket.ConnectAsync(new Uri(host.Url.Replace("http", "ws", StringComparison.Ordinal) + "/socket"), CancellationToken.None);
        await Echo(1);
        await Echo(200);
        await Echo(66_000);

        host.Signal();
        host.Process.Advance(4.9);
        await Echo(10);
        host.Process.Advance(0.1);
        host.Process.Advance(4.9999);
        WebSocketReceiveResult close = await socket.ReceiveAsync(new byte[10], CancellationToken.None).WaitAsync(Eventually.Patience);
        Assert.Equal(WebSocketMessageType.Close, close.MessageType);
        Assert.Equal(WebSocketCloseStatus.EndpointUnavailable, close.CloseStatus);
        await socket.CloseAsync(WebSocketCloseStatus.NormalClosure, null, CancellationToken.None);
        await Eventually.IsTrue(() => ended, "the loop ends");
        host.Process.Advance(1);
        await host.EndAsync();
        Assert.Equal(0, host.Process.ExitCode);

        async Task Echo(int length)
        {
            var message = new byte[length];
            Random.Shared.NextBytes(message);
            await socket.SendAsync(message, WebSocketMessageType.Binary, true, CancellationToken.None);
            using var received = new MemoryStream();
            var buffer = new byte[70_000];
            WebSocketReceiveResult result;
            do
            {
                result = await socket.ReceiveAsync(buffer, CancellationToken.None).WaitAsync(Eventually.Patience);
                received.Write(buffer, 0, result.Count);
            }
            while (!result.EndOfMessage);
            Assert.Equal(message, received.ToArray());
        }
    }

    [Fact]
    public async Task StreamsThatOutstayTheirOwnTimeAreAbortedAheadOfTheRequests()
    {
        var release = new TaskCompletionSource();
        int begun = 0;
        await using DrainHost host = await DrainHost.StartWebAsync(
            options => options.StreamTimeout = TimeSpan.FromSeconds(3),
            map: app =>
            {
                app.MapGet("/poll", [LongRunning] async (HttpContext context) =>
                {
                    Interlocked.Increment(ref begun);
                    await Task.Delay(Timeout.Infinite, context.RequestAborted).ContinueWith(_ => { }, TaskScheduler.Default);
                });
                app.MapGet("/held", async () =>
                {
                    Interlocked.Increment(ref begun);
                    await release.Task;
                    return "done";
                });
            });
        Task<string> poll = _client.GetStringAsync(host.Url + "/poll");
        Task<string> held = _client.GetStringAsync(host.Url + "/held");
        await Eventually.IsTrue(() => begun == 2, "both begin");
        host.Application.StopApplication();
        host.Process.Advance(2.9);
        Assert.False(poll.IsCompleted);
        host.Process.Advance(0.1);
        await Assert.ThrowsAsync<HttpRequestException>(() => poll);
        Assert.False(held.IsCompleted);
        release.SetResult();
        Assert.Equal("done", await held);
        await host.EndAsync();
        Assert.Equal(ShutdownExitCodes.WorkAborted, host.Process.ExitCode);
        Assert.Contains(host.Logs.Ours(LogLevel.Error), l => l.Contains("Aborted: GET /poll"));
    }

    private static void LongDelay(GracefulShutdownOptions options) => options.DrainDelay = TimeSpan.FromSeconds(80_000);

    private sealed class EmptyHub : Hub;
}

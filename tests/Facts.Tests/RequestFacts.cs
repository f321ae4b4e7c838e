using System.Diagnostics;
using System.Net.Sockets;
using System.Net.WebSockets;
using static ShutdownAnalyzers.Facts.Tests.Scenario;

namespace ShutdownAnalyzers.Facts.Tests;

/// <summary>Section 9: requests at the stop of a stock host.</summary>
public sealed class RequestFacts
{
    [Fact]
    [Shows("9.1, 9.2", "New connections are refused at once while the request in flight is still served", "SHUT101")]
    public async Task NewConnectionsAreRefused()
    {
        await using var process = Start("InFlight");
        var address = await process.AddressAsync();
        var request = await InFlightAsync(process, address, 3000);

        process.Signal();
        await process.LineAsync("Application is shutting down");
        await Task.Delay(500);

        var refused = await Assert.ThrowsAsync<HttpRequestException>(() => GetAsync(address, "/slow/0"));
        Assert.Equal(SocketError.ConnectionRefused, Assert.IsType<SocketException>(refused.InnerException).SocketErrorCode);
        Assert.Equal("slow", await request);
        Assert.Equal(0, await process.ExitAsync());
    }

    [Fact]
    [Shows("9.4", "Server-sent events that watch RequestAborted alone hold the stop for the whole timeout, then the connection is reset", "SHUT501")]
    public async Task AStreamOnRequestAbortedHoldsTheStop()
    {
        await using var process = Start("EventStream", "aborted");
        using var client = new HttpClient { BaseAddress = await process.AddressAsync() };
        using var stream = new StreamReader(await client.GetStreamAsync("/events"));
        Assert.Equal("data: tick", await stream.ReadLineAsync());
        var clock = Stopwatch.StartNew();

        process.Signal();

        await Assert.ThrowsAnyAsync<IOException>(stream.ReadToEndAsync);
        Assert.Equal(0, await process.ExitAsync());
        Assert.InRange(clock.Elapsed.TotalSeconds, 1.8, 20);
    }

    [Fact]
    [Shows("9.4", "A stream that is linked to ApplicationStopping ends at once and cleanly", "SHUT501")]
    public async Task ALinkedStreamEndsCleanly()
    {
        await using var process = Start("EventStream", "linked");
        using var client = new HttpClient { BaseAddress = await process.AddressAsync() };
        using var stream = new StreamReader(await client.GetStreamAsync("/events"));
        Assert.Equal("data: tick", await stream.ReadLineAsync());
        var clock = Stopwatch.StartNew();

        process.Signal();

        await stream.ReadToEndAsync();
        Assert.Equal(0, await process.ExitAsync());
        Assert.InRange(clock.Elapsed.TotalSeconds, 0, 15);
        Assert.Contains("stream ends, aborted False", process.Output);
    }

    [Fact]
    [Shows("9.5", "A WebSocket whose loop watches RequestAborted alone holds the stop for the whole timeout, then breaks without a close frame", "SHUT501")]
    public async Task AWebSocketOnRequestAbortedHoldsTheStop()
    {
        await using var process = Start("WebSocketLoop", "aborted");
        using var socket = await ConnectAsync(process);
        var clock = Stopwatch.StartNew();

        process.Signal();

        var broken = await Assert.ThrowsAsync<WebSocketException>(() => socket.ReceiveAsync(new byte[16], CancellationToken.None));
        Assert.Equal(WebSocketError.ConnectionClosedPrematurely, broken.WebSocketErrorCode);
        Assert.Equal(0, await process.ExitAsync());
        Assert.InRange(clock.Elapsed.TotalSeconds, 1.8, 20);
    }

    [Fact]
    [Shows("9.5", "A WebSocket that is closed at ApplicationStopping tells its client, and the stop goes on once that answers", "SHUT501")]
    public async Task AClosedWebSocketTellsItsClient()
    {
        await using var process = Start("WebSocketLoop", "closes");
        using var socket = await ConnectAsync(process);
        var clock = Stopwatch.StartNew();

        process.Signal();

        var close = await socket.ReceiveAsync(new byte[16], CancellationToken.None);
        Assert.Equal(WebSocketCloseStatus.EndpointUnavailable, close.CloseStatus);
        await socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, CancellationToken.None);
        Assert.Equal(0, await process.ExitAsync());
        Assert.InRange(clock.Elapsed.TotalSeconds, 0, 15);
    }

    private static async Task<ClientWebSocket> ConnectAsync(TestSupport.ServiceProcess process)
    {
        var address = await process.AddressAsync();
        var socket = new ClientWebSocket();
        await socket.ConnectAsync(new UriBuilder(address) { Scheme = "ws", Path = "/socket" }.Uri, CancellationToken.None);
        await process.LineAsync("connected");
        return socket;
    }
}

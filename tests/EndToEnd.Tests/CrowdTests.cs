using System.Globalization;
using System.Net;
using System.Net.WebSockets;
using ShutdownAnalyzers.TestSupport;

namespace ShutdownAnalyzers.EndToEnd.Tests;

/// <summary>Everything at once, and much of it.</summary>
[Collection(UnderLoad.Name)]
public sealed class CrowdTests
{
    /// <summary>On connections of a hundred requests each, so that no limit on open files is met.</summary>
    [Fact]
    public async Task TenThousandRequestsInFlightAreAllAnswered()
    {
        const int Requests = 10_000;
        await using var shop = await Shop.StartHttp2Async("minimal", TimeSpan.FromSeconds(1), new Dictionary<string, string> { ["GracefulShutdown__RequestTimeout"] = "40" });
        using var client = new HttpClient(new SocketsHttpHandler { EnableMultipleHttp2Connections = true, UseProxy = false })
        {
            BaseAddress = shop.Address,
            DefaultRequestVersion = HttpVersion.Version20,
            DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Timeout = TimeSpan.FromMinutes(1),
        };
        var held = Enumerable.Range(0, Requests).Select(_ => client.GetStringAsync("/held")).ToArray();
        await Until.TrueAsync(
            async () => int.Parse(await (await shop.GetAsync("/held/count")).Content.ReadAsStringAsync(), CultureInfo.InvariantCulture) == Requests, "all requests are in flight");

        await shop.StopAsync();
        await shop.RefusedAsync();
        Assert.Contains(held, request => !request.IsCompleted);

        Assert.All(await Task.WhenAll(held), answer => Assert.Equal("held", answer));
        Assert.Equal(0, await shop.Process.ExitAsync());
        Assert.Contains("exit code 0", shop.Process.Output);
    }

    [Fact]
    public async Task AThousandWebSocketsAllGetACloseFrame()
    {
        const int Sockets = 1000;
        await using var shop = await Shop.StartAsync("minimal", TimeSpan.FromSeconds(4));
        var address = new UriBuilder(shop.Address) { Scheme = "ws", Path = "/socket" }.Uri;
        var sockets = new ClientWebSocket[Sockets];
        try
        {
            foreach (var batch in Enumerable.Range(0, Sockets).Chunk(50))
            {
                await Task.WhenAll(batch.Select(async number =>
                {
                    sockets[number] = new ClientWebSocket();
                    await sockets[number].ConnectAsync(address, CancellationToken.None);
                    await sockets[number].SendAsync("tea"u8.ToArray(), WebSocketMessageType.Text, true, CancellationToken.None);
                    Assert.Equal(3, (await sockets[number].ReceiveAsync(new byte[10], CancellationToken.None)).Count);
                }));
            }

            await shop.StopAsync();

            var statuses = await Task.WhenAll(sockets.Select(async socket =>
            {
                using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
                var received = await socket.ReceiveAsync(new byte[10], patience.Token);
                await socket.CloseAsync(WebSocketCloseStatus.NormalClosure, null, patience.Token);
                return received.CloseStatus;
            }));
            Assert.All(statuses, status => Assert.Equal(WebSocketCloseStatus.EndpointUnavailable, status));
            Assert.Equal(0, await shop.Process.ExitAsync());
        }
        finally
        {
            foreach (var socket in sockets)
                socket?.Dispose();
        }
    }
}

using System.Net;
using System.Net.Sockets;
using System.Text;

namespace ShutdownAnalyzers.EndToEnd.Tests;

/// <summary>Clients that do not do their part: none of them is lost by it, and none of them holds the process beyond its budget.</summary>
public sealed class StubbornClientTests
{
    private const int WorkAborted = 82;

    [Fact]
    public async Task ConnectionsThatNobodyClosesHoldNothingUp()
    {
        await using var shop = await Shop.StartAsync("minimal", TimeSpan.FromSeconds(1), new Dictionary<string, string> { ["GracefulShutdown__RequestTimeout"] = "60" });
        List<Socket> sockets = [];
        try
        {
            for (var i = 0; i < 40; i++)
            {
                var socket = await ConnectAsync(shop);
                sockets.Add(socket);
                if (i % 2 == 0)
                {
                    await SendAsync(socket, "GET /orders/7 HTTP/1.1\r\nHost: shop\r\n\r\n");
                    Assert.Contains("order 7", await ReceiveAsync(socket));
                }
            }

            shop.Process.Signal();

            // Far less than the time that requests have.
            Assert.Equal(0, await shop.Process.ExitAsync(TimeSpan.FromSeconds(30)));
        }
        finally
        {
            sockets.ForEach(socket => socket.Dispose());
        }
    }

    [Fact]
    public async Task AHalfSentRequestIsServedWhenItsRestComes()
    {
        await using var shop = await Shop.StartAsync("minimal", TimeSpan.FromSeconds(2));
        using var headers = await ConnectAsync(shop);
        using var body = await ConnectAsync(shop);
        await SendAsync(headers, "GET /orders/1 HTTP/1.1\r\nHost: sh");
        await SendAsync(body, "POST /orders HTTP/1.1\r\nHost: shop\r\nContent-Length: 4\r\n\r\nte");

        await shop.StopAsync();

        await SendAsync(headers, "op\r\n\r\n");
        Assert.Contains("order 1", await ReceiveAsync(headers));
        // The other one's request has begun: it is served even after the listener has closed.
        await shop.RefusedAsync();
        await SendAsync(body, "st");
        Assert.Contains("order test", await ReceiveAsync(body));
        Assert.Equal(0, await shop.Process.ExitAsync());
    }

    [Fact]
    public async Task ABodyThatNeverComesIsCutOffAndNamed()
    {
        await using var shop = await Shop.StartAsync("minimal", TimeSpan.Zero, new Dictionary<string, string> { ["GracefulShutdown__RequestTimeout"] = "2" });
        using var socket = await ConnectAsync(shop);
        await SendAsync(socket, "POST /orders HTTP/1.1\r\nHost: shop\r\nContent-Length: 4\r\n\r\nte");
        // One more behind it, answered: the first one has begun by then.
        using (await shop.GetAsync("/orders/7"))
            await shop.StopAsync();

        Assert.Equal(WorkAborted, await shop.Process.ExitAsync(TimeSpan.FromSeconds(30)));
        Assert.Contains("Aborted: POST /orders", shop.Process.Output);
    }

    [Fact]
    public async Task HeadersThatNeverEndAreNoRequest()
    {
        await using var shop = await Shop.StartAsync("minimal", TimeSpan.Zero, new Dictionary<string, string> { ["GracefulShutdown__RequestTimeout"] = "2" });
        using var socket = await ConnectAsync(shop);
        await SendAsync(socket, "GET /orders/1 HTTP/1.1\r\nHo");
        using (await shop.GetAsync("/orders/7"))
            await shop.StopAsync();

        Assert.Equal(0, await shop.Process.ExitAsync(TimeSpan.FromSeconds(30)));
    }

    private static async Task<Socket> ConnectAsync(Shop shop)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(IPAddress.Loopback, shop.Address.Port);
        return socket;
    }

    private static async Task SendAsync(Socket socket, string text) => await socket.SendAsync(Encoding.ASCII.GetBytes(text));

    private static async Task<string> ReceiveAsync(Socket socket)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        var buffer = new byte[4096];
        return Encoding.ASCII.GetString(buffer, 0, await socket.ReceiveAsync(buffer, patience.Token));
    }
}

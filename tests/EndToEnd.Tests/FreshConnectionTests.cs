using System.Net;
using System.Net.Sockets;
using System.Text;
using ShutdownAnalyzers.TestSupport;
using Xunit.Abstractions;

namespace ShutdownAnalyzers.EndToEnd.Tests;

/// <summary>
/// Clients that make a connection for each POST, as nginx does, straight to an instance that stops. One that the kernel has let in may hold a request that nobody repeats: it is served. The others are refused.
/// </summary>
[Collection(UnderLoad.Name)]
public sealed class FreshConnectionTests(ITestOutputHelper output)
{
    private const int Clients = 64;
    private const int Patience = 60_000;

    [SkippableFact]
    public async Task EachOneIsServedOrRefused()
    {
        Skip.IfNot(OperatingSystem.IsLinux(), "Only Linux's kernel refuses newcomers and keeps those who wait.");
        for (var round = 1; round <= 4; round++)
        {
            await using var shop = await Shop.StartAsync("minimal", TimeSpan.FromSeconds(2));
            var served = 0;
            var clients = Task.WhenAll(Enumerable.Range(0, Clients).Select(client => Task.Factory.StartNew(
                () =>
                {
                    for (var number = 0; Post(shop.Address.Port, $"{client}-{number}"); number++)
                        Interlocked.Increment(ref served);
                },
                TaskCreationOptions.LongRunning)));
            await Until.TrueAsync(() => clients.IsFaulted || Volatile.Read(ref served) >= 500, "500 requests are served");

            shop.Process.Signal();

            await clients;
            Assert.Equal(0, await shop.Process.ExitAsync());
            output.WriteLine($"{served} served, then {Clients} refused");
        }
    }

    /// <summary>Connects and sends in one breath, on a thread of its own: a client that takes its time over its first request is another matter.</summary>
    private static bool Post(int port, string id)
    {
        var request = Encoding.ASCII.GetBytes($"POST /orders HTTP/1.1\r\nHost: shop\r\nConnection: close\r\nContent-Length: {id.Length}\r\n\r\n{id}");
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true, ReceiveTimeout = Patience };
        try
        {
            socket.Connect(IPAddress.Loopback, port);
        }
        catch (SocketException e) when (e.SocketErrorCode == SocketError.ConnectionRefused)
        {
            return false;
        }

        socket.Send(request);
        using var answer = new StreamReader(new NetworkStream(socket), Encoding.ASCII);
        var text = answer.ReadToEnd();
        Assert.StartsWith("HTTP/1.1 201 ", text);
        Assert.EndsWith($"order {id}", text);
        return true;
    }
}

using System.Net.Sockets;
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

    [SkippableFact]
    public async Task EachOneIsServedOrRefused()
    {
        Skip.IfNot(OperatingSystem.IsLinux(), "Only Linux's kernel refuses newcomers and keeps those who wait.");
        for (var round = 1; round <= 4; round++)
        {
            await using var shop = await Shop.StartAsync("minimal", TimeSpan.FromSeconds(1));
            var served = 0;
            var clients = Task.WhenAll(Enumerable.Range(0, Clients).Select(client => Task.Run(async () =>
            {
                for (var number = 0; await PostAsync(shop.Address.Port, $"{client}-{number}"); number++)
                    Interlocked.Increment(ref served);
            })));
            await Until.TrueAsync(() => clients.IsFaulted || Volatile.Read(ref served) >= 500, "500 requests are served");

            shop.Process.Signal();

            await clients;
            Assert.Equal(0, await shop.Process.ExitAsync());
            output.WriteLine($"{served} served, then {Clients} refused");
        }
    }

    private static async Task<bool> PostAsync(int port, string id)
    {
        KeepAliveConnection connection;
        try
        {
            connection = await KeepAliveConnection.OpenAsync(port);
        }
        catch (SocketException e) when (e.SocketErrorCode == SocketError.ConnectionRefused)
        {
            return false;
        }

        using (connection)
        {
            var answer = await connection.SendAsync("POST", "/orders", id);
            Assert.InRange(answer.Status, 200, 299);
            Assert.Equal($"order {id}", answer.Body);
        }

        await Task.Delay(2);
        return true;
    }
}

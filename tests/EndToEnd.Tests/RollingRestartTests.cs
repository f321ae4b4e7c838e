using ShutdownAnalyzers.TestSupport;
using Xunit.Abstractions;

namespace ShutdownAnalyzers.EndToEnd.Tests;

/// <summary>Instances restarted one after the other under constant load.</summary>
[Collection(UnderLoad.Name)]
public sealed class RollingRestartTests(ITestOutputHelper output)
{
    private const int Clients = 12;

    [SkippableFact]
    public async Task BehindHaProxyNothingIsLost()
    {
        var result = await RestartAllAsync("minimal", rounds: 1);
        Assert.True(result.Lost.Count == 0, result.ToString());
    }

    /// <summary>The same with the stock host: that the check above can fail.</summary>
    [SkippableFact]
    public async Task BehindHaProxyTheStockHostLosesSome()
    {
        var result = await RestartAllAsync("stock", rounds: 2);
        Assert.True(result.Lost.Count > 0, result.ToString());
    }

    /// <summary>nginx asks no probe: it learns from refused connects alone, and sends those elsewhere by default. What counts is that nothing is cut off behind it.</summary>
    [SkippableFact]
    public async Task BehindNginxNothingIsLost()
    {
        int[] ports = [LoopbackPort.Take(), LoopbackPort.Take(), LoopbackPort.Take()];
        var shops = await Task.WhenAll(ports.Select(port => StartAsync("minimal", port)));
        try
        {
            await using var proxy = await Nginx.StartAsync(InstalledProgram.Find("nginx"), ports);
            await using var load = Load.Through(proxy.Port, Clients);
            await load.MoreAsync(200);
            for (var index = 0; index < shops.Length; index++)
            {
                shops[index].Process.Signal();
                Assert.Equal(0, await shops[index].Process.ExitAsync());
                await load.MoreAsync(100);
                await shops[index].DisposeAsync();
                shops[index] = await StartAsync("minimal", ports[index]);
                await load.MoreAsync(100);
            }

            var result = await load.StopAsync();
            output.WriteLine(result.ToString());
            Assert.True(result.Lost.Count == 0, $"{result}\n{proxy.Output}");
        }
        finally
        {
            foreach (var shop in shops)
                await shop.DisposeAsync();
        }
    }

    /// <summary>Clients that hold their connections to one instance, and know of a second one.</summary>
    [Fact]
    public async Task KeepAliveClientsMoveToTheNextInstanceAndLoseNothing()
    {
        await using var first = await Shop.StartAsync("minimal", TimeSpan.FromSeconds(2));
        await using var second = await Shop.StartAsync("minimal");
        await using var load = Load.Direct([first.Address.Port, second.Address.Port], Clients);
        await load.MoreAsync(200);

        await first.StopAsync();
        // During the delay the first one still serves those who have nowhere else to go.
        await load.MoreAsync(100);
        Assert.Equal(0, await first.Process.ExitAsync());
        await load.MoreAsync(200);

        var result = await load.StopAsync();
        output.WriteLine(result.ToString());
        Assert.True(result.Lost.Count == 0, result.ToString());
        Assert.Equal(Clients, result.Moved);
    }

    private async Task<LoadResult> RestartAllAsync(string form, int rounds)
    {
        int[] ports = [LoopbackPort.Take(), LoopbackPort.Take(), LoopbackPort.Take()];
        var shops = await Task.WhenAll(ports.Select(port => StartAsync(form, port)));
        try
        {
            await using var proxy = await HaProxy.StartAsync(InstalledProgram.Find("haproxy"), ports);
            await using var load = Load.Through(proxy.Port, Clients);
            await load.MoreAsync(200);
            for (var restart = 0; restart < rounds * shops.Length; restart++)
            {
                var index = restart % shops.Length;
                shops[index].Process.Signal();
                Assert.Equal(0, await shops[index].Process.ExitAsync());
                await proxy.StatusAsync(ports[index], "DOWN");
                await shops[index].DisposeAsync();
                shops[index] = await StartAsync(form, ports[index]);
                await proxy.StatusAsync(ports[index], "UP");
                await load.MoreAsync(100);
            }

            var result = await load.StopAsync();
            output.WriteLine($"{form}, {rounds * shops.Length} restarts: {result}");
            return result;
        }
        finally
        {
            foreach (var shop in shops)
                await shop.DisposeAsync();
        }
    }

    private static Task<Shop> StartAsync(string form, int port) => Shop.StartAsync(form, TimeSpan.FromSeconds(3), port: port);
}

using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using StackExchange.Redis;
using Xunit;

namespace Quiet.Shipping.UnitTests;

public sealed class HostTests
{
    [Fact]
    public async Task StartsWithAnInstance()
    {
        var builder = Host.CreateApplicationBuilder();
        var redis = ConnectionMultiplexer.Connect("localhost,abortConnect=false");
        builder.Services.AddSingleton<IConnectionMultiplexer>(redis);
        builder.Services.AddHostedService<Endless>();

        var host = builder.Build();
        await host.StartAsync();

        Assert.NotNull(host.Services.GetRequiredService<IConnectionMultiplexer>());
    }

    private sealed class Endless : BackgroundService
    {
        protected override async Task ExecuteAsync(CancellationToken stoppingToken)
        {
            while (true)
                await Task.Delay(1000);
        }
    }
}

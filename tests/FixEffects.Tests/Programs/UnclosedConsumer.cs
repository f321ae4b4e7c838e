using System.Collections.Concurrent;
using Confluent.Kafka;

var builder = WebApplication.CreateBuilder(args);
builder.AddGracefulShutdown();
builder.Services.AddHostedService<Orders>();

var app = builder.Build();
app.MapGet("/orders/{id}", (string id) => Orders.Seen.ContainsKey(id) ? Results.Ok() : Results.NotFound());
app.MapReadiness();
app.Run();

internal sealed class Orders(IConfiguration configuration) : BackgroundService
{
    public static ConcurrentDictionary<string, bool> Seen { get; } = new();

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => Task.Run(() => Read(stoppingToken), CancellationToken.None);

    private void Read(CancellationToken stoppingToken)
    {
        var config = new ConsumerConfig { BootstrapServers = configuration["Server"], GroupId = "shop", AutoOffsetReset = AutoOffsetReset.Earliest, AutoCommitIntervalMs = 60000 };
        using var consumer = new ConsumerBuilder<Ignore, string>(config).Build();
        consumer.Subscribe("orders");
        try
        {
            while (true)
                Seen[consumer.Consume(stoppingToken).Message.Value] = true;
        }
        catch (OperationCanceledException)
        {
        }
    }
}

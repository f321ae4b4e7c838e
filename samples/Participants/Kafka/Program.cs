using Confluent.Kafka;
using KafkaWorker;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

var builder = Host.CreateApplicationBuilder(args);
builder.AddGracefulShutdown();
var config = new ConsumerConfig { BootstrapServers = builder.Configuration.GetConnectionString("Kafka") ?? "localhost:9092", GroupId = "orders" };
builder.Services.AddSingleton(services => new KafkaConsumer(config, "orders", HandleAsync, services.GetRequiredService<ILogger<KafkaConsumer>>()));
builder.Services.AddHostedService(services => services.GetRequiredService<KafkaConsumer>());
builder.Services.AddDrainParticipant<KafkaConsumer>();
builder.Services.AddShutdownCleanup<KafkaConsumer>("Kafka", (consumer, _) =>
{
    consumer.Close();
    return ValueTask.CompletedTask;
});
builder.Build().Run();

static async Task HandleAsync(string order)
{
    Console.WriteLine($"order {order} begins");
    await Task.Delay(1500);
    Console.WriteLine($"order {order} ends");
}

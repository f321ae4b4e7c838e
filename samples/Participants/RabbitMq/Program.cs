using System.Text;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using RabbitMQ.Client;
using RabbitMqWorker;

var builder = Host.CreateApplicationBuilder(args);
builder.AddGracefulShutdown();
var factory = new ConnectionFactory { Uri = new Uri(builder.Configuration.GetConnectionString("RabbitMq") ?? "amqp://guest:guest@localhost") };
builder.Services.AddSingleton(services => new RabbitMqConsumer(factory, "orders", prefetch: 5, HandleAsync, services.GetRequiredService<ILogger<RabbitMqConsumer>>()));
builder.Services.AddHostedService(services => services.GetRequiredService<RabbitMqConsumer>());
builder.Services.AddDrainParticipant<RabbitMqConsumer>();
builder.Services.AddShutdownCleanup<RabbitMqConsumer>("RabbitMQ", (consumer, token) => consumer.CloseAsync(token), forced: (consumer, token) => consumer.AbortAsync(token));
builder.Build().Run();

static async Task HandleAsync(ReadOnlyMemory<byte> message)
{
    var order = Encoding.UTF8.GetString(message.Span);
    Console.WriteLine($"order {order} begins");
    await Task.Delay(1500);
    Console.WriteLine($"order {order} ends");
}

using Confluent.Kafka;

var builder = WebApplication.CreateBuilder(args);
builder.AddGracefulShutdown();
builder.Services.AddSingleton(_ =>
    new ProducerBuilder<Null, string>(new ProducerConfig { BootstrapServers = builder.Configuration["Server"], LingerMs = 30000 }).Build());

var app = builder.Build();
app.MapPost("/orders/{id}", (int id, IProducer<Null, string> producer) => producer.Produce("orders", new Message<Null, string> { Value = $"{id}" }));
app.MapReadiness();
app.Run();

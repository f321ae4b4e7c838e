using RabbitMQ.Client;

var builder = WebApplication.CreateBuilder(args);
builder.AddGracefulShutdown();

var connection = await new ConnectionFactory { Uri = new Uri(builder.Configuration["Server"]!) }.CreateConnectionAsync();

var app = builder.Build();
app.MapGet("/", () => connection.IsOpen);
app.MapReadiness();
app.Run();

using System.Text;
using RabbitMQ.Client;

var builder = WebApplication.CreateBuilder(args);
builder.AddGracefulShutdown();
builder.Services.AddSingleton<Mailer>();

var app = builder.Build();
app.MapPost("/orders/{id}", (int id, Mailer mailer) =>
{
    _ = Task.Run(() => mailer.ConfirmAsync(id));
    return Results.Accepted();
});
app.MapReadiness();
app.Run();

internal sealed class Mailer(IConfiguration configuration)
{
    public async Task ConfirmAsync(int order)
    {
        await Task.Delay(4000);
        await using var connection = await new ConnectionFactory { Uri = new Uri(configuration["Server"]!) }.CreateConnectionAsync();
        await using var channel = await connection.CreateChannelAsync();
        await channel.BasicPublishAsync("", "mails", Encoding.UTF8.GetBytes($"{order}"));
    }
}

using ChannelWorker;

var builder = WebApplication.CreateBuilder(args);
builder.AddGracefulShutdown();
builder.Services.AddSingleton(services => new ChannelQueue<Mail>(capacity: 100, SendAsync, services.GetRequiredService<ILogger<ChannelQueue<Mail>>>()));
builder.Services.AddHostedService(services => services.GetRequiredService<ChannelQueue<Mail>>());
builder.Services.AddDrainParticipant<ChannelQueue<Mail>>();

var app = builder.Build();
app.MapReadiness();
app.MapLiveness();
app.MapPost("/mails/{to}", async (string to, ChannelQueue<Mail> queue, CancellationToken token) =>
{
    await queue.EnqueueAsync(new Mail(to), token);
    return Results.Accepted();
});
app.Run();

static async Task SendAsync(Mail mail, CancellationToken token)
{
    Console.WriteLine($"mail to {mail.To} begins");
    await Task.Delay(700, token);
    Console.WriteLine($"mail to {mail.To} ends");
}

internal sealed record Mail(string To);

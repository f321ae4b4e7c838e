using Quiet.Chat;

var builder = WebApplication.CreateBuilder(args);
builder.Services.AddSignalR();
builder.AddGracefulShutdown();

var app = builder.Build();
app.MapReadiness();
app.MapLiveness();
app.MapHub<ChatHub>("/chat");

// A callback that is short and synchronous.
app.Lifetime.ApplicationStopping.Register(() => app.Logger.LogInformation("The chat stops."));
app.Lifetime.ApplicationStarted.Register(async () =>
{
    await Task.Delay(100);
    app.Logger.LogInformation("The chat has started.");
});

await app.RunAsync();

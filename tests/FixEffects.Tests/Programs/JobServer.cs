using Hangfire;
using Hangfire.InMemory;

var builder = WebApplication.CreateBuilder(args);
builder.AddGracefulShutdown();
var folder = builder.Configuration["Folder"]!;

var app = builder.Build();

JobStorage.Current = new InMemoryStorage();
var server = new BackgroundJobServer();
app.MapPost("/orders/{id}", async (int id) =>
{
    BackgroundJob.Enqueue(() => Mailer.Confirm(folder, id));
    while (!File.Exists(Path.Combine(folder, $"begun-{id}")))
        await Task.Delay(20);
    return Results.Accepted();
});
app.MapReadiness();
app.Run();

public static class Mailer
{
    public static void Confirm(string folder, int order)
    {
        File.WriteAllText(Path.Combine(folder, $"begun-{order}"), "");
        Thread.Sleep(4000);
        File.WriteAllText(Path.Combine(folder, $"mail-{order}"), "sent");
    }
}

using System.Runtime.CompilerServices;
using ShutdownAnalyzers.Runtime;

var builder = WebApplication.CreateSlimBuilder(args);
builder.AddGracefulShutdown();
builder.Services.AddHealthChecks().AddShutdownCheck();
builder.Services.AddSingleton<Shelf>();
builder.Services.AddShutdownCleanup<Shelf>("shelf", (shelf, _) => shelf.CloseAsync());

var app = builder.Build();
app.MapReadiness();
app.MapLiveness();
app.MapHealthChecks("/checks").ExemptFromDrain();
app.MapGet("/native", () => RuntimeFeature.IsDynamicCodeSupported ? "no" : "yes");
app.MapGet("/slow/{ms:int}", async (int ms) =>
{
    Console.WriteLine("slow begins");
    await Task.Delay(ms);
    return "slow";
});
app.MapGet("/events", async (HttpContext context) =>
{
    context.Response.ContentType = "text/event-stream";
    await context.Response.WriteAsync("data: begun\n\n");
    await context.Response.Body.FlushAsync();
    await Task.Delay(Timeout.Infinite, context.GetDrainToken()).ContinueWith(_ => { }, TaskScheduler.Default);
});
app.Services.GetRequiredService<IGracefulShutdown>().OnCleanup("last", _ =>
{
    Console.WriteLine("cleanup: last");
    return ValueTask.CompletedTask;
});
app.Run();

internal sealed class Shelf
{
    public ValueTask CloseAsync()
    {
        Console.WriteLine("cleanup: shelf");
        return ValueTask.CompletedTask;
    }
}

using ShutdownAnalyzers.Runtime;

var builder = WebApplication.CreateBuilder(args);
builder.AddGracefulShutdown();

var app = builder.Build();
app.MapReadiness();
app.MapLiveness();
app.MapGet("/version", () => Environment.Version.ToString());
app.MapGet("/slow/{ms:int}", async (int ms) =>
{
    Console.WriteLine("slow begins");
    await Task.Delay(ms);
    return "slow";
});
app.Services.GetRequiredService<IGracefulShutdown>().OnCleanup("last", _ =>
{
    Console.WriteLine("cleanup: last");
    return ValueTask.CompletedTask;
});
app.Run();

var builder = WebApplication.CreateBuilder(args);
builder.AddGracefulShutdown(options => options.RequestTimeout = TimeSpan.FromSeconds(5));
var app = builder.Build();
app.MapReadiness();
app.MapLiveness();
app.MapGet("/", () => "hello");
app.MapGet("/slow/{ms:int}", async (int ms) =>
{
    await Task.Delay(ms);
    return "slow";
});
app.Run();
Console.WriteLine("after run");

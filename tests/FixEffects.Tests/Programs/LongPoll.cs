using System.Threading.Channels;

var builder = WebApplication.CreateBuilder(args);
builder.AddGracefulShutdown();

var app = builder.Build();
var messages = Channel.CreateUnbounded<string>();
app.MapGet("/next", async (HttpContext context) =>
{
    Console.WriteLine("polling");
    try
    {
        return Results.Ok(await messages.Reader.ReadAsync(context.RequestAborted));
    }
    catch (OperationCanceledException)
    {
        return Results.NoContent();
    }
});
app.MapReadiness();
app.Run();

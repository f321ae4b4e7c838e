var builder = WebApplication.CreateBuilder(args);
builder.AddGracefulShutdown();

var app = builder.Build();
app.MapGet("/stream", async (HttpContext context) =>
{
    context.Response.ContentType = "text/event-stream";
    try
    {
        while (true)
        {
            await context.Response.WriteAsync("data: tick\n\n");
            await context.Response.Body.FlushAsync();
            await Task.Delay(200, context.RequestAborted);
        }
    }
    catch (OperationCanceledException)
    {
    }
});
app.MapReadiness();
app.Run();

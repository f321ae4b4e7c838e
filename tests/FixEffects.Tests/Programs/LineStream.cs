var builder = WebApplication.CreateBuilder(args);
builder.AddGracefulShutdown();

var app = builder.Build();
app.MapGet("/stream", async (HttpResponse response, CancellationToken cancellationToken) =>
{
    response.ContentType = "application/x-ndjson";
    for (var line = 0; !cancellationToken.IsCancellationRequested; line++)
    {
        await response.WriteAsync($"{line}\n");
        await response.Body.FlushAsync();
        await Task.Delay(200);
    }
});
app.MapReadiness();
app.Run();

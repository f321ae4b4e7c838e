namespace ShutdownAnalyzers.Facts.Requests;

/// <summary>9.4: server-sent events that watch RequestAborted alone (shutdown timeout 2 s), or the stop too (20 s).</summary>
internal sealed class EventStream : IScenario
{
    public Task RunAsync(string[] args)
    {
        var linked = args is ["linked"];
        var app = Hosting.Web(shutdownTimeout: linked ? 20 : 2).Build();
        app.MapGet("/events", async (HttpContext context) =>
        {
            using var stop = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, linked ? app.Lifetime.ApplicationStopping : CancellationToken.None);
            context.Response.ContentType = "text/event-stream";
            while (!stop.IsCancellationRequested)
            {
                await context.Response.WriteAsync("data: tick\n\n", CancellationToken.None);
                await context.Response.Body.FlushAsync(CancellationToken.None);
                await Task.Delay(100, stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }

            Console.WriteLine($"stream ends, aborted {context.RequestAborted.IsCancellationRequested}");
        });
        app.Run();
        return Task.CompletedTask;
    }
}

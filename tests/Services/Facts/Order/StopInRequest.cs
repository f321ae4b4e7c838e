namespace ShutdownAnalyzers.Facts.Order;

/// <summary>8.4: a request that waits for the host's stop, or asks for it.</summary>
internal sealed class StopInRequest : IScenario
{
    public Task RunAsync(string[] args)
    {
        var app = Hosting.Web(shutdownTimeout: 2).Build();
        app.MapGet("/wait", async () =>
        {
            Console.WriteLine("stop begins");
            await app.StopAsync();
            return "stopped";
        });
        app.MapGet("/ask", () =>
        {
            app.Lifetime.StopApplication();
            return "asked";
        });
        app.Run();
        return Task.CompletedTask;
    }
}

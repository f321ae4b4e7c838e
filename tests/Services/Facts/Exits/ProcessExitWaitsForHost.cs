namespace ShutdownAnalyzers.Facts.Exits;

/// <summary>4.6: ProcessExit waits for the host, and a request that waits for ProcessExit keeps the host.</summary>
internal sealed class ProcessExitWaitsForHost : IScenario
{
    public Task RunAsync(string[] args)
    {
        var app = Hosting.Web().Build();
        app.MapGet("/exit", () => Environment.Exit(3));
        AppDomain.CurrentDomain.ProcessExit += (_, _) => Console.WriteLine($"host stopped: {app.StopAsync().Wait(2000)}");
        app.Run();
        return Task.CompletedTask;
    }
}

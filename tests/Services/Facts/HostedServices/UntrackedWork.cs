namespace ShutdownAnalyzers.Facts.HostedServices;

/// <summary>6.11: a task that a request starts and nobody waits for.</summary>
internal sealed class UntrackedWork : IScenario
{
    public Task RunAsync(string[] args)
    {
        var app = Hosting.Web().Build();
        app.MapGet("/order", () =>
        {
            _ = Task.Run(async () =>
            {
                Console.WriteLine("mail begins");
                await Task.Delay(5000);
                Console.WriteLine("mail ends");
            });
            return "ordered";
        });
        app.Run();
        return Task.CompletedTask;
    }
}

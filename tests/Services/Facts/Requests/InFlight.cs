namespace ShutdownAnalyzers.Facts.Requests;

/// <summary>9.1, 9.2: a request in flight at the stop of a stock host.</summary>
internal sealed class InFlight : IScenario
{
    public Task RunAsync(string[] args)
    {
        var app = Hosting.Web().Build();
        app.MapSlow();
        app.Run();
        return Task.CompletedTask;
    }
}

namespace ShutdownAnalyzers.Facts.Exits;

/// <summary>4.2, 4.3: Environment.Exit in a callback of the stop itself.</summary>
internal sealed class ExitInCallback : IScenario
{
    public Task RunAsync(string[] args)
    {
        var builder = Hosting.Web();
        builder.Services.AddWitness("witness");
        var app = builder.Build();
        app.MapSlow();
        app.Lifetime.ApplicationStopping.Register(() => Console.WriteLine("earlier callback"));
        var moment = args is ["stopping"] ? app.Lifetime.ApplicationStopping : app.Lifetime.ApplicationStopped;
        moment.Register(() => Environment.Exit(3));
        app.Run();
        return Task.CompletedTask;
    }
}

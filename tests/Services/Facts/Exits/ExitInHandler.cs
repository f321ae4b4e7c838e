namespace ShutdownAnalyzers.Facts.Exits;

/// <summary>4.1: Environment.Exit in a request, with another one in flight.</summary>
internal sealed class ExitInHandler : IScenario
{
    public Task RunAsync(string[] args)
    {
        var builder = Hosting.Web();
        builder.Services.AddWitness("witness");
        var app = builder.Build();
        app.MapSlow();
        app.MapGet("/exit", () => Environment.Exit(3));
        app.Lifetime.ApplicationStopping.Register(() => Console.WriteLine("stopping"));
        app.Lifetime.ApplicationStopped.Register(() => Console.WriteLine("stopped"));
        AppDomain.CurrentDomain.ProcessExit += (_, _) => Console.WriteLine("ProcessExit");
        app.Run();
        return Task.CompletedTask;
    }
}

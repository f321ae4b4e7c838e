namespace ShutdownAnalyzers.Facts.Hosts;

/// <summary>10.2: a host that is started beside work that knows nothing of the stop.</summary>
internal sealed class StartedWithoutWait : IScenario
{
    public async Task RunAsync(string[] args)
    {
        var builder = Hosting.Web();
        builder.Services.AddWitness("witness");
        var app = builder.Build();
        app.MapSlow();
        app.Lifetime.ApplicationStopping.Register(() => Console.WriteLine("stopping"));
        await app.StartAsync();
        Thread.Sleep(4000);
        Console.WriteLine("main ends");
    }
}

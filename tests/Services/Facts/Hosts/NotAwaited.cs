namespace ShutdownAnalyzers.Facts.Hosts;

/// <summary>10.1: a host that runs or is started while Main ends.</summary>
internal sealed class NotAwaited : IScenario
{
    public async Task RunAsync(string[] args)
    {
        var builder = Hosting.Worker();
        builder.Services.AddWitness("witness");
        var host = builder.Build();
        if (args is ["run"])
            _ = host.RunAsync();
        else
            await host.StartAsync();
        Console.WriteLine("main ends");
    }
}

namespace ShutdownAnalyzers.Facts.Signals;

/// <summary>2.5: a handler of Ctrl+C without Cancel beside a host.</summary>
internal sealed class CtrlCBesideHost : IScenario
{
    public async Task RunAsync(string[] args)
    {
        Console.CancelKeyPress += (_, _) => Console.WriteLine("handler");
        var builder = Hosting.Worker();
        builder.Services.AddWitness("witness", stopSeconds: 0.3);
        await builder.Build().RunAsync();
    }
}

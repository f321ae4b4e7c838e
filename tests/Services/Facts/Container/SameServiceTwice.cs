namespace ShutdownAnalyzers.Facts.Container;

/// <summary>5.7: the same type of hosted service registered twice by factories.</summary>
internal sealed class SameServiceTwice : IScenario
{
    public async Task RunAsync(string[] args)
    {
        var builder = Hosting.Worker();
        builder.Services.AddHostedService(_ => new Witness("first"));
        builder.Services.AddHostedService(_ => new Witness("second"));
        using var host = builder.Build();
        await host.StartAsync();
        await host.StopAsync();
    }
}

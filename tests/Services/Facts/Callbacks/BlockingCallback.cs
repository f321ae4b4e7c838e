namespace ShutdownAnalyzers.Facts.Callbacks;

/// <summary>7.4, 7.5, 11.1: a callback that blocks for 3 s, under a shutdown timeout given in seconds.</summary>
internal sealed class BlockingCallback : IScenario
{
    public Task RunAsync(string[] args)
    {
        var builder = Hosting.Web(shutdownTimeout: int.Parse(args[0]));
        builder.Services.AddHealthChecks();
        var app = builder.Build();
        app.MapSlow();
        app.MapHealthChecks("/health/ready");
        app.Lifetime.ApplicationStopping.Register(() =>
        {
            Console.WriteLine("callback blocks");
            Thread.Sleep(3000);
        });
        app.Run();
        return Task.CompletedTask;
    }
}

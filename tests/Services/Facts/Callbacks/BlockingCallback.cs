namespace ShutdownAnalyzers.Facts.Callbacks;

/// <summary>7.4, 7.5, 11.1: a shutdown timeout, and a callback that blocks, both given in seconds.</summary>
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
            Thread.Sleep(TimeSpan.FromSeconds(int.Parse(args[1])));
        });
        app.Run();
        return Task.CompletedTask;
    }
}

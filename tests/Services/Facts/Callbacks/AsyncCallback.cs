namespace ShutdownAnalyzers.Facts.Callbacks;

/// <summary>7.1: an async lambda on ApplicationStopping, which ends after its await or fails there.</summary>
internal sealed class AsyncCallback : IScenario
{
    public Task RunAsync(string[] args)
    {
        var app = Hosting.Web().Build();
        app.MapSlow();
        app.Lifetime.ApplicationStopping.Register(async () =>
        {
            Console.WriteLine("callback begins");
            await Task.Delay(args is ["throws"] ? 100 : 3000);
            if (args is ["throws"])
                throw new InvalidOperationException("the callback failed");
            Console.WriteLine("callback ends");
        });
        app.Run();
        return Task.CompletedTask;
    }
}

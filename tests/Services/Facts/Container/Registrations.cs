namespace ShutdownAnalyzers.Facts.Container;

/// <summary>5.1 to 5.3: what the container disposes, and when.</summary>
internal sealed class Registrations : IScenario
{
    public Task RunAsync(string[] args)
    {
        var builder = Hosting.Worker();
        var shared = new ByFactory("shared by a factory");
        builder.Services.AddSingleton(new Resource("instance"));
        builder.Services.AddKeyedSingleton("key", new Resource("keyed instance"));
        builder.Services.AddSingleton<IHostedService>(new Witness("hosted instance"));
        builder.Services.AddSingleton<ByType>();
        builder.Services.AddSingleton(_ => shared);
        using (var host = builder.Build())
        {
            host.Services.GetRequiredService<Resource>();
            host.Services.GetRequiredKeyedService<Resource>("key");
            host.Services.GetRequiredService<ByType>();
            host.Services.GetRequiredService<ByFactory>();
            host.Lifetime().ApplicationStarted.Register(host.Lifetime().StopApplication);
            host.Lifetime().ApplicationStopped.Register(() => Console.WriteLine("stopped"));
            host.Run();
            Console.WriteLine("run returned");
        }

        return Task.CompletedTask;
    }
}

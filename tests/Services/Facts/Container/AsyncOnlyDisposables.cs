namespace ShutdownAnalyzers.Facts.Container;

/// <summary>5.4: a service that is only IAsyncDisposable, in a host, a provider and a scope that are disposed synchronously.</summary>
internal sealed class AsyncOnlyDisposables : IScenario
{
    public Task RunAsync(string[] args)
    {
        var builder = Hosting.Worker();
        builder.Services.AddSingleton<AsyncOnly>();
        var host = builder.Build();
        host.Services.GetRequiredService<AsyncOnly>();
        host.Dispose();
        Console.WriteLine("host is done");

        var services = new ServiceCollection();
        services.AddScoped<ByType>();
        services.AddScoped<AsyncOnly>();
        var provider = services.BuildServiceProvider();
        var scope = provider.CreateScope();
        scope.ServiceProvider.GetRequiredService<ByType>();
        scope.ServiceProvider.GetRequiredService<AsyncOnly>();
        Try("scope", scope.Dispose);

        var singletons = new ServiceCollection().AddSingleton<AsyncOnly>().BuildServiceProvider();
        singletons.GetRequiredService<AsyncOnly>();
        Try("provider", singletons.Dispose);
        return Task.CompletedTask;
    }

    private static void Try(string what, Action dispose)
    {
        try
        {
            dispose();
            Console.WriteLine($"{what} is done");
        }
        catch (InvalidOperationException error)
        {
            Console.WriteLine($"{what} threw: {error.Message}");
        }
    }
}

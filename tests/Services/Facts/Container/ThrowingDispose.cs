namespace ShutdownAnalyzers.Facts.Container;

/// <summary>5.5: a Dispose that throws.</summary>
internal sealed class ThrowingDispose : IScenario
{
    public Task RunAsync(string[] args)
    {
        var services = new ServiceCollection();
        services.AddSingleton<ByType>();
        services.AddSingleton<Failing>();
        var provider = services.BuildServiceProvider();
        provider.GetRequiredService<ByType>();
        provider.GetRequiredService<Failing>();
        try
        {
            provider.Dispose();
        }
        catch (InvalidOperationException error)
        {
            Console.WriteLine($"threw: {error.Message}");
        }

        return Task.CompletedTask;
    }

    private sealed class Failing() : Resource("failing")
    {
        public override void Dispose() => throw new InvalidOperationException("no disposal today");
    }
}

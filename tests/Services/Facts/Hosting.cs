namespace ShutdownAnalyzers.Facts;

/// <summary>What the scenarios with a host have in common.</summary>
internal static class Hosting
{
    public static HostApplicationBuilder Worker(double shutdownTimeout = 30)
    {
        var builder = Host.CreateApplicationBuilder();
        builder.Services.Configure<HostOptions>(options => options.ShutdownTimeout = TimeSpan.FromSeconds(shutdownTimeout));
        return builder;
    }

    public static WebApplicationBuilder Web(double shutdownTimeout = 30)
    {
        var builder = WebApplication.CreateBuilder();
        builder.Services.Configure<HostOptions>(options => options.ShutdownTimeout = TimeSpan.FromSeconds(shutdownTimeout));
        return builder;
    }

    /// <summary>A hosted service that the container creates, and so disposes.</summary>
    public static void AddWitness(this IServiceCollection services, string name, double stopSeconds = 0) =>
        services.AddSingleton<IHostedService>(_ => new Witness(name, TimeSpan.FromSeconds(stopSeconds)));

    /// <summary>A request that takes as long as its path says.</summary>
    public static void MapSlow(this IEndpointRouteBuilder app) => app.MapGet("/slow/{ms:int}", async (int ms) =>
    {
        Console.WriteLine("slow begins");
        await Task.Delay(ms);
        Console.WriteLine("slow ends");
        return "slow";
    });

    public static IHostApplicationLifetime Lifetime(this IHost host) => host.Services.GetRequiredService<IHostApplicationLifetime>();
}

/// <summary>Says what the stop does with it.</summary>
internal sealed class Witness(string name, TimeSpan stop = default) : IHostedService, IDisposable
{
    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        Console.WriteLine($"{name} stops, token {cancellationToken.IsCancellationRequested}");
        await Task.Delay(stop, CancellationToken.None);
        Console.WriteLine($"{name} stopped");
    }

    public void Dispose() => Console.WriteLine($"{name} disposed");
}
